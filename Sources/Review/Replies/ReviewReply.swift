import Basics
import Text

/// What a model said about a chunk, as far as it could be read.
struct ReviewReply: Sendable {
    enum Fault: String, Sendable, Hashable {
        case empty = "the answer is empty"
        case noJSON = "the answer holds no JSON object"
        case wrongShape = "the answer is JSON of another shape"
        case cutOff = "the answer breaks off"
    }

    var summary: UntrustedText?
    var findings: [Finding]
    /// Findings whose fields could not be understood.
    var unreadableCount: Int
    /// With `cutOff`, the findings before the break are here all the same.
    var fault: Fault?

    /// Reads the JSON of `fettle_review` out of whatever stands around it.
    init(parsing text: String, model: String) {
        let body = Self.withoutThinking(text)
        var found: [Finding] = []
        var unreadable = 0
        var summary: String?
        var isCutOff = false
        var isReview = false
        var values = LooseJSON.values(in: body)
        // The whole answer encoded once more, as a string.
        if !values.flatMap(Self.unwrapped).contains(where: { Self.findings(in: $0.value) != nil }), body.contains("\\\"findings") {
            values = LooseJSON.values(in: LooseJSON.unescaped(body))
        }
        for parsed in values.flatMap(Self.unwrapped) {
            guard let review = Self.findings(in: parsed.value) else { continue }
            isReview = true
            isCutOff = isCutOff || !parsed.isWhole
            if let text = parsed.value["summary"]?.string, !text.isEmpty { summary = text }
            for element in review {
                if let finding = Self.finding(element, model: model) {
                    if !found.contains(finding) { found.append(finding) }
                } else {
                    unreadable += 1
                }
            }
        }
        if isReview, Self.beginsWithin(body) { unreadable += 1 }
        self.summary = summary.map { UntrustedText($0) }
        findings = found
        unreadableCount = unreadable
        fault = Self.fault(body, values: values.count, isReview: isReview, isCutOff: isCutOff, unreadable: unreadable, found: found.count)
    }

    /// The answer's beginning is missing: fields of a finding stand before anything opens.
    private static func beginsWithin(_ body: String) -> Bool {
        let start = body.utf8.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") }
        return start.count < body.utf8.count
            && ["\"severity\":", "\"category\":", "\"path\":", "\"title\":"].contains { start.firstRange(of: $0.utf8) != nil }
    }

    private static func fault(_ body: String, values: Int, isReview: Bool, isCutOff: Bool, unreadable: Int, found: Int) -> Fault? {
        if NormalizedCode.isBlank(body) { return .empty }
        if values == 0 { return .noJSON }
        if !isReview || (unreadable > 0 && found == 0) { return .wrongShape }
        return isCutOff ? .cutOff : nil
    }

    /// Reasoning models write their thoughts before the answer; what stands in them is no finding.
    static func withoutThinking(_ text: String) -> String {
        var rest = text
        for tag in ["think", "thinking", "reasoning"] {
            while let open = rest.firstRange(of: "<\(tag)>") {
                let close = rest[open.upperBound...].firstRange(of: "</\(tag)>")
                rest.removeSubrange(open.lowerBound..<(close?.upperBound ?? rest.endIndex))
            }
            // Some servers swallow the opening tag.
            if let close = rest.firstRange(of: "</\(tag)>") { rest.removeSubrange(rest.startIndex..<close.upperBound) }
        }
        return rest
    }

