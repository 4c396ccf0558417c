package import Basics
package import Subprocess

/// Why a repository could not be read.
package enum GitError: Error, Sendable, Hashable {
    case notARepository(path: String, reason: String)
    /// No such branch, tag or commit here.
    case unknownRevision(String)
    /// The history is cut off (shallow clone) before the answer: fetch more and ask again.
    case historyCutOff(operation: String)
    /// An object the repository should have and has not: a partial clone, or damage.
    case missingObject(String)
    case tooLarge(path: String, size: Int, limit: ByteCount)
    /// The remote refused or could not be reached. The address is without credentials.
    case remoteFailed(url: String, reason: UntrustedText)
    case invalidArgument(String)
    case failed(operation: String, reason: UntrustedText)
    case subprocess(SubprocessError)
}

extension GitError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notARepository(let path, let reason): "'\(path)' is not a readable git repository: \(reason)"
        case .unknownRevision(let name):
            "revision '\(Self.printable(name))' is not in this repository; fetch it first (in CI: check out with fetch-depth: 0)"
        case .historyCutOff(let operation):
            "\(operation): the history of this clone is cut off too early; fetch more of it (git fetch --unshallow, or fetch-depth: 0 in CI)"
        case .missingObject(let name):
            "an object is not here (\(Self.printable(name))): a partial clone, or a damaged repository (git fsck tells)"
        case .tooLarge(let path, let size, let limit): "'\(Self.printable(path))' has \(size) bytes; \(limit.bytes) is the limit"
        case .remoteFailed(let url, let reason): "git could not reach \(url): \(Self.printable(reason.raw))"
        case .invalidArgument(let reason): reason
        case .failed(let operation, let reason): "git \(operation) failed: \(Self.printable(reason.raw))"
        case .subprocess(let error): "\(error)"
        }
    }

    /// Text of others for a terminal: one line, no control characters, at most 300 characters.
    private static func printable(_ text: String) -> String {
        let kept = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return String(String(kept).prefix(300)).split(separator: " ").joined(separator: " ")
    }
}
