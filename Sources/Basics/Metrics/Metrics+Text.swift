extension Metrics {
    /// `Content-Type` of `text`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Everything in Prometheus' text format 0.0.4, sorted. Source: prometheus.io/docs/instrumenting/exposition_formats
    package var text: String {
        var text = ""
        for family in snapshot() {
            let name = family.name
            text += "# HELP \(name) \(Self.escape(family.help, quotes: false))\n# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, value) in family.values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                text += "\(name)\(Self.braces(family.labels, labels)) \(Self.number(value))\n"
            }
            for (labels, histogram) in family.histograms.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                text += Self.lines(family, labels, histogram)
            }
        }
        return text
    }

    /// Buckets are cumulative in this format.
    private static func lines(_ family: Family, _ labels: [String], _ histogram: Histogram) -> String {
        let name = family.name
        var text = ""
        var total = 0
        for (index, count) in histogram.counts.enumerated() {
            total += count
            let bound = family.bounds.indices.contains(index) ? number(family.bounds[index]) : "+Inf"
            text += "\(name)_bucket\(braces(family.labels + ["le"], labels + [bound])) \(total)\n"
        }
        let set = braces(family.labels, labels)
        return text + "\(name)_sum\(set) \(number(histogram.sum))\n\(name)_count\(set) \(total)\n"
    }

    private static func braces(_ names: [String], _ values: [String]) -> String {
        guard !names.isEmpty else { return "" }
        return "{" + zip(names, values).map { "\($0)=\"\(escape($1, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }
}
