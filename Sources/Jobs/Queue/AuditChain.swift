package import Basics
import Crypto

/// A sealed audit row: every row's code covers the row and the code before it, so nothing can be changed, dropped, added or moved
/// without changing every code after it.
package struct SealedRow: Sendable, Hashable {
    package var id: Int64
    package var seal: Int64
    /// Microseconds since 1970.
    package var at: Int64
    package var job: String?
    package var action: String
    package var subject: String
    /// The JSON text as stored.
    package var detail: String
    /// 64 hex digits.
    package var chain: String

    package init(id: Int64, seal: Int64, at: Int64, job: String?, action: String, subject: String, detail: String, chain: String) {
        self.id = id
        self.seal = seal
        self.at = at
        self.job = job
        self.action = action
        self.subject = subject
        self.detail = detail
        self.chain = chain
    }

    /// The code this row must have after `previous`. Every field goes in with its length, so that no two rows read alike.
    package func code(after previous: String) -> String {
        var bytes: [UInt8] = []
        for field in [previous, "\(id)", "\(seal)", "\(at)", job.map { "job " + $0 } ?? "none", action, subject, detail] {
            bytes += Array("\(field.utf8.count):".utf8) + Array(field.utf8)
        }
        return SHA256.hex(of: bytes)
    }
}

/// The state of the chain after a seal, signed with a key the database does not hold. Its line in the log is what a cut tail is
/// noticed by.
package struct AuditCheckpoint: Sendable, Hashable {
    package var seal: Int64
    /// Rows sealed so far.
    package var rows: Int64
    package var chain: String
    package var signature: String

    package init(seal: Int64, rows: Int64, chain: String, signature: String) {
        self.seal = seal
        self.rows = rows
        self.chain = chain
        self.signature = signature
    }

    package init(seal: Int64, rows: Int64, chain: String, signedWith key: AuditKey?) {
        self.init(seal: seal, rows: rows, chain: chain, signature: key?.signature(seal: seal, rows: rows, chain: chain) ?? "")
    }
}

package struct AuditKey: Sendable {
    private let key: [UInt8]

    package init(_ bytes: [UInt8]) {
        key = bytes
    }

    func signature(seal: Int64, rows: Int64, chain: String) -> String {
        Hex.encode(HMACSHA256.authenticate(Array("fettle audit \(seal) \(rows) \(chain)".utf8), key: key))
    }

    /// What only holders of this key can say: a bearer token for one purpose.
    package func token(for purpose: String) -> Secret {
        Secret(Hex.encode(HMACSHA256.authenticate(Array("fettle token \(purpose)".utf8), key: key)))
    }

    func isGood(_ checkpoint: AuditCheckpoint) -> Bool {
        let expected = signature(seal: checkpoint.seal, rows: checkpoint.rows, chain: checkpoint.chain)
        return ConstantTime.areEqual(Array(expected.utf8), Array(checkpoint.signature.utf8))
    }
}

package enum AuditVerdict: Sendable, Hashable {
    case sound(rows: Int, checkpoints: Int)
    /// `row` is the id of the first bad row; `nil` when rows are missing at the end.
    case broken(row: Int64?, reason: String)
}

package enum AuditChain {
    /// What the first row's code is computed after.
    package static let start = String(repeating: "0", count: 64)

    /// `rows` in the order of seal and id; `checkpoints` in any order, from the database and from exported logs. Without a key the
    /// signatures are not looked at.
    package static func verify(rows: [SealedRow], checkpoints: [AuditCheckpoint], key: AuditKey?) -> AuditVerdict {
        var previous = start
        var last: (seal: Int64, id: Int64) = (0, 0)
        var ends: [Int64: (rows: Int64, chain: String)] = [:]
        for (index, row) in rows.enumerated() {
            if (row.seal, row.id) <= last { return .broken(row: row.id, reason: "it is out of order") }
            if row.code(after: previous) != row.chain {
                return .broken(row: row.id, reason: "it, or a row before it, was changed, added or removed")
            }
            previous = row.chain
            last = (row.seal, row.id)
            ends[row.seal] = (Int64(index) + 1, row.chain)
        }
        for checkpoint in checkpoints.sorted(by: { $0.seal < $1.seal }) {
            if let key, !key.isGood(checkpoint) {
                return .broken(row: nil, reason: "the signature of checkpoint \(checkpoint.seal) is not ours")
            }
            guard let end = ends[checkpoint.seal] else {
                return .broken(row: nil, reason: "the rows of seal \(checkpoint.seal) are missing")
            }
            if end.chain != checkpoint.chain || end.rows != checkpoint.rows {
                let first = rows.first { $0.seal == checkpoint.seal }
                return .broken(row: first?.id, reason: "the rows up to seal \(checkpoint.seal) are not those that were signed")
            }
        }
        return .sound(rows: rows.count, checkpoints: checkpoints.count)
    }
}

extension AuditCheckpoint {
    /// A checkpoint as `AuditSealer` logs it; `nil` for any other line.
    package init?(logLine line: [String: JSONValue]) {
        guard let seal = line["audit.seal"]?.int, let rows = line["audit.rows"]?.int, let chain = line["audit.chain"]?.string,
            let signature = line["audit.signature"]?.string
        else { return nil }
        self.init(seal: Int64(seal), rows: Int64(rows), chain: chain, signature: signature)
    }
}
