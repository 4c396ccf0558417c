package import Basics

/// A file that differs between two trees.
package struct ChangedPath: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, Codable {
        case added, modified, deleted, renamed, copied
        /// File, link and submodule turned into one another.
        case typeChanged
    }

    package let status: Status
    /// As git stores it, UTF-8 repaired; the path after the change.
    package let path: String
    /// Where it was, for renames and copies.
    package let previousPath: String?
    /// Octal file mode as git writes it, `100644`; `nil` where there is no file on that side.
    package let oldMode: String?
    package let newMode: String?
    /// What is there on each side; `nil` where there is no file.
    package var oldID: ObjectID?
    package var newID: ObjectID?
}

/// An entry of a tree, with its whole path.
package struct TreeEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case executable
        case link
        case submodule
    }

    package let path: String
    package let kind: Kind
    package let id: ObjectID

    package init(path: String, kind: Kind, id: ObjectID) {
        self.path = path
        self.kind = kind
        self.id = id
    }
}

/// What a directory holds under one name.
package struct DirectoryItem: Sendable, Hashable {
    package let name: String
    /// `nil` for a directory.
    package let kind: TreeEntry.Kind?
    /// Of the content, or of the directory's own tree.
    package let id: ObjectID
}

/// Who wrote a line last.
package struct BlameLine: Sendable, Hashable {
    /// Counted from 1 in the file blamed.
    package let line: Int
    package let commit: ObjectID
    package let author: UntrustedText
    package let email: UntrustedText
    package let time: Timestamp
    package let summary: UntrustedText
    /// The history is cut off at this commit: it may be older.
    package let isBoundary: Bool
}

/// A commit and the files it touched.
package struct HistoryEntry: Sendable, Hashable {
    package let commit: ObjectID
    package let parents: [ObjectID]
    package let author: UntrustedText
    package let time: Timestamp
    package let subject: UntrustedText
    /// Empty for merges, unless asked for. Renames are a deletion and an addition.
    package let paths: [String]
}

/// Which commits a history is about, newest first.
package struct HistoryQuery: Sendable, Hashable {
    /// Reachable from here…
    package var from: ObjectID
    /// …and not from these.
    package var excluding: [ObjectID]
    package var limit: Int
    package var since: Timestamp?
    /// Only commits that touch one of these files or directories; all when empty. Literal: no wildcard is one.
    package var paths: [String]
    package var firstParentOnly: Bool
    package var withoutMerges: Bool

    package init(
        from: ObjectID, excluding: [ObjectID] = [], limit: Int = 10_000, since: Timestamp? = nil, paths: [String] = [],
        firstParentOnly: Bool = false, withoutMerges: Bool = false
    ) {
        self.from = from
        self.excluding = excluding
        self.limit = limit
        self.since = since
        self.paths = paths
        self.firstParentOnly = firstParentOnly
        self.withoutMerges = withoutMerges
    }
}
