import Subprocess

/// Programs of the repository's own choice, run on this machine. Honoured only where the operator allows it: whoever may write to the
/// base branch may run programs here, and whoever's pull request is deployed may run code in them.
package struct CommandDriver: PreviewDriver {
    package let kind = PreviewSettings.Driver.command
    private let programs: PreviewPrograms
    private let folders: PreviewFolders

    package init(programs: PreviewPrograms, folders: PreviewFolders) {
        self.programs = programs
        self.folders = folders
    }

    /// The last line printed is the address.
    package func up(_ order: PreviewOrder) async throws(PreviewFailure) -> PreviewAddress {
        guard let checkout = order.checkout else {
            throw PreviewFailure(.source, cause: "There is no checkout to run `up` in.", nextStep: "Push again.", mayPass: true)
        }
        let done = try await programs.run(order.settings.up, "up", in: checkout, order)
        let lines = String(decoding: done.output, as: UTF8.self).split(whereSeparator: \.isNewline)
        let last = lines.last { !$0.allSatisfy(\.isWhitespace) }.map(Self.trimmed) ?? ""
        guard let address = PreviewAddress(last) else {
            let cause = last.isEmpty ? "`up` printed nothing." : "The last line that `up` printed is no address."
            throw PreviewFailure(
                .noAddress, cause: cause, nextStep: "Let `up` print the address, beginning with http:// or https://, as its last line.",
                excerpt: LogExcerpt.end(of: done.output))
        }
        return address
    }

    package func down(_ order: PreviewOrder) async throws(PreviewFailure) {
        let place = if let checkout = order.checkout { checkout } else { try folders.emptyFolder(for: order.preview) }
        _ = try await programs.run(order.settings.down, "down", in: place, order)
    }

    package func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>? { nil }

    private static func trimmed(_ line: Substring) -> String {
        let start = line.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}
