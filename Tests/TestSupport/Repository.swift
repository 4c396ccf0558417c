import FoundationEssentials

/// Files of this checkout, for tests that keep documents and code equal.
package enum Repository {
    /// The folder that holds Package.swift.
    package static let root = String(#filePath.dropLast("/Tests/TestSupport/Repository.swift".count))

    package static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    package static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: root + "/" + path))
    }

    /// Paths below `folder`, relative to the root, with this suffix.
    package static func files(under folder: String, suffix: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder).filter { $0.hasSuffix(suffix) }.map { folder + "/" + $0 }
            .sorted()
    }
}