    /// The value itself, or what is inside it when it was encoded twice or wrapped.
    private static func unwrapped(_ parsed: LooseJSON.Parsed) -> [LooseJSON.Parsed] {
        if findings(in: parsed.value) != nil { return [parsed] }
        if case .object(let members) = parsed.value {
            for value in members.sorted(by: { $0.key < $1.key }).map(\.value) {
                if case .string(let text) = value, text.contains("findings") { return LooseJSON.values(in: text) }
                if findings(in: value) != nil { return [LooseJSON.Parsed(value: value, isWhole: parsed.isWhole)] }
            }
        }
        if case .array(let elements) = parsed.value {
            let texts = elements.compactMap(\.string).filter { $0.contains("findings") }
            if !texts.isEmpty { return texts.flatMap(LooseJSON.values) }
            let reviews = elements.filter { findings(in: $0) != nil }
            if !reviews.isEmpty { return reviews.map { LooseJSON.Parsed(value: $0, isWhole: parsed.isWhole) } }
        }
        return [parsed]
    }

    /// The list of findings in a value: `findings` of an object, a bare list of findings, or one finding by itself.
    private static func findings(in value: JSONValue) -> [JSONValue]? {
        switch value {
        case .object(let members):
            switch members["findings"] {
            case .array(let elements): return elements
            case .object(let one): return [.object(one)]
            case .null: return []
            case .string(let text): return LooseJSON.values(in: text).first.flatMap { findings(in: $0.value) }
            default: break
            }
            return isFinding(value) ? [value] : nil
        case .array(let elements):
            return elements.contains(where: isFinding) ? elements : nil
        default: return nil
        }
    }

    private static func isFinding(_ value: JSONValue) -> Bool {
        value["path"] != nil && (value["title"] != nil || value["body"] != nil || value["quote"] != nil)
    }

    private static func finding(_ value: JSONValue, model: String) -> Finding? {
        guard let path = value["path"]?.string ?? value["file"]?.string else { return nil }
        let title = value["title"]?.string ?? ""
        let body = value["body"]?.string ?? value["description"]?.string ?? ""
        guard !NormalizedCode.isBlank(title) || !NormalizedCode.isBlank(body) else { return nil }
        let quote = value["quote"]?.string ?? ""
        let suggestion = value["suggestion"]?.string.flatMap { $0.lowercased() == "null" ? nil : Quote.withoutFence($0) }
        let category = category(value["category"])
        // What is missing has no line.
        let isAboutChange = category == .compliance && NormalizedCode.isBlank(quote)
        return Finding(
            path: UntrustedText(path), side: value["side"]?.string?.lowercased() == "old" ? .old : .new,
            target: isAboutChange ? .change : .quote(UntrustedText(quote), hint: integer(value["line"])),
            severity: severity(value["severity"]), category: category,
            title: UntrustedText(title.isEmpty ? String(body.prefix(80)) : title),
            body: UntrustedText(body.isEmpty ? title : body), suggestion: suggestion.map { UntrustedText($0) },
            confidence: confidence(value["confidence"]), source: .model(name: model))
    }

    private static func integer(_ value: JSONValue?) -> Int? {
        switch value {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Int(exactly: number.rounded())
        case .string(let text): text.split { !$0.isNumber }.first.flatMap { Int($0) }
        default: nil
        }
    }

    private static func severity(_ value: JSONValue?) -> Severity {
        let word = value?.string?.lowercased() ?? ""
        if let severity = Severity(rawValue: word) { return severity }
        return switch word {
        case "blocker", "fatal": .critical
        case "error", "major": .high
        case "warning", "moderate": .medium
        case "minor": .low
        case "note", "notice", "nit", "style", "information": .info
        default: .medium
        }
    }

    private static func category(_ value: JSONValue?) -> Category {
        let word = value?.string?.lowercased() ?? ""
        if let category = Category(rawValue: word) { return category }
        return switch word {
        case "vulnerability": .security
        case "perf": .performance
        case "test", "testing": .tests
        case "documentation": .docs
        case "style", "readability", "design", "refactoring": .maintainability
        default: .bug
        }
    }

    /// 0...1; what is no number counts as half sure.
    private static func confidence(_ value: JSONValue?) -> Double {
        let number: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .string(let text): Double(text)
            default: nil
            }
        guard let number, number.isFinite else { return 0.5 }
        return number > 1 && number <= 100 ? number / 100 : min(max(number, 0), 1)
    }
}
