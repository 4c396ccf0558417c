import Basics

/// The summary as one page of HTML, and its curve as SVG. Names come from outside and are escaped here.
package enum HistoryPage {
    /// Share of red sessions caught over the share of time spent.
    package static func svg(_ curve: ConfidenceCurve) -> String {
        let (width, height, margin) = (480.0, 280.0, 40.0)
        func x(_ share: Double) -> String { number(margin + share * (width - 2 * margin)) }
        func y(_ share: Double) -> String { number(height - margin - share * (height - 2 * margin)) }
        var points = ["\(x(0)),\(y(0))"]
        for (index, share) in curve.shares.enumerated() {
            points.append("\(x(share)),\(y(Double(index) / Double(curve.shares.count)))")
            points.append("\(x(share)),\(y(Double(index + 1) / Double(curve.shares.count)))")
        }
        points.append("\(x(1)),\(y(curve.shares.isEmpty ? 0 : 1))")
        let grid = [0.0, 0.25, 0.5, 0.75, 1].map { share in
            """
            <line x1="\(x(share))" y1="\(y(0))" x2="\(x(share))" y2="\(y(1))" stroke="#ddd"/>\
            <line x1="\(x(0))" y1="\(y(share))" x2="\(x(1))" y2="\(y(share))" stroke="#ddd"/>\
            <text x="\(x(share))" y="\(number(height - margin + 16))" text-anchor="middle">\(Int(share * 100)) %</text>\
            <text x="\(number(margin - 6))" y="\(y(share))" text-anchor="end">\(Int(share * 100)) %</text>
            """
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" font-family="sans-serif" font-size="11" \
            role="img"><title>Red sessions caught over time spent, \(Count.of(curve.shares.count, "session"))</title>\(grid.joined())\
            <polyline fill="none" stroke="#0a58ca" stroke-width="2" points="\(points.joined(separator: " "))"/>\
            <text x="\(number(width / 2))" y="\(number(height - 6))" text-anchor="middle">share of the suite's time</text></svg>
            """
    }

    /// The last run times as a small line.
    static func sparkline(_ series: [Double]) -> String {
        let top = max(series.max() ?? 1, 1e-9)
        let step = 120 / Double(max(1, series.count - 1))
        let points = series.enumerated().map { "\(number(Double($0) * step)),\(number(22 - 20 * $1 / top))" }
        return
            "<svg viewBox=\"0 0 120 24\" width=\"120\" height=\"24\"><polyline fill=\"none\" stroke=\"#0a58ca\" points=\"\(points.joined(separator: " "))\"/></svg>"
    }

    package static func html(_ summary: HistorySummary) -> String {
        let flaky = summary.flaky.map { "<tr><td>\(escaped($0.unit.name))</td><td>\($0.flips)</td><td>\($0.runs)</td></tr>" }
        let slow = summary.slowest.prefix(25).map { "<tr><td>\(escaped($0.unit.name))</td><td>\(number($0.seconds)) s</td></tr>" }
        let shifts = summary.shifts.prefix(25).map { item in
            """
            <tr><td>\(escaped(item.unit.name))</td><td>\(number(item.shift.before)) s</td><td>\(number(item.shift.after)) s</td>\
            <td>\(Count.of(item.shift.runs, "run"))</td><td>\(sparkline(item.series))</td></tr>
            """
        }
        let benchmarks = summary.slowBenchmarks.prefix(25).map { item in
            """
            <tr><td>\(escaped(item.name))</td><td>\(OperationTime.text(item.before))</td><td>\(OperationTime.text(item.now))</td>\
            <td>\(Count.of(item.runs, "run"))</td><td>\(sparkline(item.series))</td></tr>
            """
        }
        let missed = summary.missed.prefix(25).map { "<tr><td>\(escaped($0.unit.name))</td><td>\(escaped($0.reason))</td></tr>" }
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Tests</title>
            <style>body{font:14px sans-serif;max-width:60em;margin:2em auto}td,th{padding:.2em 1em .2em 0;text-align:left}</style>
            <h1>Tests</h1><p>\(Count.of(summary.units, "test")), \(number(summary.seconds)) s, \(Count.of(summary.sessions, "recorded run")), \(summary.redSessions) of them red.</p>
            <h2>Red runs caught</h2>\(svg(summary.curve))
            \(table("Missed by selection", ["test", ""], missed))\(table("Flaky", ["test", "flips", "runs"], flaky))\(table("Run times that changed", ["test", "before", "after", "for", ""], shifts))\
            \(benchmarks.isEmpty ? "" : table("Benchmarks slower than before", ["benchmark", "before", "after", "for", ""], benchmarks))\
            \(table("Slowest", ["test", "median"], slow))</html>

            """
    }

    private static func table(_ title: String, _ columns: [String], _ rows: [String]) -> String {
        let head = columns.map { "<th>\($0)</th>" }.joined()
        return "<h2>\(title)</h2>" + (rows.isEmpty ? "<p>None.</p>" : "<table><tr>\(head)</tr>\(rows.joined())</table>") + "\n"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            .replacing("'", with: "&#39;")
    }

    /// Three digits after the point at most.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
    }
}
