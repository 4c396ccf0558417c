import Dispatch
import Glibc
import Synchronization

/// Lists a folder tree. Every folder is opened relative to its parent without following links.
///
/// Large trees wait for the disk, or for the kernel's tables, folder by folder: the first levels are read one after another, and what lies
/// below them at the same time.
struct FolderWalk {
    private(set) var paths: [String] = []
    private(set) var skipped: [(path: String, reason: String)] = []
    private let limits: RepositoryFolder.Limits

    /// A folder that is open and not yet read.
    private struct Folder: Sendable {
        var descriptor: Int32
        var prefix: String
        var depth: Int
    }

    private static let enough = 16
    /// Descriptors that are open at the same time, beside those of each walk down.
    private static let mostOpen = 128

    private init(_ limits: RepositoryFolder.Limits) { self.limits = limits }

    /// Takes ownership of `descriptor`. Paths are sorted.
    static func all(from descriptor: Int32, _ limits: RepositoryFolder.Limits) -> (
        paths: [String], skipped: [(path: String, reason: String)]
    ) {
        var walk = FolderWalk(limits)
        var level = [Folder(descriptor: descriptor, prefix: "", depth: 0)]
        var rounds = 0
        while !level.isEmpty, level.count < enough, rounds < 4 {
            var next: [Folder] = []
            for folder in level { next += walk.read(folder, mayOpen: mostOpen - next.count) }
            level = next
            rounds += 1
        }
        let parts = Mutex<[Int: FolderWalk]>([:])
        let folders = level
        DispatchQueue.concurrentPerform(iterations: folders.count) { index in
            var part = FolderWalk(limits)
            part.descend(folders[index])
            parts.withLock { $0[index] = part }
        }
        let finished = parts.withLock { $0 }
        for index in folders.indices {
            guard let part = finished[index] else { continue }
            let room = limits.files - walk.paths.count
            walk.paths += part.paths.prefix(room)
            walk.skipped += part.skipped
            if part.paths.count > room {
                walk.skipped.append((folders[index].prefix, "the repository has more than \(limits.files) files"))
            }
        }
        return (walk.paths.sorted(), walk.skipped)
    }

    private mutating func descend(_ folder: Folder) { _ = read(folder, mayOpen: 0) }

    /// Files of the folder, and the folders in it, opened; those beyond `mayOpen` are walked down at once.
    private mutating func read(_ folder: Folder, mayOpen: Int) -> [Folder] {
        guard let directory = fdopendir(folder.descriptor) else {
            close(folder.descriptor)
            return []
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: Int(NAME_MAX) + 1) { String(decodingCString: $0, as: UTF8.self) }
            }
            if name == "." || name == ".." { continue }
            guard paths.count < limits.files else {
                skipped.append((folder.prefix, "the repository has more than \(limits.files) files"))
                return []
            }
            switch kind(of: name, in: folder.descriptor, hint: entry.pointee.d_type) {
            case UInt8(DT_REG): paths.append(folder.prefix + name)
            case UInt8(DT_DIR): names.append(name)
            case UInt8(DT_LNK): skipped.append((folder.prefix + name, "a symbolic link"))
            default: skipped.append((folder.prefix + name, "no regular file"))
            }
        }
        var open: [Folder] = []
        for name in names.sorted() where !RepositoryFolder.ignored.contains(name) {
            guard folder.depth < limits.depth else {
                skipped.append((folder.prefix + name, "deeper than \(limits.depth) folders"))
                continue
            }
            let child = openat(folder.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard child >= 0 else { continue }
            let below = Folder(descriptor: child, prefix: folder.prefix + name + "/", depth: folder.depth + 1)
            if open.count < mayOpen { open.append(below) } else { descend(below) }
        }
        return open
    }

    /// Some file systems do not tell the kind with the name.
    private func kind(of name: String, in descriptor: Int32, hint: UInt8) -> UInt8 {
        guard hint == UInt8(DT_UNKNOWN) else { return hint }
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return UInt8(DT_UNKNOWN) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return UInt8(DT_REG)
        case S_IFDIR: return UInt8(DT_DIR)
        case S_IFLNK: return UInt8(DT_LNK)
        default: return UInt8(DT_UNKNOWN)
        }
    }
}
