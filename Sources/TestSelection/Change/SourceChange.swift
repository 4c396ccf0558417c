package import Text

/// What a change does, with as much of the files around it as could be had.
package struct SourceChange: Sendable {
    package var files: [File]

    package struct File: Sendable {
        /// The path after the change; of a removed file, before it.
        package var path: String
        package var previousPath: String?
        package var kind: FileDiff.Change
        package var isBinary: Bool
        package var isLink: Bool
        package var isSubmodule: Bool
        package var hunks: [Hunk]
        /// The whole file on each side; empty where there is none or it could not be read.
        package var old: [UInt8]
        package var new: [UInt8]

        package init(
            path: String, previousPath: String? = nil, kind: FileDiff.Change = .modified, isBinary: Bool = false, isLink: Bool = false,
            isSubmodule: Bool = false, hunks: [Hunk] = [],
            old: [UInt8] = [], new: [UInt8] = []
        ) {
            self.path = path
            self.previousPath = previousPath
            self.kind = kind
            self.isBinary = isBinary
            self.isLink = isLink
            self.isSubmodule = isSubmodule
            self.hunks = hunks
            self.old = old
            self.new = new
        }
    }

    package init(files: [File]) {
        self.files = files
    }

    var paths: Set<String> { Set(files.flatMap { [$0.path] + ($0.previousPath.map { [$0] } ?? []) }) }
}
