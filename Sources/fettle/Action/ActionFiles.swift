import Basics
import Crypto
import Glibc

/// The files a step writes its results to.
struct ActionFiles: Sendable {
    let surroundings: ActionSurroundings

    /// GitHub refuses a larger summary whole. Source: docs.github.com, workflow commands, "Step isolation and limits"
    static let summaryLimit = 1 << 20

    /// `name<<DELIMITER` lines: a value of any content cannot end early, because nobody can guess the delimiter.
    func setOutputs(_ outputs: [(name: String, value: String)]) throws {
        guard let path = surroundings.outputPath else { return }
        var text = ""
        for output in outputs {
            let delimiter = "fettle_\(try SecureRandom.hex(bytes: 16))"
            text += "\(output.name)<<\(delimiter)\n\(output.value)\n\(delimiter)\n"
        }
        try append(text, to: path)
    }

    func addSummary(_ markdown: String) throws {
        guard let path = surroundings.summaryPath else { return }
        try append(Self.shortened(markdown), to: path)
    }

    /// Whole lines, and a note where some were left out.
    static func shortened(_ markdown: String) -> String {
        let whole = markdown + "\n"
        if whole.utf8.count <= summaryLimit { return whole }
        let note = "\n\n*The rest of this summary did not fit.*\n"
        let kept = Array(whole.utf8.prefix(summaryLimit - note.utf8.count))
        let end = kept.lastIndex(of: 10) ?? 0
        return String(decoding: kept[..<end], as: UTF8.self) + note
    }

    private struct Unwritable: Error, CustomStringConvertible {
        let description: String
    }

    private func append(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Unwritable(description: "cannot write '\(path)': \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Unwritable(description: "cannot write '\(path)': \(String(cString: strerror(errno)))") }
            written += count
        }
    }
}
