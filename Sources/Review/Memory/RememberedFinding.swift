package import Basics

/// A finding of an earlier run, as much of it as is needed to know it again. Kept per repository, by whoever has a database.
package struct RememberedFinding: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable {
        /// Its comment stands.
        case posted
        /// Somebody does not want to hear of it again.
        case dismissed
    }

    package let fingerprint: Fingerprint
    package let path: String
    package let category: Category
    /// The anchored lines without blanks, joined; empty when there was no line.
    package let code: String
    /// The beginnings of the title's words.
    package let words: Set<String>
    package var state: State
    /// Why it was dismissed: somebody's words.
    package var reason: UntrustedText?
    /// When a dismissal ends; `nil`: never.
    package var expires: Timestamp?

    package init(_ placement: Placement, state: State, reason: UntrustedText? = nil, expires: Timestamp? = nil) {
        fingerprint = placement.fingerprint
        path = placement.path
        category = placement.finding.category
        code = placement.code
        words = Self.words(placement.finding.title.raw)
        self.state = state
        self.reason = reason
        self.expires = expires
    }

    package func isExpired(at now: Timestamp) -> Bool { expires.map { $0 <= now } ?? false }

    /// The same finding said in other words, or on code that was slightly touched.
    ///
    /// The path must be the same. Equal code with a similar title or the same category is the same finding; similar code must have
    /// both. Anything less is a new finding: a repeated comment is a nuisance, a suppressed defect is worse.
    package func resembles(_ placement: Placement) -> Bool {
        guard placement.path == path, !code.isEmpty, !placement.code.isEmpty else { return false }
        let title = Self.similarity(words, Self.words(placement.finding.title.raw))
        let isSameCategory = placement.finding.category == category
        if placement.code == code { return code.utf8.count >= 12 ? isSameCategory || title >= 0.3 : isSameCategory && title >= 0.5 }
        let close = Self.similarity(Self.shingles(code), Self.shingles(placement.code)) >= 0.7
        return close && isSameCategory && title >= 0.5
    }

    private static let idle: Set<String> = [
        "the", "a", "an", "is", "of", "in", "on", "to", "and", "or", "this", "that", "may", "can", "be", "for", "not", "with",
    ]

    /// Beginnings of words, so that `divides`, `dividing` and `ZeroDivisionError` meet.
    static func words(_ title: String) -> Set<String> {
        var spaced = ""
        var previous: Character = " "
        for character in title {
            if character.isUppercase, previous.isLowercase { spaced.append(" ") }
            spaced.append(character)
            previous = character
        }
        let words = spaced.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return Set(Set(words).subtracting(idle).map { String($0.prefix(4)) })
    }

    /// Jaccard: 0...1.
    static func similarity<Element: Hashable>(_ a: Set<Element>, _ b: Set<Element>) -> Double {
        let union = a.union(b).count
        return union == 0 ? 0 : Double(a.intersection(b).count) / Double(union)
    }

    private static func shingles(_ code: String) -> Set<[UInt8]> {
        let bytes = Array(code.utf8)
        guard bytes.count >= 4 else { return [bytes] }
        return Set((0...(bytes.count - 4)).map { Array(bytes[$0..<($0 + 4)]) })
    }
}
