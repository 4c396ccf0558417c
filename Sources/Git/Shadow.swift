import Basics
import FoundationEssentials
import Glibc

/// A private, empty, bare repository that borrows another's objects. Removed with its last holder.
///
/// Commands run here, so the configuration, hooks and attributes in force are the ones written below. It has the shallow boundary of the
/// original; what is fetched lands here and leaves the original untouched.
final class Shadow: Sendable {
    let path: String

    /// `objects` is the object directory to borrow, `shallow` the original's list of commits without parents.
    init(borrowing objects: String, shallow: [UInt8]?, under directory: String) throws(GitError) {
        guard objects.hasPrefix("/"), !objects.utf8.contains(10) else {
            throw .invalidArgument("the repository's path is not absolute or contains a line break")
        }
        path = try Self.temporaryDirectory(under: directory)
        do {
            for folder in ["objects/info", "objects/pack", "refs", "info"] {
                try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
            }
            try write("HEAD", Array("ref: refs/heads/none\n".utf8))
            try write("config", Array(Self.configuration.utf8))
            try write("objects/info/alternates", Array((Self.quoted(objects) + "\n").utf8))
            if let shallow { try write("shallow", shallow) }
        } catch {
            throw .failed(operation: "preparing to read", reason: UntrustedText("\(error)"))
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Commits whose parents are not here.
    var boundary: Set<String> {
        guard let data = FileManager.default.contents(atPath: "\(path)/shallow") else { return [] }
        return Set(String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Asking the borrowed repository for its refs would run git in it: `alternateRefsCommand` answers "none" instead.
    private static let configuration = """
        [core]
        \trepositoryformatversion = 0
        \tbare = true
        \tquotePath = false
        \talternateRefsCommand = true
        \thooksPath = /dev/null
        [gc]
        \tauto = 0
        [maintenance]
        \tauto = false

        """

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }

    private static func temporaryDirectory(under directory: String) throws(GitError) -> String {
        var template = Array("\(directory)/fettle-git-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { mkdtemp($0) } != nil }
        guard made else { throw .failed(operation: "preparing to read", reason: "no temporary directory could be made") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Lines that begin with a quotation mark are read as C strings, lines with `#` as comments. Source: git's link_alt_odb_entries
    private static func quoted(_ path: String) -> String {
        guard path.utf8.contains(0x22) || path.utf8.contains(0x5c) else { return path }
        return "\"" + path.replacingExactly("\\", with: "\\\\").replacingExactly("\"", with: "\\\"") + "\""
    }
}
