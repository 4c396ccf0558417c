import Basics
import CGit2
import FoundationEssentials
import Glibc

/// Targeted reads through libgit2, on an executor of their own.
///
/// The original is asked for its place and its refs only; objects are read through the shadow.
actor ObjectReader {
    private final class Handle {
        let pointer: OpaquePointer

        init(_ path: String, flags: UInt32) throws(GitError) {
            var opened: OpaquePointer?
            guard git_repository_open_ext(&opened, path, flags, nil) == 0, let opened else {
                throw GitError.notARepository(path: path, reason: LibGit2.lastError)
            }
            pointer = opened
        }

        deinit { git_repository_free(pointer) }
    }

    private let executor = QueueExecutor(label: "fettle.git")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var original: Handle?
    private var shadow: Handle?

    /// Opens the repository at `path` or above it, and makes its shadow.
    func open(_ path: String, scratch: String) throws(GitError) -> Shadow {
        LibGit2.start()
        let original = try Handle(path, flags: 0)
        guard let common = git_repository_commondir(original.pointer) else {
            throw .notARepository(path: path, reason: "it has no common directory")
        }
        let directory = String(cString: common)
        let shallow = FileManager.default.contents(atPath: "\(directory)shallow").map { [UInt8]($0) }
        let shadow = try Shadow(borrowing: "\(directory)objects", shallow: shallow, under: scratch)
        self.shadow = try Handle(shadow.path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue)
        self.original = original
        return shadow
    }

    /// The commit that `revision` names, tags followed.
    func resolve(_ revision: String) throws(GitError) -> ObjectID {
        guard let original else { throw .unknownRevision(revision) }
        if let id = ObjectID(revision), let found = try? peel(id) { return found }
        var object: OpaquePointer?
        guard git_revparse_single(&object, original.pointer, revision) == 0, let object else { throw .unknownRevision(revision) }
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let commit else { throw .unknownRevision(revision) }
        defer { git_object_free(commit) }
        return try LibGit2.id(git_object_id(commit))
    }

    private func peel(_ id: ObjectID) throws(GitError) -> ObjectID {
        guard let shadow else { throw .missingObject(id.hex) }
        var raw = try LibGit2.raw(id)
        var object: OpaquePointer?
        guard git_object_lookup(&object, shadow.pointer, &raw, GIT_OBJECT_ANY) == 0, let object else { throw .missingObject(id.hex) }
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let commit else { throw .unknownRevision(id.hex) }
        defer { git_object_free(commit) }
        return try LibGit2.id(git_object_id(commit))
    }

    /// `nil` when there is no regular file at `path`: nothing, a directory, a link, a submodule.
    func file(_ path: String, at commit: ObjectID, limit: ByteCount) throws(GitError) -> [UInt8]? {
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        let tree = try tree(of: commit)
        defer { git_tree_free(tree) }
        var entry: OpaquePointer?
        guard git_tree_entry_bypath(&entry, tree, path) == 0, let entry else { return nil }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB || git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE else {
            return nil
        }
        return try blob(git_tree_entry_id(entry), path: path, limit: limit)
    }

    private func blob(_ id: UnsafePointer<git_oid>?, path: String, limit: ByteCount) throws(GitError) -> [UInt8] {
        guard let shadow else { throw .missingObject(path) }
        var blob: OpaquePointer?
        guard git_blob_lookup(&blob, shadow.pointer, id) == 0, let blob else { throw .missingObject("file \(path)") }
        defer { git_blob_free(blob) }
        let size = Int(clamping: git_blob_rawsize(blob))
        guard size <= limit.bytes else { throw .tooLarge(path: path, size: size, limit: limit) }
        guard size > 0, let content = git_blob_rawcontent(blob) else { return [] }
        return Array(UnsafeRawBufferPointer(start: content, count: size))
    }

    /// `nil` when there is no such file here, or it is larger than `limit`.
    func blob(_ id: ObjectID, limit: ByteCount) throws(GitError) -> [UInt8]? {
        guard let shadow else { throw .missingObject(id.hex) }
        var raw = try LibGit2.raw(id)
        var blob: OpaquePointer?
        guard git_blob_lookup(&blob, shadow.pointer, &raw) == 0, let blob else { return nil }
        defer { git_blob_free(blob) }
        let size = Int(clamping: git_blob_rawsize(blob))
        guard size <= limit.bytes else { return nil }
        guard size > 0, let content = git_blob_rawcontent(blob) else { return [] }
        return Array(UnsafeRawBufferPointer(start: content, count: size))
    }

    /// Every file, link and submodule, in git's order.
    func entries(at commit: ObjectID, limit: Int) throws(GitError) -> [TreeEntry] {
        let root = try tree(of: commit)
        defer { git_tree_free(root) }
        var found: [TreeEntry] = []
        try collect(root, prefix: "", depth: 0, limit: limit, into: &found)
        return found
    }

    /// What lies directly in a directory, in git's order.
    func directory(_ id: ObjectID) throws(GitError) -> [DirectoryItem] {
        guard let shadow else { throw .missingObject("directory \(id.hex)") }
        var raw = try LibGit2.raw(id)
        var tree: OpaquePointer?
        guard git_tree_lookup(&tree, shadow.pointer, &raw) == 0, let tree else { throw .missingObject("directory \(id.hex)") }
        defer { git_tree_free(tree) }
        var items: [DirectoryItem] = []
        for index in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry) else { continue }
            let mode = git_tree_entry_filemode(entry)
            items.append(
                DirectoryItem(
                    name: String(cString: name), kind: mode == GIT_FILEMODE_TREE ? nil : Self.kind(mode),
                    id: try LibGit2.id(git_tree_entry_id(entry))))
        }
        return items
    }

    /// The id of a commit's tree.
    func treeID(of commit: ObjectID) throws(GitError) -> ObjectID {
        let tree = try tree(of: commit)
        defer { git_tree_free(tree) }
        return try LibGit2.id(git_tree_id(tree))
    }

    /// Those of which nothing is here, as in a partial clone.
    func absent(_ ids: [ObjectID]) throws(GitError) -> Set<ObjectID> {
        guard let shadow else { return Set(ids) }
        var database: OpaquePointer?
        guard git_repository_odb(&database, shadow.pointer) == 0, let database else { return Set(ids) }
        defer { git_odb_free(database) }
        func isAbsent(_ id: ObjectID) throws(GitError) -> Bool {
            var raw = try LibGit2.raw(id)
            return git_odb_exists_ext(database, &raw, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 0
        }
        var absent: Set<ObjectID> = []
        for id in ids where try isAbsent(id) { absent.insert(id) }
        guard !absent.isEmpty, git_odb_refresh(database) == 0 else { return absent }
        // What was packed anew while we looked is here after all.
        for id in ids where absent.contains(id) { if try !isAbsent(id) { absent.remove(id) } }
        return absent
    }

    private static func kind(_ mode: git_filemode_t) -> TreeEntry.Kind {
        switch mode {
        case GIT_FILEMODE_LINK: .link
        case GIT_FILEMODE_COMMIT: .submodule
        case GIT_FILEMODE_BLOB_EXECUTABLE: .executable
        default: .file
        }
    }

    private func collect(_ tree: OpaquePointer, prefix: String, depth: Int, limit: Int, into found: inout [TreeEntry]) throws(GitError) {
        guard let shadow, depth < 200 else { throw .failed(operation: "reading a tree", reason: "directories are nested too deeply") }
        for index in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry) else { continue }
            let path = prefix + String(cString: name)
            let mode = git_tree_entry_filemode(entry)
            if mode == GIT_FILEMODE_TREE {
                var below: OpaquePointer?
                guard git_tree_lookup(&below, shadow.pointer, git_tree_entry_id(entry)) == 0, let below else {
                    throw .missingObject("directory \(path)")
                }
                defer { git_tree_free(below) }
                try collect(below, prefix: path + "/", depth: depth + 1, limit: limit, into: &found)
                continue
            }
            guard found.count < limit else { throw .tooLarge(path: "tree", size: limit + 1, limit: ByteCount(limit)) }
            found.append(TreeEntry(path: path, kind: Self.kind(mode), id: try LibGit2.id(git_tree_entry_id(entry))))
        }
    }

    private func tree(of commit: ObjectID) throws(GitError) -> OpaquePointer {
        guard let shadow else { throw .missingObject(commit.hex) }
        var raw = try LibGit2.raw(commit)
        var object: OpaquePointer?
        guard git_object_lookup(&object, shadow.pointer, &raw, GIT_OBJECT_ANY) == 0, let object else { throw .missingObject(commit.hex) }
        defer { git_object_free(object) }
        var tree: OpaquePointer?
        guard git_object_peel(&tree, object, GIT_OBJECT_TREE) == 0, let tree else { throw .missingObject("tree of \(commit.hex)") }
        return tree
    }
}

