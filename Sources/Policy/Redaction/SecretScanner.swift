/// Finds text that is written like a credential.
package struct SecretScanner: Sendable {
    package struct Match: Sendable, Hashable {
        /// UTF-8 offsets in the text searched.
        package let range: Range<Int>
        /// Of `SecretShape`, or `private-key`, `json-web-token`, `url-password`, `authorization`, `assigned-secret`.
        package let kind: String
        package let title: String
    }

    /// Shapes by the first byte of their beginning.
    private let shapes: [[SecretShape]]

    package init(shapes: [SecretShape] = SecretShape.all) {
        var table = [[SecretShape]](repeating: [], count: 256)
        for shape in shapes {
            if let first = shape.prefix.first { table[Int(first)].append(shape) }
        }
        self.shapes = table
    }

    /// Matches in order, not overlapping.
    package func matches(in bytes: [UInt8]) -> [Match] { matches(in: bytes, .none) }

    func matches(in bytes: [UInt8], _ breaks: LineBreaks) -> [Match] {
        var result: [Match] = []
        var index = 0
        while index < bytes.count {
            if let match = match(at: index, in: bytes, breaks) {
                result.append(match)
                index = match.range.upperBound
            } else {
                index += 1
            }
        }
        return result
    }

    private func match(at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> Match? {
        let byte = bytes[index]
        for shape in shapes[Int(byte)] {
            if let range = Self.range(of: shape, at: index, in: bytes, breaks) {
                return Match(range: range, kind: shape.id, title: shape.title)
            }
        }
        switch byte {
        case UInt8(ascii: "-"): return PrivateKeyBlock.match(at: index, in: bytes)
        case UInt8(ascii: "e"): return JSONWebToken.match(at: index, in: bytes, breaks)
        case UInt8(ascii: ":"): return URLPassword.match(at: index, in: bytes) ?? AssignedSecret.match(at: index, in: bytes, breaks)
        case UInt8(ascii: "="): return AssignedSecret.match(at: index, in: bytes, breaks)
        case UInt8(ascii: "B"), UInt8(ascii: "b"): return AuthorizationValue.match(at: index, in: bytes, breaks)
        default: return nil
        }
    }

    private static func range(of shape: SecretShape, at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> Range<Int>? {
        guard bytes[index...].starts(with: shape.prefix), !shape.startsWord || startsWord(index, in: bytes, breaks) else { return nil }
        var end = index + shape.prefix.count
        let body = end
        while end < bytes.count, shape.alphabet.contains(bytes[end]) { end += 1 }
        if shape.length.contains(end - body) { return index..<end }
        // The line after its last one goes on without a gap.
        let ends = breaks.within((body + shape.length.lowerBound)..<(body + shape.length.upperBound + 1))
        return ends.last { $0 < end }.map { index..<$0 }
    }

    /// No letter or digit before, or one that ends an escape: `\n`, `%3D`.
    static func startsWord(_ index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> Bool {
        if breaks.contains(index) { return true }
        guard index > 0, bytes[index - 1].isLetterOrDigit || bytes[index - 1] == UInt8(ascii: "_") else { return true }
        if index > 1, bytes[index - 2] == UInt8(ascii: "\\") { return "nrt".utf8.contains(bytes[index - 1]) }
        return index > 2 && bytes[index - 3] == UInt8(ascii: "%")
    }
}
