import FoundationEssentials
import Glibc

/// A folder of its own for one test, gone with this value.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array((TemporaryPath.value + "/fettle-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A file in it, by its path inside.
    package func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    }

    deinit {
        // What cannot be removed stays in the temporary folder: no test depends on it.
        try? FileManager.default.removeItem(atPath: path)
    }
}

private enum TemporaryPath {
    static var value: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}
