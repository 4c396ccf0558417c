package import Basics

/// An account as one log: the container's lines as they came, then what the cluster says, in lines that do not change from run to run.
package struct RunTranscript: Sendable, Hashable {
    package let bytes: [UInt8]
    /// The cluster's words alone, the most telling first; what changes from run to run is replaced.
    package let statements: [UntrustedText]
    /// What could not be read.
    package let notes: [UntrustedText]

    package init(_ account: RunAccount) {
        var writer = Writer(account)
        writer.write()
        bytes = writer.bytes
        statements = writer.statements
        notes = writer.notes
    }

    private struct Writer {
        let account: RunAccount
        let names: [(made: String, stable: String)]
        var bytes: [UInt8] = []
        var statements: [UntrustedText] = []
        var notes: [UntrustedText] = []

        init(_ account: RunAccount) {
            self.account = account
            // A pod's name contains its task run's, which contains its pipeline run's: the longest first.
            names = account.generatedNames.sorted { ($0.key.utf8.count, $0.key) > ($1.key.utf8.count, $1.key) }.map { ($0.key, $0.value) }
        }

        mutating func write() {
            if let log = account.log {
                bytes = log.bytes
                if let last = bytes.last, last != 10 { bytes.append(10) }
                if let note = Self.note(on: log) { add(note: note) }
            }
            for statement in account.statements { state(statement.raw) }
            for event in account.events {
                state("Event \(event.type ?? "")  \(event.reason ?? ""): \(event.message?.raw ?? "")")
            }
            for gap in account.gaps { add(note: gap) }
            if let boundary { line(boundary) }
        }

        private mutating func state(_ text: String) { statements.append(line(stable(text))) }

        private mutating func add(note text: String) { notes.append(line("Not available: \(stable(text))")) }

        /// What ends the log for those who look for the failing step, as Tekton itself words it.
        private var boundary: String? {
            guard let code = account.exitCode, code != 0 else { return nil }
            return "\"step-\(account.step ?? account.log?.container ?? "run")\" exited with code \(code)"
        }

        private static func note(on log: ContainerLog) -> String? {
            switch log.extent {
            case .whole: nil
            case .lastLines(let count): "the log is longer than is read; these are its last \(count) lines"
            case .beginning: "the log is longer than is read; this is its beginning, its end could not be read"
            }
        }

        private func stable(_ text: String) -> String {
            names.reduce(text) { $0.replacingExactly($1.made, with: $1.stable) }
        }

        /// One line, whatever breaks the text holds.
        @discardableResult
        private mutating func line(_ text: String) -> UntrustedText {
            let flat = Array(text.utf8.map { $0 == 10 || $0 == 13 ? UInt8(ascii: " ") : $0 }.prefix(4000))
            bytes += flat + [10]
            return UntrustedText(String(decoding: flat, as: UTF8.self))
        }
    }
}
