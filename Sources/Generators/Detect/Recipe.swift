import Text

/// What a target of a Makefile or justfile calls, its prerequisites included, as far as that can be read without running it.
struct Recipe {
    /// First words of the commands, each once, in order. What only running would tell has no word here.
    private(set) var programs: [String] = []
    /// Every recipe line that was reached.
    private(set) var lines: [String] = []
    /// Files and steps that the runner makes by itself.
    private(set) var targets: Set<String> = []

    private var rules: [String: [Rule]] = [:]
    private var variables: [String: String] = [:]
    private var seen: Set<String> = []

    private struct Rule {
        var needs: [String]
        var lines: [String]
    }

    /// Source: gnu.org/software/make/manual, just.systems/man
    enum Syntax { case make, just }

    private static let mostPrograms = 200
    /// Bytes of a line beyond which it is not read.
    private static let longest = 4_000
    /// Values that are put in at most: variables may name each other many times over.
    private var expansions = 20_000
    private static let deepest = 8

    init(of target: String, in text: [Substring], _ syntax: Syntax = .make) {
        read(text, syntax)
        targets = Set(rules.keys)
        visit(target, depth: 0)
    }

    /// A task of a Taskfile. Source: taskfile.dev/docs/reference/schema
    init(of target: String, inTasks root: YAMLNode) {
        for pair in root["vars"]?.mapping ?? [] {
            if let name = pair.key.text, let value = pair.value.string { variables["." + name] = value }
        }
        for pair in root["tasks"]?.mapping ?? [] {
            guard let name = pair.key.text else { continue }
            let items = pair.value["cmds"]?.sequence ?? pair.value["cmd"].map { [$0] } ?? pair.value.sequence ?? [pair.value]
            let called = ((pair.value["deps"]?.sequence ?? []) + items).compactMap { $0.mapping == nil ? nil : $0["task"]?.string }
            let needs = (pair.value["deps"]?.sequence ?? []).compactMap(\.string) + called
            let lines = items.compactMap { $0.string ?? $0["cmd"]?.string }.flatMap { TextLines.split($0).map(String.init) }
            rules[name] = [Rule(needs: needs, lines: lines)]
        }
        targets = Set(rules.keys)
        visit(target, depth: 0)
    }

    // MARK: The file

    private mutating func read(_ text: [Substring], _ syntax: Syntax) {
        var index = 0
        while index < text.count {
            let line = text[index]
            index += 1
            guard let first = line.first, !first.isWhitespace, first != "#" else { continue }
            if let assignment = Self.assignment(line) {
                if variables[assignment.name] == nil { variables[assignment.name] = assignment.value }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            var recipe: [String] = []
            while index < text.count, Self.continues(text[index]) {
                var piece = String(text[index].drop(while: \.isWhitespace))
                index += 1
                while piece.hasSuffix("\\"), index < text.count {
                    if piece.utf8.count <= Self.longest {
                        piece = piece.dropLast() + " " + text[index].drop(while: \.isWhitespace)
                    } else if !text[index].hasSuffix("\\") {
                        piece = ""
                    }
                    index += 1
                }
                if !piece.isEmpty, !Self.isCondition(piece) { recipe.append(piece) }
            }
            let heads = expanded(String(line[..<colon])).split(separator: " ").map(String.init)
            let tail = line[line.index(after: colon)...].drop { $0 == ":" }.prefix { $0 != "#" && $0 != ";" }
            let needs = expanded(String(tail)).split { " \t|()&".contains($0) }.map(String.init)
            // A recipe of just has its parameters behind its name.
            for head in syntax == .just ? Array(heads.prefix(1)) : heads {
                rules[head, default: []].append(Rule(needs: needs, lines: recipe))
            }
        }
    }

    /// Recipe lines, and what may stand between them.
    private static func continues(_ line: Substring) -> Bool {
        line.isEmpty || line.first == "\t" || line.first == " " || line.hasPrefix("#")
            || conditions.contains(where: line.hasPrefix)
    }

    private static let conditions = ["ifeq", "ifneq", "ifdef", "ifndef", "else", "endif"]

    /// Make's own word, also where it is indented: no command of the shell.
    private static func isCondition(_ line: String) -> Bool {
        guard let word = line.split(whereSeparator: { " (\t".contains($0) }).first else { return false }
        return word != "else" && conditions.contains(String(word))
    }

    private static func assignment(_ line: Substring) -> (name: String, value: String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let head = line[..<equals].drop { $0 == " " }
        let name = head.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "." }
        let operators = head.dropFirst(name.count).filter { $0 != " " && $0 != "\t" }
        guard !name.isEmpty, ["", ":", "::", "?", ":::"].contains(operators) else { return nil }
        let value = line[line.index(after: equals)...].prefix { $0 != "#" }.filter { $0 != "\"" && $0 != "'" }
        return (String(name), String(value.drop(while: \.isWhitespace)))
    }

