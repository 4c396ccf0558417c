import Text

/// Cobertura's `class filename` with `line number hits`, and JaCoCo's `package`, `sourcefile`, `line nr mi ci`.
///
/// Sources: cobertura.sourceforge.net/xml/coverage-04.dtd, jacoco.org/jacoco/trunk/coverage/report.dtd
struct XMLCoverageReader: XMLHandler {
    private var report = CoverageReport()
    private var package = ""
    private var file: String?

    static func read(_ bytes: [UInt8]) throws(UnreadableReport) -> CoverageReport {
        var reader = XMLCoverageReader()
        do {
            try XMLReader.read(bytes, into: &reader)
        } catch {
            throw UnreadableReport(reason: "\(error)")
        }
        return reader.report
    }

    mutating func start(_ element: XMLElement) {
        switch element.name {
        case "package": package = element["name"] ?? ""
        case "class": if let name = element["filename"] { file = name }
        case "sourcefile": file = package.isEmpty ? element["name"] : "\(package)/\(element["name"] ?? "")"
        case "line":
            guard let file else { return }
            if let number = element["number"].flatMap({ Int($0) }), let hits = element["hits"].flatMap({ Int($0) }) {
                report.add(file, line: number, hits: hits)
            } else if let number = element["nr"].flatMap({ Int($0) }), let covered = element["ci"].flatMap({ Int($0) }) {
                report.add(file, line: number, hits: covered)
            }
        default: break
        }
    }

    mutating func end(_ name: String) {
        if name == "class" || name == "sourcefile" { file = nil }
    }
}
