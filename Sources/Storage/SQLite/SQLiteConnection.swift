import CSQLite

/// One connection and its prepared statements. Used by one queue only; no pointer leaves this file.
final class SQLiteConnection {
    enum Mode {
        case writer, reader
    }

    /// Made once for the process, before the first database is opened.
    private static let settings = csqlite_single_pages()

    private let handle: OpaquePointer
    private let path: String
    private var statements: [String: OpaquePointer] = [:]

    init(path: String, mode: Mode) throws(DatabaseError) {
        self.path = path
        _ = Self.settings
        let access = mode == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        var pointer: OpaquePointer?
        let layer = mode == .writer ? GatheredLog.layer : nil
        let code = sqlite3_open_v2(path, &pointer, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, layer)
        guard code == SQLITE_OK, let opened = pointer else {
            let reason = pointer.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(pointer)
            throw .notWritable(reason: "'\(path)': \(reason)")
        }
        handle = opened
        // Readers may meet the moment a checkpoint begins the log anew.
        sqlite3_busy_timeout(handle, 5000)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// No transaction is open: none was begun, or the engine rolled it back by itself.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Statements without values or rows, several at once.
    func run(_ sql: String) throws(DatabaseError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code) }
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        let statement = try prepare(sql)
        defer { reset(statement) }
        try bind(values, to: statement)
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else { throw failure(code) }
        return Int(sqlite3_changes64(handle))
    }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [Row] {
        let statement = try prepare(sql)
        defer { reset(statement) }
        try bind(values, to: statement)
        let columns = (0..<sqlite3_column_count(statement)).map { String(cString: sqlite3_column_name(statement, $0)) }
        var rows: [Row] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw failure(code) }
            rows.append(
                Row(columns: columns, values: try columns.indices.map { index throws(DatabaseError) in try value(statement, Int32(index)) })
            )
        }
    }

    /// One statement without values or rows, prepared once: for what every transaction does.
    func step(_ sql: String) throws(DatabaseError) {
        let statement = try prepare(sql)
        defer { sqlite3_reset(statement) }
        let code = sqlite3_step(statement)
        guard code == SQLITE_DONE else { throw failure(code) }
    }

    /// Copies every page into `target` in one step, as of one moment.
    func copyAll(to target: SQLiteConnection) throws(DatabaseError) {
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else { throw target.failure(SQLITE_ERROR) }
        let code = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw target.failure(end == SQLITE_OK ? code : end) }
    }

    private func prepare(_ sql: String) throws(DatabaseError) -> OpaquePointer {
        if let cached = statements[sql] { return cached }
        if statements.count >= 256 {
            for statement in statements.values { sqlite3_finalize(statement) }
            statements = [:]
        }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK else { throw failure(code) }
        guard let statement else { throw .statement(reason: "no statement in '\(sql)'") }
        statements[sql] = statement
        return statement
    }

    private func reset(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws(DatabaseError) {
        guard sqlite3_bind_parameter_count(statement) == Int32(clamping: values.count) else {
            throw .statement(reason: "\(values.count) values for \(sqlite3_bind_parameter_count(statement)) placeholders")
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, to: statement, at: Int32(index) + 1)
            if code != SQLITE_OK { throw failure(code) }
        }
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at position: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, position)
        case .integer(let number): return sqlite3_bind_int64(statement, position, number)
        case .real(let number): return sqlite3_bind_double(statement, position, number)
        case .text(let text):
            var text = text
            return text.withUTF8 { bytes in
                guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
                // An empty string may have no address, which would bind NULL.
                guard count > 0, let address = bytes.baseAddress else { return csqlite_bind_text(statement, position, "", 0) }
                return csqlite_bind_text(statement, position, UnsafeRawPointer(address).assumingMemoryBound(to: CChar.self), count)
            }
        case .bytes(let bytes):
            let packed = PackedBytes.pack(bytes)
            guard let count = Int32(exactly: packed.count) else { return SQLITE_TOOBIG }
            return count == 0 ? sqlite3_bind_zeroblob(statement, position, 0) : csqlite_bind_blob(statement, position, packed, count)
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) throws(DatabaseError) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            guard let address = sqlite3_column_text(statement, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: address, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let address = sqlite3_column_blob(statement, column) else { return .bytes([]) }
            let stored = UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column)))
            guard let bytes = PackedBytes.unpack(stored) else { throw .damaged(path: path, reason: "packed bytes that do not unpack") }
            return .bytes(bytes)
        default: return .null
        }
    }

    /// The library's error text is read at once: the next call overwrites it.
    private func failure(_ code: Int32) -> DatabaseError {
        let reason = String(cString: sqlite3_errmsg(handle))
        switch code & 0xff {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_NOMEM: return .notWritable(reason: reason)
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .damaged(path: path, reason: reason)
        case SQLITE_BUSY, SQLITE_LOCKED: return .inUse(path: path)
        case SQLITE_CONSTRAINT: return .constraint(reason: reason)
        default: return .statement(reason: reason)
        }
    }
}