/// The library's global state and its conversions.
enum LibGit2 {
    /// Starts the library once for the process.
    ///
    /// No configuration outside the repository is read, and the repository's own is read for its layout only: nothing in it can run, so
    /// who owns the directory does not matter. Extensions that change nothing about reading are accepted.
    static func start() { _ = once }

    private static let once: Void = {
        git_libgit2_init()
        _ = cgit2_opt_set_owner_validation(0)
        for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA] {
            _ = cgit2_opt_set_search_path(level.rawValue, "/nonexistent")
        }
        // The library copies them.
        let names = ["partialclone", "worktreeconfig", "preciousobjects"].map { (name: String) in strdup(name) }
        defer { for name in names { free(name) } }
        var list = names.map { UnsafePointer($0) }
        _ = cgit2_opt_set_extensions(&list, list.count)
    }()

    /// The text of the last error on this thread, to be read at once.
    static var lastError: String { git_error_last().map { String(cString: $0.pointee.message) } ?? "no reason given" }

    static func id(_ raw: UnsafePointer<git_oid>?) throws(GitError) -> ObjectID {
        var text = [CChar](repeating: 0, count: 41)
        git_oid_tostr(&text, text.count, raw)
        let hex = String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let id = ObjectID(hex) else { throw .failed(operation: "reading an object", reason: "its name is no hash") }
        return id
    }

    static func raw(_ id: ObjectID) throws(GitError) -> git_oid {
        var raw = git_oid()
        guard id.hex.utf8.count == 40, git_oid_fromstr(&raw, id.hex) == 0 else {
            throw .failed(operation: "reading an object", reason: "SHA-256 repositories are not readable yet")
        }
        return raw
    }
}
