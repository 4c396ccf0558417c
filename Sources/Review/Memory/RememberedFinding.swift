package import Basics
import Text

/// A finding of an earlier run, as much of it as is needed to know it again. Kept per repository, by whoever has a database.
package struct RememberedFinding: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable {
        /// Its comment stands.
        case posted
        /// Its comment stands in a thread that somebody who may decide it has resolved.
        case resolved
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
    /// The title, for people; redacted by whoever keeps it.
    package var title: UntrustedText
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
        title = placement.finding.title
        self.state = state
        self.reason = reason
        self.expires = expires
    }

    /// Known by its mark alone: the rows that knew more are gone.
    package init(fingerprint: Fingerprint, path: String, state: State, reason: UntrustedText? = nil, expires: Timestamp? = nil) {
        self.fingerprint = fingerprint
        self.path = path
        category = .bug
        code = ""
        words = []
        title = ""
        self.state = state
        self.reason = reason
        self.expires = expires
    }

    /// Whether its code is still in what the change shows. A finding without code, and one in a file that is not shown, cannot be told from
    /// one that was fixed elsewhere: the former counts as there, the latter as gone.
    package func isStillThere(in change: Change) -> Bool {
        guard let file = change.files.first(where: { isSame($0, code: code, in: change) }) else { return false }
        // Code that held a credential is kept without it and cannot be looked for.
        return code.isEmpty || code.contains("(redacted:") || file.shows(code)
    }

    /// Shorter code stands in many files.
    private static let leastMovedCode = 24

    /// Whether a file is the one this was said of, also under a new name: renamed since the base, or, new in this pull request and renamed
    /// within it, known by the code it was said of.
    private func isSame(_ file: Change.File, code: String, in change: Change) -> Bool {
        if file.path == path || file.lastingPath == path { return true }
        guard file.diff.change == .added, code.utf8.count >= Self.leastMovedCode, code == self.code else { return false }
        // A dismissal holds in every pull request: elsewhere the same code may be somebody's copy.
        guard state != .dismissed || file.path.split(separator: "/").last == path.split(separator: "/").last else { return false }
        let isGone = !change.files.contains { $0.diff.newPath?.raw == path }
        return isGone && file.shows(code)
    }

    package func isExpired(at now: Timestamp) -> Bool { expires.map { $0 <= now } ?? false }

    /// The same finding said in other words, or on code that was slightly touched.
    ///
    /// The file must be the same, its name may have changed. Equal code with a similar title or the same category is the same finding;
    /// code that is a part of the other needs some word in common, similar code must have both. Anything less is a new finding: a repeated
    /// comment is a nuisance, a suppressed defect is worse.
    package func resembles(_ placement: Placement, in change: Change) -> Bool {
        guard !code.isEmpty, !placement.code.isEmpty, isSameFile(placement, in: change) else { return false }
        let title = Self.similarity(words, Self.words(placement.finding.title.raw))
        let isSameCategory = placement.finding.category == category
        if placement.code == code { return code.utf8.count >= 12 ? isSameCategory || title >= 0.2 : isSameCategory && title >= 0.5 }
        // A model quotes a line more or less each time.
        if min(code.utf8.count, placement.code.utf8.count) >= 12, code.contains(placement.code) || placement.code.contains(code) {
            return isSameCategory ? title > 0 : title >= 0.2
        }
        let close = Self.similarity(Self.shingles(code), Self.shingles(placement.code)) >= 0.7
        return close && isSameCategory && title >= 0.5
    }

    private func isSameFile(_ placement: Placement, in change: Change) -> Bool {
        guard placement.path != path, let file = placement.anchor.file, change.files.indices.contains(file) else {
            return placement.path == path
        }
        return isSame(change.files[file], code: placement.code, in: change)
    }

    /// How alike two findings are that resemble each other: 0...2.
    func likeness(to placement: Placement) -> Double {
        Self.similarity(words, Self.words(placement.finding.title.raw)) + (placement.finding.category == category ? 0.5 : 0)
            + (placement.code == code ? 0.5 : 0)
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

extension RememberedFinding.State {
    /// What somebody decided counts more than what we did.
    var weight: Int {
        switch self {
        case .posted: 0
        case .resolved: 1
        case .dismissed: 2
        }
    }
}

extension Change.File {
    /// Whether this code, written without blanks, stands in what the change shows of the file.
    fileprivate func shows(_ code: String) -> Bool {
        let lines = diff.hunks.flatMap(\.lines)
        return [DiffSide.new, .old].contains { side in
            lines.filter { $0.number(on: side) != nil }.map { NormalizedCode.line($0.text.raw, .none) }.joined().contains(code)
        }
    }
}
