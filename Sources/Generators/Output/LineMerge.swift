import Crypto

/// Three texts into one, line by line: what only one side changed is taken from that side.
///
/// Of the base nothing but a mark per line is needed, because every line of the result comes from one of the two sides.
enum LineMerge {
    /// Four characters that stand for a line.
    typealias Mark = String

    struct Result: Equatable {
        var lines: [String]
        /// Lines of `mine`, from 1, where both sides changed the same place; mine stand.
        var contested: [ClosedRange<Int>] = []
    }

    /// Texts longer than this are not compared line by line.
    static let mostLines = 1_500

    /// The first 24 bits of the line's SHA-256: two lines of one block are alike once in some 300,000 pairs.
    static func mark(_ line: String) -> Mark {
        let digest = SHA256.digest(of: Array(line.utf8))
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let bits = digest.prefix(3).reduce(0) { $0 << 8 | Int($1) }
        return String([18, 12, 6, 0].map { alphabet[(bits >> $0) & 63] })
    }

    /// `nil` when a side is too long.
    static func merge(base: [Mark], mine: [String], theirs: [String]) -> Result? {
        guard max(base.count, mine.count, theirs.count) <= mostLines else { return nil }
        let myMarks = mine.map(mark)
        let theirMarks = theirs.map(mark)
        let toMine = matches(base, myMarks)
        let toTheirs = matches(base, theirMarks)
        var result = Result(lines: [])
        var place = (base: 0, mine: 0, theirs: 0)
        for anchor in 0...base.count {
            let isEnd = anchor == base.count
            guard let inMine = isEnd ? mine.count : toMine[anchor], let inTheirs = isEnd ? theirs.count : toTheirs[anchor] else { continue }
            let (b, m, t) = (base[place.base..<anchor], place.mine..<inMine, place.theirs..<inTheirs)
            append(b, m, t, mine, theirs, myMarks, theirMarks, to: &result)
            if !isEnd { result.lines.append(theirs[inTheirs]) }
            place = (anchor + 1, inMine + 1, inTheirs + 1)
        }
        return result
    }

    private static func append(
        _ base: ArraySlice<Mark>, _ m: Range<Int>, _ t: Range<Int>, _ mine: [String], _ theirs: [String], _ myMarks: [Mark],
        _ theirMarks: [Mark], to result: inout Result
    ) {
        if base.count > 1, m.count == base.count, t.count == base.count {
            // As many lines on all sides: each may have changed for itself.
            for index in base.indices {
                let (i, j) = (m.lowerBound + index - base.startIndex, t.lowerBound + index - base.startIndex)
                append(base[index...index], i..<(i + 1), j..<(j + 1), mine, theirs, myMarks, theirMarks, to: &result)
            }
            return
        }
        if myMarks[m] == base {
            result.lines += theirs[t]
            return
        }
        result.lines += mine[m]
        if theirMarks[t] != base, myMarks[m] != theirMarks[t] {
            result.contested.append((m.lowerBound + 1)...max(m.lowerBound + 1, m.upperBound))
        }
    }

    /// For each line of `a` its partner in `b` in a longest common subsequence.
    private static func matches(_ a: [Mark], _ b: [Mark]) -> [Int?] {
        var lengths = [[Int32]](repeating: [Int32](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var partners = [Int?](repeating: nil, count: a.count)
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                partners[i] = j
                i += 1
                j += 1
            } else if lengths[i + 1][j] >= lengths[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return partners
    }
}
