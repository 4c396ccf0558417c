import Basics
import Forge
import Jobs
import Previews

/// Previews for people and for programs.
enum PreviewReport {
    static func line(_ record: PreviewRecord, now: Timestamp) -> String {
        let preview = record.preview
        var words = [record.identity.description, preview.phase.rawValue.split(separator: "_").joined(separator: " ")]
        if let head = preview.deployed ?? preview.head { words.append(head.short) }
        if let address = preview.address { words.append(address) }
        if let expiry = preview.expiresAt, preview.mayExist { words.append("until \(expiry.iso8601)") }
        words.append("(\(preview.failure?.cause ?? preview.because))")
        return words.joined(separator: "  ")
    }

    /// A contract: documented in docs/previews.md.
    static func json(_ record: PreviewRecord) -> JSONValue {
        let preview = record.preview
        return [
            "preview": .string(record.identity.description), "state": .string(preview.phase.rawValue),
            "head": (preview.deployed ?? preview.head).map { .string($0.hex) } ?? .null,
            "address": preview.address.map { .string($0) } ?? .null,
            "may_exist": .bool(preview.mayExist), "because": .string(preview.because),
            "failure": preview.failure.map {
                ["kind": .string($0.kind.rawValue), "cause": .string($0.cause), "next": .string($0.nextStep)]
            }
                ?? .null,
            "expires_at": preview.expiresAt.map { .string($0.iso8601) } ?? .null, "updated_at": .string(record.updatedAt.iso8601),
        ]
    }
}
