/// Which lines tests ran through.
package struct CoverageReport: Sendable, Hashable {
    /// File as the report names it, then line from 1, then how often it ran. Lines without code are not in it.
    package var files: [String: [Int: Int]] = [:]

    package init() {}

    mutating func add(_ file: String, line: Int, hits: Int) {
        guard line > 0 else { return }
        files[file, default: [:]][line, default: 0] += max(0, min(hits, 1 << 40))
    }

    /// Takes in another report: a line ran when it ran in either.
    package mutating func merge(_ other: CoverageReport) {
        for (file, lines) in other.files { files[file, default: [:]].merge(lines) { $0 + $1 } }
    }

    /// Reads lcov, Cobertura, JaCoCo, llvm-cov's JSON or Go's cover profile, known by its content.
    package init(parsing bytes: [UInt8]) throws(UnreadableReport) {
        let head = String(decoding: bytes.prefix(4000), as: UTF8.self)
        if head.hasPrefix("mode: ") {
            self = try GoCoverReader.read(bytes)
        } else if head.contains("<coverage") || head.contains("<report") {
            self = try XMLCoverageReader.read(bytes)
        } else if head.hasPrefix("{") {
            self = try LLVMCoverageReader.read(bytes)
        } else if head.contains("SF:") {
            self = try LcovReader.read(bytes)
        } else {
            throw UnreadableReport(reason: "it is no coverage report we know")
        }
    }
}
