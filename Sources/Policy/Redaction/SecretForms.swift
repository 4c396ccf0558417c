/// `-----BEGIN … PRIVATE KEY-----` up to its end line, or as far as a key may reach when that is missing.
enum PrivateKeyBlock {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let key = Array("PRIVATE KEY".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    /// An RSA key of 16,384 bits takes 12,700 bytes.
    private static let longest = 16_384

    static func match(at index: Int, in bytes: [UInt8]) -> SecretScanner.Match? {
        guard bytes[index...].starts(with: begin) else { return nil }
        let label = bytes[(index + begin.count)...].prefix(48)
        guard let closing = label.firstRange(of: dashes), label[..<closing.lowerBound].firstRange(of: key) != nil else { return nil }
        let reach = bytes[closing.upperBound...].prefix(longest)
        var stop = reach.endIndex
        if let last = reach.firstRange(of: end) {
            let tail = bytes[last.upperBound...].prefix(48)
            stop = tail.firstRange(of: dashes)?.upperBound ?? last.upperBound
        } else if !beginsKey(reach) {
            // Code that looks for the line is no key.
            return nil
        }
        return .init(range: index..<stop, kind: "private-key", title: "a private key")
    }
}

extension PrivateKeyBlock {
    /// Base64 follows, perhaps after the line end, its escape, or a quote.
    private static func beginsKey(_ rest: ArraySlice<UInt8>) -> Bool {
        let text = rest.prefix(80).drop { !$0.isLetterOrDigit || $0 == UInt8(ascii: "n") || $0 == UInt8(ascii: "r") }
        return text.prefix { SecretShape.Alphabet.base64.contains($0) }.count >= 16
    }
}

/// Three base64url parts, the first two JSON objects. Source: RFC 7519
enum JSONWebToken {
    static func match(at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> SecretScanner.Match? {
        guard bytes[index...].starts(with: "eyJ".utf8), SecretScanner.startsWord(index, in: bytes, breaks) else { return nil }
        guard let first = part(from: index, in: bytes, atLeast: 10), bytes[first...].starts(with: ".eyJ".utf8),
            let second = part(from: first + 1, in: bytes, atLeast: 10), second < bytes.count, bytes[second] == UInt8(ascii: "."),
            let third = part(from: second + 1, in: bytes, atLeast: 10)
        else { return nil }
        return .init(range: index..<third, kind: "json-web-token", title: "a JSON web token")
    }

    private static func part(from start: Int, in bytes: [UInt8], atLeast: Int) -> Int? {
        var end = start
        while end < bytes.count, SecretShape.Alphabet.url.contains(bytes[end]) { end += 1 }
        return end - start >= atLeast ? end : nil
    }
}

/// The password in `scheme://user:password@host`.
enum URLPassword {
    static func match(at index: Int, in bytes: [UInt8]) -> SecretScanner.Match? {
        guard bytes[index...].starts(with: "://".utf8) else { return nil }
        var colon: Int?
        var end = index + 3
        while end < bytes.count, end - index < 512, bytes[end] > 32, !"/?#\"'<>`|\\".utf8.contains(bytes[end]) {
            if bytes[end] == UInt8(ascii: "@"), let colon, end - colon > 3 {
                let value = bytes[(colon + 1)..<end]
                if Placeholder.looksLikeOne(value) || Placeholder.isUsual(value) { return nil }
                return .init(range: (colon + 1)..<end, kind: "url-password", title: "a password in an address")
            }
            if bytes[end] == UInt8(ascii: ":"), colon == nil { colon = end }
            end += 1
        }
        return nil
    }
}

/// The credential after `Bearer` or `Basic`.
enum AuthorizationValue {
    static func match(at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> SecretScanner.Match? {
        guard SecretScanner.startsWord(index, in: bytes, breaks) else { return nil }
        let word = bytes[index...].prefix { $0.isLetter }
        let lowered = word.map(\.lowered)
        guard lowered == Array("bearer".utf8) || lowered == Array("basic".utf8) else { return nil }
        let start = word.endIndex + 1
        guard word.endIndex < bytes.count, bytes[word.endIndex] == UInt8(ascii: " ") else { return nil }
        var end = start
        while end < bytes.count, SecretShape.Alphabet.dotted.contains(bytes[end]) || SecretShape.Alphabet.base64.contains(bytes[end]) {
            end += 1
        }
        guard end - start >= 20, Entropy.isRandomLooking(bytes[start..<end]) else { return nil }
        return .init(range: start..<end, kind: "authorization", title: "an authorization header")
    }
}

/// `password = "…"`, `API_KEY: …`: a name that promises a secret, and a value that looks random.
enum AssignedSecret {
    private static let names = [
        "secret", "token", "passwd", "password", "pwd", "apikey", "accesskey", "privatekey", "credential", "authkey",
    ]
    .map { Array($0.utf8) }

