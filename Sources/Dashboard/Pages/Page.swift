import Basics

/// The frame around every page.
struct Page: Sendable {
    let title: String
    let path: String
    let content: HTML

    static let sections: [(path: String, name: String)] = [
        ("/", "Overview"), ("/deliveries", "Deliveries"), ("/jobs", "Jobs"), ("/reviews", "Reviews"), ("/previews", "Previews"),
        ("/effects", "Effects"),
        ("/spend", "Spend"),
    ]

    var markup: String {
        let links = HTML.list(
            Self.sections.map { section in
                let current: HTML = section.path == path ? " aria-current=\"page\"" : ""
                return "<a href=\"\(section.path)\"\(current)>\(section.name)</a>"
            })
        let page: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · Fettle</title>
            <link rel="stylesheet" href="/assets/fettle.css">
            <script src="/assets/live.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#content">Skip to content</a>
            <header><strong>Fettle</strong><nav aria-label="Sections">\(links)</nav><span id="live" role="status"></span></header>
            <main id="content">
            <h1>\(title)</h1>
            \(content)
            </main>
            </body>
            </html>

            """
        return page.markup
    }
}

extension HTML {
    /// A table that scrolls by itself on narrow screens; a sentence instead when it has no rows.
    static func table(_ caption: String, _ heads: [String], _ rows: [[HTML]], empty: String) -> HTML {
        if rows.isEmpty { return "<p class=\"empty\">\(empty)</p>" }
        let head = HTML.list(heads.map { "<th scope=\"col\">\($0)</th>" })
        // On narrow screens a row stands as a block, each cell beneath its column's name.
        let body = HTML.list(
            rows.map { cells in
                "<tr>\(HTML.list(zip(heads, cells).map { head, cell in "<td data-label=\"\(head)\">\(cell)</td>" }))</tr>"
            })
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
            <table><caption>\(caption)</caption><thead><tr>\(head)</tr></thead><tbody>
            \(body)
            </tbody></table>
            </div>
            """
    }

    /// A state word that does not rest on colour alone.
    static func state(_ state: String) -> HTML {
        let kind =
            switch state {
            case "succeeded", "handled", "confirmed": "good"
            case "failed", "malformed": "bad"
            case "running", "available", "pending", "retrying", "scheduled", "intended", "sent": "busy"
            default: "quiet"
            }
        return "<span class=\"state \(kind)\">\(state)</span>"
    }

    static func time(_ moment: Timestamp?) -> HTML {
        guard let moment else { return "–" }
        return "<time datetime=\"\(moment.iso8601)\">\(moment.iso8601)</time>"
    }

    static func facts(_ facts: [(String, HTML)]) -> HTML {
        "<dl>\(HTML.list(facts.map { fact in "<dt>\(fact.0)</dt><dd>\(fact.1)</dd>" }))</dl>"
    }
}
