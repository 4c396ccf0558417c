import Dispatch
import Glibc

/// Whole-file operations on an embedded database: copy, check, put back.
package enum SQLiteFile {
    /// Copies the database as it is at one moment, also while a server writes to it. `target` must not exist; it is complete or absent.
    package static func backUp(_ path: String, to target: String) async throws {
        try await offPool {
            if access(target, F_OK) == 0 { throw DatabaseError.notWritable(reason: "'\(target)' exists already") }
            guard access(path, R_OK) == 0 else { throw DatabaseError.notWritable(reason: "'\(path)' cannot be read") }
            let part = target + ".part"
            unlink(part)
            defer { unlink(part) }
            try copy(path, to: part)
            let findings = try findings(in: part)
            if let first = findings.first { throw DatabaseError.damaged(path: path, reason: first) }
            try put(part, in: target)
        }
    }

    /// Every fault SQLite finds; empty for a sound file.
    package static func check(_ path: String) async throws -> [String] {
        try await offPool { try findings(in: path) }
    }

    /// Replaces the database by a checked copy of `backup`; what was there stays beside it as `PATH.before-restore`.
    ///
    /// Refused while a process has it open. Effects performed after the backup are no longer known, so the restored database says that
    /// the forge is to be asked before anything is sent.
    package static func restore(_ backup: String, to path: String, marking: @escaping @Sendable (any Transaction) throws -> Void)
        async throws
    {
        let part = path + ".part"
        try await offPool {
            guard access(backup, R_OK) == 0 else { throw DatabaseError.notWritable(reason: "'\(backup)' cannot be read") }
            if let first = try findings(in: backup).first { throw DatabaseError.damaged(path: backup, reason: first) }
            unlink(part)
            try copy(backup, to: part)
        }
        defer { for suffix in ["", "-wal", "-shm", ".lock"] { unlink(part + suffix) } }
        let restored = try SQLiteDatabase(.file(path: part))
        try await restored.write(marking)
        await restored.close()
        try await offPool {
            let lock = try SQLiteLock(databasePath: path)
            defer { lock.release() }
            for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
                // The log goes with its database: SQLite finds it by its name.
                let kept = path + ".before-restore" + suffix
                guard rename(path + suffix, kept) == 0 else { throw failure(kept) }
            }
            try put(part, in: path)
        }
    }

    private static func findings(in path: String) throws -> [String] {
        do {
            return try integrityReport(of: path).filter { $0 != "ok" }
        } catch let error as DatabaseError {
            if case .damaged(_, let reason) = error { return [reason] }
            throw error
        }
    }

    private static func integrityReport(of path: String) throws -> [String] {
        let connection = try SQLiteConnection(path: path, mode: .reader)
        return try connection.query("PRAGMA integrity_check(20)", []).map { try $0.text("integrity_check") }
    }

    private static func copy(_ path: String, to target: String) throws(DatabaseError) {
        let source = try SQLiteConnection(path: path, mode: .reader)
        let copy = try SQLiteConnection(path: target, mode: .writer)
        try source.copyAll(to: copy)
        // One file, to be moved about: no log beside it.
        try copy.run("PRAGMA journal_mode = DELETE")
    }

    /// Moves a finished file into place so that a power cut leaves the old or the new one.
    private static func put(_ part: String, in target: String) throws(DatabaseError) {
        try sync(part)
        guard rename(part, target) == 0 else { throw failure(target) }
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        try sync(folder)
    }

    private static func sync(_ path: String) throws(DatabaseError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> DatabaseError {
        .notWritable(reason: "'\(path)': \(String(cString: strerror(errno)))")
    }

    /// Off Swift's shared threads: all of this waits for the disk.
    private static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "fettle.sqlite.file").async { continuation.resume(with: Result { try body() }) }
        }
    }
}
