/// What a call met, with what the pool needs to know beyond `DatabaseError`.
struct PostgreSQLFault: Error {
    let error: DatabaseError
    /// The transaction lost against another one and may be run again at once.
    var isConflict = false
    /// Nothing can be sent on this connection any more.
    var isConnectionLost = false

    init(_ error: DatabaseError, isConflict: Bool = false, isConnectionLost: Bool = false) {
        self.error = error
        self.isConflict = isConflict
        self.isConnectionLost = isConnectionLost
    }

    /// Source: postgresql.org/docs/15/errcodes-appendix.html
    init(state: String, reason: String) {
        switch state {
        case "40001", "40P01": self.init(.statement(reason: reason), isConflict: true)
        case "57P01", "57P02", "57P03", "57P05": self.init(.disconnected(reason: reason), isConnectionLost: true)
        // A statement or lock timeout, and a server that only reads: nothing was stored, and later it may work.
        case "57014", "55P03", "25006": self.init(.notWritable(reason: reason))
        case "XX001", "XX002": self.init(.damaged(path: "the server's data", reason: reason))
        default:
            switch state.prefix(2) {
            case "08": self.init(.disconnected(reason: reason), isConnectionLost: true)
            case "23": self.init(.constraint(reason: reason))
            case "53", "58": self.init(.notWritable(reason: reason))
            default: self.init(.statement(reason: reason))
            }
        }
    }
}
