import Glibc

/// SQLite files that other programs wrote: read, never written, and not trusted.
package enum ForeignSQLite {
    /// By the words every such file begins with. Source: sqlite.org/fileformat.html
    package static func isOne(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let wanted = Array("SQLite format 3\u{0}".utf8)
        var head = [UInt8](repeating: 0, count: wanted.count)
        return read(descriptor, &head, head.count) == wanted.count && head == wanted
    }

    /// All rows of a query, at most `limit`.
    package static func rows(of path: String, _ sql: String, limit: Int) throws(DatabaseError) -> [Row] {
        let connection = try SQLiteConnection(path: path, mode: .reader)
        try connection.run("PRAGMA query_only = ON")
        // What the file's own schema defines must not run anything. Source: sqlite.org/security.html
        try connection.run("PRAGMA trusted_schema = OFF")
        try connection.run("PRAGMA cell_size_check = ON")
        return try connection.query("\(sql) LIMIT \(limit)", [])
    }
}
