import Basics

/// `llvm-cov export`: files with segments `[line, column, count, hasCount, isRegionEntry, isGap]`, each valid up to the next.
///
/// Source: llvm.org/docs/CommandGuide/llvm-cov.html, and LineCoverageStats in CoverageMapping.cpp for how lines get their count.
enum LLVMCoverageReader {
    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> CoverageReport {
        guard let document = try? JSONValue(parsing: bytes), let data = document["data"]?.array else {
            throw UnreadableReport(reason: "it is no JSON of llvm-cov export")
        }
        var report = CoverageReport()
        for file in data.flatMap({ $0["files"]?.array ?? [] }) {
            guard let name = file["filename"]?.string else { continue }
            read(file["segments"]?.array ?? [], of: name, into: &report)
        }
        return report
    }

    private static func read(_ segments: [JSONValue], of file: String, into report: inout CoverageReport) {
        report.files[file] = report.files[file] ?? [:]
        var running: (line: Int, count: Int)?
        for segment in segments {
            guard let line = segment[0]?.int, let count = segment[2]?.int, line > 0 else { continue }
            if let running, line > running.line, line - running.line < 100_000 {
                // The region before goes on over the lines between, and over this one up to its column.
                for between in running.line + 1..<line where report.files[file]?[between] == nil {
                    report.add(file, line: between, hits: running.count)
                }
            }
            let hasCount = segment[3]?.bool ?? (segment[3]?.int == 1)
            let isGap = segment[5]?.bool ?? false
            running = hasCount && !isGap ? (line, count) : nil
            if hasCount, !isGap {
                let known = report.files[file]?[line] ?? 0
                report.files[file]?[line] = max(known, min(max(count, 0), 1 << 40))
            }
        }
    }
}
