import Basics

/// What one process of V8 ran, as node writes it to the folder that NODE_V8_COVERAGE names.
///
/// Source: nodejs.org/api/cli.html (NODE_V8_COVERAGE), chromedevtools.github.io/devtools-protocol (Profiler.takePreciseCoverage)
package struct V8Coverage: Sendable {
    package struct Script: Sendable {
        /// The path of a `file:` address.
        package var path: String
        /// Places in the text, in UTF-16 units, that did not run.
        var idle: [Range<Int>]
    }

    /// In the order they were loaded: what the process was started with is first.
    package var scripts: [Script]

    package init(parsing bytes: [UInt8]) throws(UnreadableReport) {
        guard let document = try? JSONValue(parsing: bytes), let results = document["result"]?.array else {
            throw UnreadableReport(reason: "it is no coverage of V8")
        }
        scripts = results.compactMap { result in
            guard let url = result["url"]?.string, url.hasPrefix("file://") else { return nil }
            let ranges = (result["functions"]?.array ?? []).flatMap { $0["ranges"]?.array ?? [] }
            return Script(path: Self.decoded(String(url.dropFirst(7))), idle: Self.joined(ranges.compactMap(Self.idleRange)))
        }
    }

    private static func idleRange(_ range: JSONValue) -> Range<Int>? {
        guard range["count"]?.int == 0, let start = range["startOffset"]?.int, let end = range["endOffset"]?.int, start >= 0, start < end
        else { return nil }
        return start..<end
    }

    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// `%20` and the like as bytes.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 37, rest.count > 1, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension V8Coverage.Script {
    /// Lines of the text, from 1, of which something ran.
    package func lines(of text: [UInt8]) -> [Int] {
        var ran: [Int] = []
        var offset = 0
        var place = 0
        for (number, line) in text.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let isBlank: (UInt8) -> Bool = { $0 == 32 || $0 == 9 || $0 == 13 }
            let start = offset + line.prefix(while: isBlank).count
            let end = offset + Self.units(line) - line.reversed().prefix(while: isBlank).count
            offset += Self.units(line) + 1
            guard start < end else { continue }
            while place < idle.count, idle[place].upperBound < end { place += 1 }
            let isIdle = place < idle.count && idle[place].lowerBound <= start
            if !isIdle { ran.append(number + 1) }
        }
        return ran
    }

    private static func units(_ line: ArraySlice<UInt8>) -> Int {
        line.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
    }
}
