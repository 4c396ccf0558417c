import Basics
import Forge
import Generators
import Synchronization

/// A repository's files as the forge shows one commit, read without a clone and without executing anything.
///
/// Detection is pure and asks for a file at once, so contents come in rounds: what one run asked for in vain is fetched before the next.
final class RemoteFiles: RepositoryFiles {
    let paths: [String]
    let skipped: [(path: String, reason: String)]
    private let present: Set<String>
    private let contents: Mutex<Contents>

    private struct Contents {
        var known: [String: [UInt8]?] = [:]
        var wanted: Set<String> = []
    }

    /// - Parameter overlay: contents that stand in place of the tree's, e.g. of a branch of ours.
    init(_ tree: RepositoryTree, overlay: [String: [UInt8]] = [:]) {
        var paths: Set<String> = Set(overlay.keys)
        var skipped: [(path: String, reason: String)] = tree.isTruncated ? [("", "the forge did not list every file")] : []
        for entry in tree.entries where Self.isOwn(entry.path) {
            switch entry.kind {
            case .file: paths.insert(entry.path)
            case .link: skipped.append((entry.path, "a symbolic link"))
            case .other: skipped.append((entry.path, "no regular file"))
            }
        }
        self.paths = paths.sorted()
        self.skipped = skipped
        present = paths
        contents = Mutex(Contents(known: overlay.mapValues { $0 }))
    }

    /// The same with one file more; what was read already stays.
    func adding(_ path: String, _ bytes: [UInt8]) -> RemoteFiles { RemoteFiles(self, path, bytes) }

    private init(_ other: RemoteFiles, _ path: String, _ bytes: [UInt8]) {
        present = other.present.union([path])
        paths = present.sorted()
        skipped = other.skipped
        var known = other.contents.withLock { $0.known }
        known[path] = .some(bytes)
        contents = Mutex(Contents(known: known))
    }

    private static func isOwn(_ path: String) -> Bool {
        !path.split(separator: "/").dropLast().contains { RepositoryFolder.ignored.contains(String($0)) }
    }

    func bytes(of path: String) -> [UInt8]? {
        contents.withLock { contents in
            if let known = contents.known[path] { return known }
            if present.contains(path) { contents.wanted.insert(path) }
            return nil
        }
    }

    /// What was asked for in vain since the last call; the shallow ones first.
    fileprivate func takeWanted() -> [String] {
        let wanted = contents.withLock { contents in
            defer { contents.wanted = [] }
            return contents.wanted
        }
        return wanted.sorted { a, b in
            let depths = (a.utf8.count { $0 == UInt8(ascii: "/") }, b.utf8.count { $0 == UInt8(ascii: "/") })
            return depths.0 == depths.1 ? a < b : depths.0 < depths.1
        }
    }

    fileprivate func note(_ bytes: [UInt8]?, of path: String) { contents.withLock { $0.known[path] = .some(bytes) } }
}

/// Fetches what a pure reading of a repository turns out to need.
struct RemoteReading {
    /// Files of one repository that are read at most; beyond that they count as unreadable.
    static let mostFiles = 200
    private static let mostRounds = 20
    private static let largestFile = ByteCount.mebibytes(1)

    let client: any PullRequestReader
    let repository: RepositoryReference
    let commit: CommitID

    /// What `read` says once it asks for nothing new.
    func settle<Result: Sendable>(_ files: RemoteFiles, _ read: @Sendable (RemoteFiles) -> Result) async throws -> Result {
        var fetched = 0
        for _ in 0..<Self.mostRounds {
            let result = read(files)
            let wanted = files.takeWanted()
            if wanted.isEmpty { return result }
            for path in wanted {
                fetched += 1
                files.note(fetched > Self.mostFiles ? nil : try await bytes(of: path), of: path)
            }
        }
        return read(files)
    }

    private func bytes(of path: String) async throws(ForgeError) -> [UInt8]? {
        do throws(ForgeError) {
            return try await client.file(path, at: commit, in: repository, limit: Self.largestFile)
        } catch .tooLarge {
            return nil
        }
    }
}
