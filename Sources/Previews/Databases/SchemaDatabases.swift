package import Basics
package import Storage

/// A schema and a role of its own for each preview, on a PostgreSQL server set aside for previews.
///
/// The role may log in, owns its schema, finds it first, and owns nothing else. Whatever it makes goes with it.
/// Source: postgresql.org/docs, "Schemas", "DROP OWNED"
package struct SchemaDatabases: PreviewDatabases {
    private let database: any Database
    private let url: PostgreSQLAddress
    private let password: @Sendable (PreviewIdentity) -> String

    private static let remark = "fettle preview "

    /// - Parameters:
    ///   - database: signed in as a role that may make roles and schemas.
    ///   - url: the same server's address, for previews.
    ///   - password: the same for one preview each time; letters and digits.
    package init(database: any Database, url: PostgreSQLAddress, password: @escaping @Sendable (PreviewIdentity) -> String) {
        self.database = database
        self.url = url
        self.password = password
    }

    package func make(for preview: PreviewIdentity) async throws(PreviewFailure) -> (url: Secret, isNew: Bool) {
        let (name, password) = (Self.name(of: preview), password(preview).filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        let isNew = try await failing("made") {
            try await database.write { transaction in
                let known = try transaction.query("SELECT 1 AS one FROM pg_namespace WHERE nspname = ?", [.text(name)])
                let hasRole = try !transaction.query("SELECT 1 AS one FROM pg_roles WHERE rolname = ?", [.text(name)]).isEmpty
                try transaction.execute("\(hasRole ? "ALTER" : "CREATE") ROLE \"\(name)\" LOGIN NOINHERIT PASSWORD '\(password)'")
                if known.isEmpty {
                    try transaction.execute("GRANT \"\(name)\" TO CURRENT_USER")
                    try transaction.execute("CREATE SCHEMA \"\(name)\" AUTHORIZATION \"\(name)\"")
                    try transaction.execute("COMMENT ON SCHEMA \"\(name)\" IS '\(Self.remark)\(preview)'")
                }
                try transaction.execute("ALTER ROLE \"\(name)\" SET search_path = \"\(name)\"")
                return known.isEmpty
            }
        }
        return (Secret(url.text(user: name, password: password)), isNew)
    }

    package func drop(for preview: PreviewIdentity) async throws(PreviewFailure) {
        let name = Self.name(of: preview)
        try await failing("dropped") {
            try await database.write { transaction in
                try transaction.execute("DROP SCHEMA IF EXISTS \"\(name)\" CASCADE")
                if try transaction.query("SELECT 1 AS one FROM pg_roles WHERE rolname = ?", [.text(name)]).isEmpty { return }
                try transaction.execute("DROP OWNED BY \"\(name)\" CASCADE")
                try transaction.execute("DROP ROLE \"\(name)\"")
            }
        }
    }

    package func existing() async throws(PreviewFailure) -> Set<PreviewIdentity> {
        try await failing("listed") {
            try await database.read { transaction in
                let sql = "SELECT obj_description(oid, 'pg_namespace') AS remark FROM pg_namespace WHERE nspname LIKE 'pr\\_%'"
                let remarks = try transaction.query(sql).compactMap { try $0.optionalText("remark") }
                return Set(
                    remarks.filter { $0.hasPrefix(Self.remark) }.compactMap { PreviewIdentity(String($0.dropFirst(Self.remark.count))) })
            }
        }
    }

    /// Letters, digits and underscores: safe between quotation marks.
    static func name(of preview: PreviewIdentity) -> String { preview.slug.replacingExactly("-", with: "_") }

    private func failing<Result: Sendable>(
        _ what: String, _ body: () async throws -> Result
    ) async throws(PreviewFailure) -> Result {
        do { return try await body() } catch {
            throw PreviewFailure(
                .database, cause: "The preview's database could not be \(what).",
                nextStep: "The operator checks FETTLE_PREVIEW_DATABASE: its role needs CREATEROLE and the right to create schemas.",
                excerpt: UntrustedText("\(error)"), mayPass: true)
        }
    }
}

/// `postgres://user:password@host:port/name?…`, taken apart to give others in.
package struct PostgreSQLAddress: Sendable, Hashable {
    private let place: String

    /// `nil` unless it begins with `postgres://` or `postgresql://` and names a host.
    package init?(_ url: String) {
        guard let scheme = ["postgres://", "postgresql://"].first(where: { url.hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !host.isEmpty else { return nil }
        place = String(host) + rest.dropFirst(authority.count)
    }

    /// Of an address of our own making or the operator's; 5432 where it names none.
    static func port(of url: String) -> Int {
        let authority = PostgreSQLAddress(url)?.place.prefix { $0 != "/" && $0 != "?" } ?? ""
        let port = authority.lastIndex(of: ":").flatMap { Int(authority[authority.index(after: $0)...]) }
        return port.flatMap { (1...65535).contains($0) ? $0 : nil } ?? 5432
    }

    func text(user: String, password: String) -> String { "postgres://\(user):\(password)@\(place)" }
}
