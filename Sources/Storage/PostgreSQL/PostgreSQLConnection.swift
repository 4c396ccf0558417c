import CPostgreSQL
import Glibc

/// One connection. Used by one queue only; no pointer leaves this file. Keeps nothing in the session, so that a pooler may hand every
/// transaction to another server process.
final class PostgreSQLConnection {
    private let handle: OpaquePointer
    private var statements: [String: NumberedPlaceholders] = [:]

    /// Connects, with limits on every silence: a server that vanished is noticed within about 15 seconds.
    init(_ conninfo: String) throws {
        // Of repeated keywords the last wins: what the operator wrote. Source: PQconnectdbParams in the libpq manual
        let settings = [
            ("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"), ("fallback_application_name", "fettle"), ("dbname", conninfo),
        ]
        guard let opened = Self.connect(settings.map(\.0), settings.map(\.1)) else {
            throw PostgreSQLFault(.disconnected(reason: "no memory"))
        }
        guard PQstatus(opened) == CONNECTION_OK else {
            let reason = Self.text(PQerrorMessage(opened))
            PQfinish(opened)
            throw PostgreSQLFault(.disconnected(reason: reason), isConnectionLost: true)
        }
        handle = opened
        // By default the library prints the server's notices on standard error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    var isHealthy: Bool { PQstatus(handle) == CONNECTION_OK }
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
    var socket: Int32 { PQsocket(handle) }

    /// Statements without values or rows, several at once: one round trip.
    func run(_ sql: String) throws {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        try check(result)
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try send(sql, values) { Self.changed($0) }
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [Row] {
        try send(sql, values) { Self.rows($0) }
    }

    /// All statements go out before the first answer is read.
    func execute(_ sql: String, each lists: [[SQLValue]]) throws -> [Int] {
        var changed: [Int] = []
        var rest = lists[...]
        // In bounded parts: a server that cannot get rid of its answers stops reading ours.
        while !rest.isEmpty {
            changed += try pipeline(sql, rest.prefix(256))
            rest = rest.dropFirst(256)
        }
        return changed
    }

    /// Names of the channels that were notified since the last call.
    func takeNotices() throws -> [String] {
        guard PQconsumeInput(handle) == 1 else { throw lost() }
        var channels: [String] = []
        while let notice = PQnotifies(handle) {
            channels.append(String(cString: notice.pointee.relname))
            PQfreemem(notice)
        }
        return channels
    }

    func quoted(_ name: String) throws -> String {
        guard let escaped = PQescapeIdentifier(handle, name, name.utf8.count) else { throw lost() }
        defer { PQfreemem(escaped) }
        return String(cString: escaped)
    }

    private func send<Value>(_ sql: String, _ values: [SQLValue], _ read: (OpaquePointer) -> Value) throws -> Value {
        let statement = try numbered(sql, count: values.count)
        let parameters = try PostgreSQLParameters(values)
        let result = parameters.withPointers { pointers in
            PQexecParams(
                handle, statement.sql, parameters.count, pointers.types, pointers.values, pointers.lengths, pointers.formats, 0)
        }
        defer { PQclear(result) }
        return read(try check(result))
    }

    /// The server reads the statement once and runs it for every list. It has no name: the next statement takes its place, and a pooler
    /// need know nothing of it.
    private func pipeline(_ sql: String, _ lists: ArraySlice<[SQLValue]>) throws -> [Int] {
        let all = try lists.map { try PostgreSQLParameters($0) }
        let statements = try lists.map { try numbered(sql, count: $0.count) }
        guard let statement = statements.first else { return [] }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        defer { PQexitPipelineMode(handle) }
        let types = PostgreSQLParameters.commonTypes(of: all)
        if let types, PQsendPrepare(handle, "", statement.sql, Int32(clamping: types.count), types) != 1 { throw lost() }
        for parameters in all {
            let sent = parameters.withPointers { pointers in
                if types == nil {
                    PQsendQueryParams(
                        handle, statement.sql, parameters.count, pointers.types, pointers.values, pointers.lengths, pointers.formats, 0)
                } else {
                    PQsendQueryPrepared(handle, "", parameters.count, pointers.values, pointers.lengths, pointers.formats, 0)
                }
            }
            if sent != 1 { throw lost() }
        }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        return Array(try pipelineAnswers(all.count + (types == nil ? 0 : 1)).suffix(all.count))
    }

    /// Reads every answer, also after a failed one: the connection must be left in step.
    private func pipelineAnswers(_ count: Int) throws -> [Int] {
        var changed: [Int] = []
        var fault: (any Error)?
        for _ in 0..<count {
            let result = PQgetResult(handle)
            defer { PQclear(result) }
            do {
                changed.append(Self.changed(try check(result)))
            } catch {
                fault = fault ?? error
            }
            // Nothing separates one statement's answer from the next.
            if let extra = PQgetResult(handle) { PQclear(extra) }
        }
        PQclear(PQgetResult(handle))
        if let fault { throw fault }
        return changed
    }

    private func numbered(_ sql: String, count: Int) throws -> NumberedPlaceholders {
        let statement: NumberedPlaceholders
        if let known = statements[sql] {
            statement = known
        } else {
            if statements.count >= 256 { statements = [:] }
            statement = NumberedPlaceholders(sql)
            statements[sql] = statement
        }
        guard statement.count == count else {
            throw PostgreSQLFault(.statement(reason: "\(count) values for \(statement.count) placeholders"))
        }
        return statement
    }

    /// The library's error text is read at once: the next call overwrites it.
    @discardableResult
    private func check(_ result: OpaquePointer?) throws -> OpaquePointer {
        guard let result else { throw lost() }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        default:
            if !isHealthy { throw lost() }
            let state = PQresultErrorField(result, 67).map { String(cString: $0) } ?? ""
            throw PostgreSQLFault(state: state, reason: Self.text(PQresultErrorMessage(result)))
        }
    }

    private func lost() -> PostgreSQLFault {
        PostgreSQLFault(.disconnected(reason: Self.text(PQerrorMessage(handle))), isConnectionLost: true)
    }

    private static func connect(_ keywords: [String], _ values: [String]) -> OpaquePointer? {
        // libpq copies; the copies made here live until the call returns.
        let names = keywords.map { strdup($0) }
        let texts = values.map { strdup($0) }
        defer { for pointer in names + texts { free(pointer) } }
        let nameList = names.map { UnsafePointer<CChar>($0) } + [nil]
        let valueList = texts.map { UnsafePointer<CChar>($0) } + [nil]
        return PQconnectdbParams(nameList, valueList, 1)
    }

    private static func changed(_ result: OpaquePointer) -> Int { Int(text(PQcmdTuples(result))) ?? 0 }

    private static func rows(_ result: OpaquePointer) -> [Row] {
        let columns = (0..<PQnfields(result)).map { text(PQfname(result, $0)) }
        return (0..<PQntuples(result)).map { row in
            Row(columns: columns, values: columns.indices.map { value(result, row, Int32($0)) })
        }
    }

    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let text = text(PQgetvalue(result, row, column))
        switch PQftype(result, column) {
        case 20, 21, 23, 26: return Int64(text).map { .integer($0) } ?? .text(text)
        case 16: return .integer(text == "t" ? 1 : 0)
        case 700, 701: return Double(text).map { .real($0) } ?? .text(text)
        // SUM over BIGINT is NUMERIC here and an integer in SQLite.
        case 1700: return Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
        case 17: return .bytes(bytes(PQgetvalue(result, row, column)))
        default: return .text(text)
        }
    }

    /// From the server's text form of BYTEA, hexadecimal or escaped.
    private static func bytes(_ text: UnsafeMutablePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        var length = 0
        let decoded = text.withMemoryRebound(to: UInt8.self, capacity: strlen(text) + 1) { PQunescapeBytea($0, &length) }
        guard let decoded else { return [] }
        defer { PQfreemem(decoded) }
        return Array(UnsafeBufferPointer(start: decoded, count: length))
    }

    /// Without the line break the library ends its messages with.
    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        var text = String(cString: pointer)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
