import Basics
import Crypto
import Glibc
import Jobs

/// The key that signs audit checkpoints: the operator's, else one in a file beside an embedded database. Never in the database itself.
enum AuditKeyFile {
    /// `nil` for a server's database without a configured key: its checkpoints are then chained and not signed.
    static func key(for configuration: Configuration, mayCreate: Bool) throws -> AuditKey? {
        if let key = configuration.auditKey { return AuditKey(Array(key.reveal().utf8)) }
        guard case .sqlite(let path) = configuration.database, path != ":memory:" else { return nil }
        let file = path + ".audit-key"
        if let text = try? TextFile.read(file) { return AuditKey(Array(text.utf8)) }
        guard mayCreate else { return nil }
        let fresh = try SecureRandom.hex(bytes: 32)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperatorError("'\(file)' cannot be made: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let bytes = Array(fresh.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw OperatorError("'\(file)' cannot be written: \(String(cString: strerror(errno)))")
        }
        return AuditKey(bytes)
    }
}
