internal import CPCRE2

/// A regular expression over bytes: PCRE2, compiled once with JIT, under limits.
///
/// Any thread may match at any time. Subjects are bytes: invalid UTF-8 never fails and never matches what is no character.
/// `.`, `^` and `$` see CR, LF and CRLF as line ends.
/// Source: pcre2api(3), pcre2jit(3)
package final class Pattern: @unchecked Sendable {
    // Safe to share: compiled code and match context are only read while matching (pcre2api, "Multithreading"); all that a match
    // writes to is made per call.
    private let code: OpaquePointer
    private let context: OpaquePointer
    private let options: PatternOptions
    package let text: String
    /// Number of capture groups.
    package let groups: Int

    package init(_ text: String, _ options: PatternOptions = [], limits: PatternLimits = PatternLimits()) throws(PatternError) {
        self.text = text
        self.options = options
        code = try Self.compile(text, options)
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_code_free_8(code)
            throw .outOfMemory
        }
        self.context = context
        pcre2_set_match_limit_8(context, limits.steps)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.heapKibibytes)
        // Without JIT (an architecture that has none) the interpreter matches the same, slower: no error.
        pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
        var count: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        groups = Int(count)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    private static func compile(_ text: String, _ options: PatternOptions) throws(PatternError) -> OpaquePointer {
        guard let context = pcre2_compile_context_create_8(nil) else { throw .outOfMemory }
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANYCRLF))
        var status: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8)
        guard let code = pcre2_compile_8(bytes, bytes.count, options.compileFlags, &status, &offset, context) else {
            throw .invalid(pattern: text, offset: offset, reason: Self.message(status))
        }
        return code
    }

    /// PCRE2's own words for an error number.
    private static func message(_ status: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(status, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}

extension Pattern {
    /// The leftmost match at or after `start`. An offset outside the subject matches nothing.
    package func firstMatch(in subject: UnsafeBufferPointer<UInt8>, from start: Int = 0) throws(PatternError) -> PatternMatch? {
        var found: PatternMatch?
        try forEachMatch(in: subject, from: start) { match in
            found = match
            return false
        }
        return found
    }

    package func firstMatch(in subject: [UInt8], from start: Int = 0) throws(PatternError) -> PatternMatch? {
        try subject.withUnsafeBufferPointer { (bytes) throws(PatternError) in try firstMatch(in: bytes, from: start) }
    }

    package func firstMatch(in subject: String) throws(PatternError) -> PatternMatch? {
        try firstMatch(in: Array(subject.utf8))
    }

    /// Every match from left to right, none overlapping, until `body` returns false.
    package func forEachMatch(
        in subject: UnsafeBufferPointer<UInt8>, from start: Int = 0, _ body: (PatternMatch) -> Bool
    ) throws(PatternError) {
        guard start >= 0, start <= subject.count else { return }
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { throw .outOfMemory }
        defer { pcre2_match_data_free_8(data) }
        var start = start
        while start <= subject.count {
            guard try match(subject, from: start, into: data) else { return }
            let match = PatternMatch(ovector: pcre2_get_ovector_pointer_8(data), pairs: Int(pcre2_get_ovector_count_8(data)))
            guard body(match) else { return }
            start = match.range.isEmpty ? next(after: match.range.upperBound, in: subject) : match.range.upperBound
        }
    }

    /// All matches. For short subjects and tests; the hot path uses `forEachMatch`.
    package func allMatches(in subject: [UInt8]) throws(PatternError) -> [PatternMatch] {
        var matches: [PatternMatch] = []
        try subject.withUnsafeBufferPointer { (bytes) throws(PatternError) in
            try forEachMatch(in: bytes) { match in
                matches.append(match)
                return true
            }
        }
        return matches
    }

    private func match(_ subject: UnsafeBufferPointer<UInt8>, from start: Int, into data: OpaquePointer) throws(PatternError) -> Bool {
        var empty: UInt8 = 0
        var status = withUnsafePointer(to: &empty) { nothing in
            pcre2_match_8(code, subject.baseAddress ?? nothing, subject.count, start, 0, data, context)
        }
        if status == PCRE2_ERROR_JIT_STACKLIMIT { status = matchWithLargerStack(subject, from: start, into: data) }
        switch status {
        case 0...: return true
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_NOMEMORY: throw .outOfMemory
        default: throw .limitExceeded(pattern: text, reason: Self.message(status))
        }
    }

    /// The JIT's 32 KiB on the machine stack did not do: once more with up to 1 MiB of its own.
    private func matchWithLargerStack(_ subject: UnsafeBufferPointer<UInt8>, from start: Int, into data: OpaquePointer) -> Int32 {
        guard let context = pcre2_match_context_copy_8(context) else { return PCRE2_ERROR_NOMEMORY }
        defer { pcre2_match_context_free_8(context) }
        guard let stack = pcre2_jit_stack_create_8(32 * 1024, 1024 * 1024, nil) else { return PCRE2_ERROR_NOMEMORY }
        defer { pcre2_jit_stack_free_8(stack) }
        pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        return pcre2_match_8(code, subject.baseAddress, subject.count, start, 0, data, context)
    }

    /// One character on, so that a Unicode pattern never starts inside one, nor any inside a CRLF.
    private func next(after offset: Int, in subject: UnsafeBufferPointer<UInt8>) -> Int {
        var next = offset + 1
        if next < subject.count, subject[offset] == 13, subject[next] == 10 { next += 1 }
        while options.contains(.unicode), next < subject.count, subject[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}

/// Where a pattern matched, in bytes of the subject.
package struct PatternMatch: Sendable, Hashable {
    /// The whole match.
    package let range: Range<Int>
    /// Group 1 first; `nil` for a group that took no part.
    package let groups: [Range<Int>?]

    fileprivate init(ovector: UnsafePointer<Int>?, pairs: Int) {
        guard let ovector, pairs > 0 else {
            range = 0..<0
            groups = []
            return
        }
        range = Self.range(ovector[0], ovector[1]) ?? 0..<0
        groups = pairs == 1 ? [] : (1..<pairs).map { Self.range(ovector[2 * $0], ovector[2 * $0 + 1]) }
    }

    func shifted(by offset: Int) -> PatternMatch {
        PatternMatch(range: range.shifted(by: offset), groups: groups.map { $0?.shifted(by: offset) })
    }

    private init(range: Range<Int>, groups: [Range<Int>?]) {
        self.range = range
        self.groups = groups
    }

    /// `\K` can put the start of a match after its end: read as empty at its start. Unset groups are ~0.
    private static func range(_ start: Int, _ end: Int) -> Range<Int>? {
        guard start >= 0, end >= 0 else { return nil }
        return start..<max(start, end)
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
