/// The request target, taken apart: path, segments and query, each decoded once.
///
/// Origin form (`/a/b?c=d`) and absolute form (`http://host/a`) are read. Refused: anything else, malformed percent-encoding, text that
/// is not UTF-8, control characters, and `.` or `..` as a segment, encoded or not: no route of ours needs them and every known trick does.
/// Source: RFC 9112 §3.2, RFC 3986 §2.1
package struct RequestTarget: Sendable, Hashable {
    package let path: String
    package let segments: [String]
    package let query: [HTTPHeaders.Field]

    /// More pairs than this are refused: a query is no place for bulk.
    package static let queryPairLimit = 256

    /// `nil` when the target is to be refused.
    package init?(parsing target: String) {
        let bytes = Array(target.utf8)
        guard let origin = Self.originForm(bytes[...]), origin.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }) else {
            return nil
        }
        let mark = origin.firstIndex(of: UInt8(ascii: "?")) ?? origin.endIndex
        guard let segments = Self.segments(of: origin[..<mark].dropFirst()) else { return nil }
        guard let query = Self.query(in: origin[mark...].dropFirst()) else { return nil }
        self.segments = segments
        self.query = query
        path = "/" + segments.joined(separator: "/")
    }

    private static func originForm(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if bytes.first == UInt8(ascii: "/") { return bytes }
        for scheme in ["http://", "https://"] where String(decoding: bytes.prefix(scheme.utf8.count), as: UTF8.self).lowercased() == scheme
        {
            let rest = bytes.dropFirst(scheme.utf8.count)
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex else { return nil }
            return rest[slash...]
        }
        return nil
    }

    private static func segments(of bytes: ArraySlice<UInt8>) -> [String]? {
        var segments: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = PercentEncoding.decode(part), segment != ".", segment != ".." else { return nil }
            guard segment.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    private static func query(in bytes: ArraySlice<UInt8>) -> [HTTPHeaders.Field]? {
        var pairs: [HTTPHeaders.Field] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard pairs.count < queryPairLimit,
                let name = PercentEncoding.decode(part[..<equals], plusIsSpace: true),
                let value = PercentEncoding.decode(part[equals...].dropFirst(), plusIsSpace: true),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { return nil }
            pairs.append(.init(name: name, value: value))
        }
        return pairs
    }
}
