/// `SF:file`, `DA:line,hits`, `end_of_record`. Source: man.archlinux.org/man/geninfo.1, "tracefile format"
enum LcovReader {
    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> CoverageReport {
        var report = CoverageReport()
        var file = ""
        for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("SF:") {
                file = String(text.dropFirst(3))
                report.files[file] = report.files[file] ?? [:]
            } else if text.hasPrefix("DA:") {
                let parts = text.dropFirst(3).split(separator: ",")
                guard parts.count >= 2, let number = Int(parts[0]), let hits = Double(parts[1]), hits.isFinite else {
                    throw UnreadableReport(reason: "'\(text.prefix(60))' is no line of lcov")
                }
                report.add(file, line: number, hits: Int(min(max(hits, 0), 1e12)))
            }
        }
        return report
    }
}

/// `name:line.column,line.column statements count`. Source: pkg.go.dev/golang.org/x/tools/cover
enum GoCoverReader {
    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> CoverageReport {
        var report = CoverageReport()
        for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).dropFirst() {
            let text = String(decoding: line, as: UTF8.self)
            let words = text.split(separator: " ")
            guard words.count == 3, let hits = Int(words[2]), let colon = words[0].lastIndex(of: ":") else {
                throw UnreadableReport(reason: "'\(text.prefix(60))' is no line of a cover profile")
            }
            let ends = words[0][words[0].index(after: colon)...].split(separator: ",").compactMap { Int($0.prefix { $0 != "." }) }
            guard ends.count == 2, ends[0] > 0, ends[0] <= ends[1], ends[1] - ends[0] < 100_000 else { continue }
            for number in ends[0]...ends[1] { report.add(String(words[0][..<colon]), line: number, hits: hits) }
        }
        return report
    }
}