    /// What stands for a value that only running would tell.
    private static let unknown: Character = "\u{1}"

    /// With variables put in; functions and unknown ones become a mark.
    private mutating func expanded(_ text: String, depth: Int = 0) -> String {
        expansions -= 1
        guard depth < Self.deepest, text.utf8.count <= Self.longest, expansions > 0 else { return String(Self.unknown) }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(where: { $0 == "$" || $0 == "{" }) {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if rest[dollar] == "{" {
                guard after.first == "{", let end = after.firstIndex(of: "}") else {
                    result += "{"
                    rest = after
                    continue
                }
                let name = after[after.index(after: after.startIndex)..<end].filter { $0 != " " }
                result += value(of: name, depth)
                rest = after[end...].drop { $0 == "}" }
            } else if after.first == "$" {
                result += "$"
                rest = after.dropFirst()
            } else if after.first == "(" || after.first == "{", let end = Self.closing(after) {
                let name = String(after[after.index(after: after.startIndex)..<end])
                result += name == "MAKE" ? "make" : value(of: name, depth)
                rest = after[after.index(after: end)...]
            } else {
                result += after.isEmpty ? "" : String(Self.unknown)
                rest = after.dropFirst()
            }
        }
        return result + rest
    }

    private mutating func value(of name: String, _ depth: Int) -> String {
        guard let value = variables[name] else { return String(Self.unknown) }
        return expanded(value, depth: depth + 1)
    }

    /// Where the bracket that `text` begins with is closed.
    private static func closing(_ text: Substring) -> Substring.Index? {
        guard let open = text.first else { return nil }
        let close: Character = open == "(" ? ")" : "}"
        var depth = 0
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    // MARK: The walk

    private mutating func visit(_ target: String, depth: Int) {
        guard depth < Self.deepest, programs.count < Self.mostPrograms, seen.insert(target).inserted else { return }
        for rule in rules[target] ?? [] {
            for need in rule.needs { visit(need, depth: depth + 1) }
            for line in rule.lines {
                var command = expanded(line)[...]
                while let first = command.first, "@-+".contains(first) { command = command.dropFirst() }
                lines.append(String(command))
                read(command: String(command), depth: depth)
            }
        }
    }

    private mutating func read(command text: String, depth: Int) {
        guard depth < Self.deepest, text.utf8.count <= Self.longest, !text.contains("esac") else { return }
        let (outer, inner) = ShellWords.substitutions(text)
        for command in inner { read(command: command, depth: depth + 1) }
        for words in ShellWords.commands(outer) { add(words, depth) }
    }

    private static let keywords: Set<String> = [
        "if", "then", "elif", "else", "do", "while", "until", "!", "{", "}", "fi", "done", "time", "exec", "env", "sudo", "command",
        "nohup",
    ]

    private mutating func add(_ words: [String], _ depth: Int) {
        var words = words[...]
        while let first = words.first, Self.keywords.contains(first) || Self.isAssignment(first) { words = words.dropFirst() }
        guard let program = words.first, !["for", "case", "function", "in"].contains(program), !program.hasPrefix("-"),
            !program.contains(Self.unknown), !program.hasPrefix(">"), !program.hasPrefix("<"), !program.hasPrefix("#")
        else { return }
        note(program)
        let rest = words.dropFirst()
        if program == "make", !rest.contains("-C") {
            for word in rest where !word.hasPrefix("-") && !word.contains("=") { visit(word, depth: depth + 1) }
        }
        if program == "xargs" { add(Array(Self.behindOptions(rest)), depth) }
        if program == "find", let mark = rest.firstIndex(of: "-exec") { add(Array(rest[(mark + 1)...]), depth) }
        if program.hasPrefix("python"), rest.first == "-m", let module = rest.dropFirst().first, RunnerTools.python[module] != nil {
            note(module)
        }
    }

    private mutating func note(_ program: String) { if !programs.contains(program) { programs.append(program) } }

    private static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { return false }
        return word[..<equals].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    private static func behindOptions(_ words: ArraySlice<String>) -> ArraySlice<String> {
        var words = words
        while let word = words.first, word.hasPrefix("-") {
            words = words.dropFirst(["-n", "-I", "-P", "-L", "-d"].contains(word) ? 2 : 1)
        }
        return words
    }
}
