import Basics
import Review
import Text

enum SampleChange {
    static let diff = """
        diff --git a/src/app.py b/src/app.py
        index 1111111..2222222 100644
        --- a/src/app.py
        +++ b/src/app.py
        @@ -10,5 +10,7 @@ def load(path):
             data = open(path).read()
        -    return parse(data)
        +    if not data:
        +        return None
        +    return parse_all(data)
             # end
             pass
             pass
        @@ -40,4 +42,5 @@ def save(path):
             if not path:
        -        raise ValueError
        +        return None
        +    count = len(data) / 0
             pass
             pass
        diff --git a/lib/util.go b/lib/tool.go
        similarity index 80%
        rename from lib/util.go
        rename to lib/tool.go
        --- a/lib/util.go
        +++ b/lib/tool.go
        @@ -3,3 +3,3 @@ func a() {
         \tx := 1
        -\treturn x
        +\treturn  x + offset
         }

        """

    static var change: Change { Change(gitDiff: Array(diff.utf8), title: "Load less", body: "As agreed.") }

    /// A change that adds one file.
    static func adding(_ text: String, path: String) -> Change {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let body = lines.map { "+" + $0 + "\n" }.joined()
        let diff =
            "diff --git a/\(path) b/\(path)\nnew file mode 100644\n--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1,\(lines.count) @@\n\(body)"
        return Change(gitDiff: Array(diff.utf8))
    }

    /// Nine files, each of which fills a short request.
    static var long: Change {
        let texts = (0..<9).map { file in (0..<6).map { "value_\(file)_\($0) = compute(\(file), \($0), scale=\(file * 7))" } }
        return Change(files: texts.enumerated().flatMap { adding($0.element.joined(separator: "\n"), path: "src/f\($0.offset).py").files })
    }

    static func finding(
        _ quote: String, path: String = "src/app.py", side: DiffSide = .new, line: Int? = nil, severity: Severity = .high,
        title: String = "Title", suggestion: String? = nil, confidence: Double = 0.9
    ) -> Finding {
        Finding(
            path: UntrustedText(path), side: side, target: .quote(UntrustedText(quote), hint: line), severity: severity, category: .bug,
            title: UntrustedText(title), body: "Body", suggestion: suggestion.map { UntrustedText($0) }, confidence: confidence,
            source: .model(name: "m"))
    }

    static func reply(_ findings: [(path: String, quote: String, line: Int, title: String)], summary: String = "Loads less.") -> String {
        let list = findings.map { finding -> JSONValue in
            .object([
                "path": .string(finding.path), "quote": .string(finding.quote), "side": "new", "line": .integer(Int64(finding.line)),
                "severity": "high", "category": "bug", "title": .string(finding.title), "body": "Because.", "suggestion": nil,
                "confidence": 0.9,
            ])
        }
        return JSONValue.object(["summary": .string(summary), "findings": .array(list)]).text
    }
}