    /// `index` is at the `:` or `=`.
    static func match(at index: Int, in bytes: [UInt8], _ breaks: LineBreaks) -> SecretScanner.Match? {
        guard namesSecret(endingBefore: index, in: bytes) else { return nil }
        var start = index + 1
        while start < bytes.count, "=> \t".utf8.contains(bytes[start]) { start += 1 }
        guard start < bytes.count else { return nil }
        let quote = "\"'`".utf8.contains(bytes[start]) ? bytes[start] : nil
        if quote != nil { start += 1 }
        var end = start
        while end < bytes.count, end - start < 1024, isValue(bytes[end], quote) { end += 1 }
        let value = bytes[start..<end]
        // The shell's own `PWD` and `OLDPWD` hold folders.
        if value.first == UInt8(ascii: "/"), isFolder(before: index, in: bytes) { return nil }
        if !isSecret(value, isQuoted: quote != nil && end < bytes.count && bytes[end] == quote) {
            // What stands behind it may be the next line.
            let ends = breaks.within((start + 1)..<max(start + 1, end))
            guard let cut = ends.last(where: { isSecret(bytes[start..<$0], isQuoted: false) }) else { return nil }
            end = cut
        }
        return .init(range: start..<end, kind: "assigned-secret", title: "a value assigned to a secret's name")
    }

    /// The name left of the sign is `PWD` or `OLDPWD`.
    static func isFolder(before index: Int, in bytes: [UInt8]) -> Bool {
        let name = bytes[..<index].suffix(7)
        guard name.suffix(3).elementsEqual("PWD".utf8) else { return false }
        let rest = name.dropLast(3)
        return rest.last.map { !$0.isLetterOrDigit && $0 != UInt8(ascii: "_") } ?? true
            || rest.suffix(3).elementsEqual("OLD".utf8) && rest.dropLast(3).allSatisfy { !$0.isLetterOrDigit && $0 != UInt8(ascii: "_") }
    }

    private static func isValue(_ byte: UInt8, _ quote: UInt8?) -> Bool {
        guard byte > 32, byte < 127 else { return false }
        if let quote { return byte != quote }
        return byte.isLetterOrDigit || "+/=_-.~".utf8.contains(byte)
    }

    private static func isSecret(_ value: ArraySlice<UInt8>, isQuoted: Bool) -> Bool {
        guard value.count >= (isQuoted ? 10 : 20), !Placeholder.looksLikeOne(value) else { return false }
        return Entropy.isRandomLooking(value)
    }

    /// The identifier left of the sign, without `_`, `-` and quotes, ends in one of the names (or holds it before `_key`, `_value`).
    private static func namesSecret(endingBefore index: Int, in bytes: [UInt8]) -> Bool {
        var start = index
        while start > 0, index - start < 64 {
            let byte = bytes[start - 1]
            guard byte.isLetterOrDigit || "_-\"'` \t.".utf8.contains(byte) else { break }
            start -= 1
        }
        let name = bytes[start..<index].filter(\.isLetterOrDigit).map(\.lowered)
        return names.contains { secret in
            guard name.count >= secret.count else { return false }
            return name.suffix(secret.count).elementsEqual(secret)
                || name.suffix(secret.count + 3).elementsEqual(secret + Array("key".utf8))
        }
    }
}
