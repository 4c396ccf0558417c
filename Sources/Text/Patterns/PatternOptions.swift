internal import CPCRE2

package struct PatternOptions: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Letters match in either case.
    package static let caseless = PatternOptions(rawValue: 1)
    /// `^` and `$` match at line ends inside the subject.
    package static let multiline = PatternOptions(rawValue: 2)
    /// `.` also matches line ends.
    package static let dotMatchesNewline = PatternOptions(rawValue: 4)
    /// Subject and pattern are UTF-8 characters instead of bytes; slower. Invalid bytes match nothing.
    package static let unicode = PatternOptions(rawValue: 8)

    /// `\C` is never allowed, and a pattern's text cannot turn Unicode on by itself.
    var compileFlags: UInt32 {
        var flags = PCRE2_NEVER_BACKSLASH_C
        if contains(.caseless) { flags |= PCRE2_CASELESS }
        if contains(.multiline) { flags |= UInt32(PCRE2_MULTILINE) }
        if contains(.dotMatchesNewline) { flags |= UInt32(PCRE2_DOTALL) }
        flags |= contains(.unicode) ? UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_MATCH_INVALID_UTF) : UInt32(PCRE2_NEVER_UTF)
        return flags
    }
}

/// Ceilings of one match, so that a pattern that backtracks without end is an error, not a hang.
package struct PatternLimits: Sendable, Hashable {
    /// Calls of the internal match function; the JIT counts differently but stops too. A million is well under a second.
    package var steps: UInt32
    /// Nested backtracking points (interpreter only).
    package var depth: UInt32
    /// Heap for backtracking (interpreter only), in KiB.
    package var heapKibibytes: UInt32

    package init(steps: UInt32 = 1_000_000, depth: UInt32 = 10_000, heapKibibytes: UInt32 = 20_000) {
        self.steps = steps
        self.depth = depth
        self.heapKibibytes = heapKibibytes
    }
}

package enum PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no regular expression; `offset` counts bytes.
    case invalid(pattern: String, offset: Int, reason: String)
    /// Matching stopped at a ceiling: whether it matches is not known.
    case limitExceeded(pattern: String, reason: String)
    case outOfMemory

    package var description: String {
        switch self {
        case .invalid(let pattern, let offset, let reason): "pattern '\(pattern)' is wrong at byte \(offset): \(reason)"
        case .limitExceeded(let pattern, let reason): "pattern '\(pattern)' was stopped: \(reason)"
        case .outOfMemory: "no memory for a pattern"
        }
    }
}
