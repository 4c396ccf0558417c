package import Basics
package import Subprocess

/// A repository opened for reading.
///
/// Its own configuration is never in force and nothing is written into it; see the module's README for how.
package final class GitRepository: Sendable {
    let git: GitCommand
    let reader: ObjectReader
    private let shadow: Shadow

    private init(git: GitCommand, reader: ObjectReader, shadow: Shadow) {
        self.git = git
        self.reader = reader
        self.shadow = shadow
    }

    /// Opens the repository that holds `path`: a work tree, a directory below it, a bare repository, a linked work tree.
    ///
    /// `scratch` takes a small temporary directory for as long as the repository is held.
    package static func open(
        at path: String, environment: GitEnvironment = GitEnvironment(), runner: any CommandRunner = SystemCommandRunner(),
        scratch: String = "/tmp"
    ) async throws(GitError) -> GitRepository {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .notARepository(path: path, reason: "the path is empty or holds a NUL byte")
        }
        let reader = ObjectReader()
        let shadow = try await reader.open(path, scratch: scratch)
        return GitRepository(
            git: GitCommand(directory: shadow.path, environment: environment, runner: runner), reader: reader, shadow: shadow)
    }

    /// The commit that a branch, tag, short or full hash, or an expression like `HEAD~2` names.
    package func resolve(_ revision: String) async throws(GitError) -> ObjectID {
        let isPlain = revision.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f || $0 == " " }
        guard !revision.isEmpty, revision.utf8.count <= 1024, !revision.hasPrefix("-"), isPlain else {
            throw .invalidArgument("a revision is 1 to 1024 printable characters and does not begin with '-'")
        }
        return try await reader.resolve(revision)
    }

    /// The history is cut off somewhere.
    package var isShallow: Bool { !shadow.boundary.isEmpty }

    /// Commits whose parents this clone does not have.
    var boundary: Set<String> { shadow.boundary }

    /// The best common ancestor; `nil` when the two share no history. Throws `historyCutOff` when a shallow clone cannot tell.
    package func mergeBase(_ a: ObjectID, _ b: ObjectID) async throws(GitError) -> ObjectID? {
        let done = try await git.run(["merge-base", a.hex, b.hex], accepting: [0, 1])
        if let id = ObjectID(String(decoding: done.output.prefix { $0 != 10 }, as: UTF8.self)) { return id }
        if isShallow { throw .historyCutOff(operation: "finding the common ancestor") }
        return nil
    }

    /// The content of a file, `nil` when there is no regular file at `path` (nothing, a directory, a link, a submodule).
    package func file(_ path: String, at commit: ObjectID, limit: ByteCount = .mebibytes(8)) async throws(GitError) -> [UInt8]? {
        try await reader.file(path, at: commit, limit: limit)
    }

    /// Every file, link and submodule of a commit, in git's order. More than `limit` is an error.
    package func files(at commit: ObjectID, limit: Int = 1_000_000) async throws(GitError) -> [TreeEntry] {
        try await reader.entries(at: commit, limit: limit)
    }

    /// The id of a commit's tree: commits of equal trees hold the same files.
    package func tree(of commit: ObjectID) async throws(GitError) -> ObjectID { try await reader.treeID(of: commit) }

    /// What lies directly in a directory, by the id of its tree, in git's order.
    package func directory(_ tree: ObjectID) async throws(GitError) -> [DirectoryItem] { try await reader.directory(tree) }
}
