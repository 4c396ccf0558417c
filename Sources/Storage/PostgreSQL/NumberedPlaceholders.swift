/// Rewrites `?` as `$1`, `$2`, … outside quoted text, quoted names and comments.
struct NumberedPlaceholders: Sendable, Hashable {
    let sql: String
    let count: Int

    init(_ source: String) {
        var output: [UInt8] = []
        var count = 0
        var closing: UInt8?
        for byte in source.utf8 {
            if let end = closing {
                // A doubled quote closes and opens again: the same as staying inside.
                if byte == end { closing = nil }
                output.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                closing = byte
                output.append(byte)
            case UInt8(ascii: "-") where output.last == UInt8(ascii: "-"):
                closing = UInt8(ascii: "\n")
                output.append(byte)
            case UInt8(ascii: "?"):
                count += 1
                output += Array("$\(count)".utf8)
            default: output.append(byte)
            }
        }
        sql = String(decoding: output, as: UTF8.self)
        self.count = count
    }
}
