import Text

/// How a POSIX shell would read each `${{ }}` of a script: a walk over its lines that knows quotes, comments and here-documents.
struct ScriptQuoting {
    enum Context: Sendable, Hashable {
        /// Outside quotes; `assigns` directly behind `NAME=`.
        case bare(assigns: Bool)
        /// Between double quotes, in a comment or in a here-document that expands variables.
        case expanding
        /// Between single quotes, in a here-document that expands nothing or is not only shown, in double quotes opened on an earlier line,
        /// or where this walk cannot tell.
        case fixed
    }

    struct Place: Hashable {
        /// Index of the line in the script.
        var line: Int
        /// Scalar of the line the `$` stands at.
        var column: Int
    }

    /// Contexts of all expressions, with the column behind their `}}`. Those that do not end on their line are left out.
    private(set) var found: [Place: (context: Context, end: Int)] = [:]

    private enum State: Equatable {
        case bare, double, single, ansi, comment
    }

    /// Bottom first; `$(` opens a level inside double quotes.
    private var states: [State] = [.bare]
    private var heredocs: [(delimiter: String, expands: Bool)] = []
    private var isLost = false
    /// The line at hand has a `~`, as `=~` does.
    private var matchesPatterns = false

    init(_ lines: [[Unicode.Scalar]]) {
        for (number, line) in lines.enumerated() { read(line, number) }
    }

    /// Double quotes of an earlier line are still open: they may hold another program.
    private var isCarried = false

    private mutating func read(_ line: [Unicode.Scalar], _ number: Int) {
        matchesPatterns = line.contains("~")
        isCarried = states.contains(.double)
        if let heredoc = open {
            let text = String(String.UnicodeScalarView(line.drop { $0 == " " || $0 == "\t" }))
            if text == heredoc.delimiter {
                heredocs.removeFirst()
                open = heredocs.first
                return
            }
            note(line, number, heredoc.expands ? .expanding : .fixed)
            return
        }
        var index = 0
        while index < line.count {
            if let end = Self.expressionEnd(line, index) {
                found[Place(line: number, column: index)] = (context(before: index, in: line), end)
                index = end
                continue
            }
            index = step(line, index)
        }
        if states.last == .comment { states.removeLast() }
        if states.last == .bare { open = heredocs.first }
    }

    /// The here-document whose body is being read.
    private var open: (delimiter: String, expands: Bool)?

    private mutating func note(_ line: [Unicode.Scalar], _ number: Int, _ context: Context) {
        var index = 0
        while index < line.count {
            if let end = Self.expressionEnd(line, index) {
                found[Place(line: number, column: index)] = (isLost ? .fixed : context, end)
                index = end
            } else {
                index += 1
            }
        }
    }

    private func context(before index: Int, in line: [Unicode.Scalar]) -> Context {
        if isLost { return .fixed }
        switch states.last {
        case .double where isCarried: return .fixed
        case .double, .comment: return .expanding
        case .single, .ansi, nil: return .fixed
        case .bare:
            let word = line[max(0, index - 200)..<index].reversed().prefix { !" \t;|&()<>".unicodeScalars.contains($0) }.reversed()
            let isName = { (scalar: Unicode.Scalar) in scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
            return .bare(assigns: word.last == "=" && word.dropLast().allSatisfy(isName) && word.count > 1)
        }
    }

    private mutating func step(_ line: [Unicode.Scalar], _ index: Int) -> Int {
        let scalar = line[index]
        let next: Unicode.Scalar? = index + 1 < line.count ? line[index + 1] : nil
        switch states.last {
        case .comment: return index + 1
        case .single:
            if scalar == "'" { states.removeLast() }
            return index + 1
        case .ansi:
            if scalar == "'" { states.removeLast() }
            return scalar == "\\" ? index + 2 : index + 1
        case .double:
            if scalar == "\\" { return index + 2 }
            if scalar == "\"" {
                states.removeLast()
                isCarried = states.contains(.double) && isCarried
            }
            if scalar == "$", next == "(" {
                states.append(.bare)
                return index + 2
            }
            if scalar == "`" { isLost = true }
            return index + 1
        case .bare, nil: return bareStep(line, index, scalar, next)
        }
    }

    private mutating func bareStep(_ line: [Unicode.Scalar], _ index: Int, _ scalar: Unicode.Scalar, _ next: Unicode.Scalar?) -> Int {
        switch scalar {
        case "\\": return index + 2
        case "'": states.append(.single)
        case "\"": states.append(.double)
        case "`": isLost = true
        case "$" where next == "'":
            states.append(.ansi)
            return index + 2
        case "(" where states.count > 1: states.append(.bare)
        case ")" where states.count > 1: states.removeLast()
        case "#" where index == 0 || " \t;&|(".unicodeScalars.contains(line[index - 1]):
            states.append(.comment)
        case "[" where next == "[":
            // A quoted pattern of `[[ a =~ b ]]` is no pattern any more.
            if matchesPatterns { isLost = true }
        case "<" where next == "<": return heredoc(line, index + 2)
        default: break
        }
        return index + 1
    }

    /// `<<EOF`, `<<-'EOF'`; `<<<` is a text.
    private mutating func heredoc(_ line: [Unicode.Scalar], _ start: Int) -> Int {
        if start < line.count, line[start] == "<" { return start + 1 }
        var rest = line[start...]
        if rest.first == "-" { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " }
        let word = rest.prefix { !" \t;|&)>".unicodeScalars.contains($0) }
        let bare = word.filter { $0 != "'" && $0 != "\"" && $0 != "\\" }
        guard !bare.isEmpty else {
            isLost = true
            return start
        }
        heredocs.append((String(String.UnicodeScalarView(bare)), bare.count == word.count && Self.isShown(line)))
        return word.endIndex
    }

    /// A here-document that is only shown; elsewhere it becomes a file or a program's input, and may be code there.
    private static func isShown(_ line: [Unicode.Scalar]) -> Bool {
        let text = String(String.UnicodeScalarView(line.drop { $0 == " " || $0 == "\t" }))
        return text.hasPrefix("cat ") && !text.holds("|") && (!text.holds(">") || text.holds("GITHUB_STEP_SUMMARY"))
    }

    /// Just behind the `}}` of an expression that begins at `index` and ends on the line.
    static func expressionEnd(_ line: [Unicode.Scalar], _ index: Int) -> Int? {
        guard index + 3 <= line.count, line[index] == "$", line[index + 1] == "{", line[index + 2] == "{" else { return nil }
        for length in ExpressionLexer.windows {
            var lexer = ExpressionLexer(line[(index + 3)...].prefix(length))
            if (try? lexer.tokens(closing: true)) != nil { return index + 3 + lexer.endOffset }
        }
        return nil
    }
}
