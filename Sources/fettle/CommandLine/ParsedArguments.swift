/// A command line that does not fit the command: printed with the command's usage line, exit status 2.
struct UsageError: Error, Sendable, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The words after the command, checked against its description.
struct ParsedArguments: Sendable {
    private(set) var positionals: [String] = []
    private var given: [String: [String]] = [:]
    private let description: CommandDescription

    /// `--name value` and `--name=value`; everything after `--` is positional.
    init(_ words: [String], for description: CommandDescription) throws(UsageError) {
        self.description = description
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                positionals += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = description.options.first(where: { $0.name == parts[0] }) else {
                throw UsageError("unknown option '\(parts[0])'" + Self.hint(for: parts[0], among: description.options.map(\.name)))
            }
            try read(option, attached: parts.count == 2 ? parts[1] : nil, from: &rest)
        }
        try check()
    }

    private mutating func read(_ option: CommandOption, attached: String?, from rest: inout ArraySlice<String>) throws(UsageError) {
        if given[option.name] != nil, !option.repeats { throw UsageError("'\(option.name)' is given twice") }
        guard let placeholder = option.value else {
            if attached != nil { throw UsageError("'\(option.name)' takes no value") }
            given[option.name] = ["true"]
            return
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("'\(option.name)' needs a value: \(option.name) \(placeholder)")
        }
        if !option.choices.isEmpty, !option.choices.contains(value) {
            throw UsageError("'\(option.name)' is '\(value)'; it takes one of \(option.choices.joined(separator: ", "))")
        }
        given[option.name, default: []].append(value)
    }

    private func check() throws(UsageError) {
        let missing = description.options.filter { $0.isRequired && given[$0.name] == nil }.map { "'\($0.form)'" }
        if description.positionals.isEmpty, let extra = positionals.first {
            let needs = missing.isEmpty ? "" : "; it takes options only and needs \(missing.joined(separator: ", "))"
            throw UsageError("unexpected argument '\(extra)'\(needs)")
        }
        if !missing.isEmpty { throw UsageError("\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") missing") }
    }

    func flag(_ name: String) -> Bool { given[name] != nil }

    /// The value given, else the option's default.
    func value(_ name: String) -> String? { given[name]?.last ?? option(name).defaultValue }

    func values(_ name: String) -> [String] { given[name] ?? option(name).defaultValue.map { [$0] } ?? [] }

    func integers(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int] {
        var numbers: [Int] = []
        for text in values(name) {
            guard let number = Int(text), range.contains(number) else {
                throw UsageError("'\(name)' is '\(text)'; it takes a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            numbers.append(number)
        }
        return numbers
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? { try integers(name, in: range).last }

    private func option(_ name: String) -> CommandOption {
        guard let option = description.options.first(where: { $0.name == name }) else {
            preconditionFailure("command '\(description.name)' reads '\(name)' and does not describe it")
        }
        return option
    }

    /// `; did you mean '--format'?` when one known word is within two edits.
    static func hint(for word: String, among known: [String]) -> String {
        let near = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= 2 else { return "" }
        return "; did you mean '\(near.0)'?"
    }

    /// Levenshtein distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let cost = x == b[j] ? diagonal : diagonal + 1
                diagonal = row[j + 1]
                row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
