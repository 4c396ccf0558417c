import Glibc
import Synchronization

/// Holds `PATH.lock` for this process. The kernel lets go when the process ends, however it ends, so nothing stale can stay behind.
///
/// A side file, because closing any other descriptor of the database itself would drop SQLite's own locks.
/// Source: sqlite.org/howtocorrupt.html, section 2.2
final class SQLiteLock: Sendable {
    /// `nil` once released.
    private let descriptor: Mutex<Int32?>

    init(databasePath: String) throws(DatabaseError) {
        let path = databasePath + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(reason: "'\(path)': \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { throw .inUse(path: databasePath) }
            throw .notWritable(reason: "'\(path)': \(String(cString: strerror(reason)))")
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor {
                // Closing alone would leave the lock with a child process that was forked meanwhile and has not yet run its program.
                flock(open, LOCK_UN)
                close(open)
            }
            descriptor = nil
        }
    }
}
