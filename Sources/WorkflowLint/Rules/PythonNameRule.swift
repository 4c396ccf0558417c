enum PythonNameRule: WorkflowRule {
    static let id = "python-script"
    static let severity = WorkflowDiagnostic.Severity.error
    static let summary = "A Python script of a step uses a name that is never bound, or never closes a bracket."

    static func check(_ file: LintedWorkflow, _ report: inout RuleReport) {
        for job in file.workflow.jobs {
            for step in job.steps {
                guard let run = step.run, let key = step.runKey, isPython(step, job, file.workflow) else { continue }
                for complaint in PythonScript(run.value).complaints { report.add(key, complaint) }
            }
        }
    }

    /// `python tool.py {0}` hands the text to a program, which may read it as anything.
    private static func isPython(_ step: WorkflowStep, _ job: WorkflowJob, _ workflow: Workflow) -> Bool {
        guard ["python", "python3"].contains(StepShell.of(step, in: job, workflow)) else { return false }
        let words = (step.shell ?? job.defaultShell ?? workflow.defaultShell)?.value.split(separator: " ").dropFirst() ?? []
        return words.allSatisfy { $0.hasPrefix("-") || $0 == "{0}" }
    }
}

/// Just enough of Python's lexical structure to see names: anything doubtful counts as bound.
struct PythonScript {
    private enum Token: Equatable {
        case name(String)
        case mark(Character)
    }

    private var tokens: [Token] = []
    private var depth = 0
    private var isMismatched = false

    /// `${{ }}` counts as a value.
    init(_ text: String) { scan(Array(text)) }

    var complaints: [String] {
        if isMismatched || depth != 0 { return ["the script has a bracket that is never closed, or closed without being opened"] }
        let bound = boundNames
        guard let bound else { return [] }
        var reported: Set<String> = []
        return usedNames.filter { !bound.contains($0) && reported.insert($0).inserted }.map {
            "the script uses '\($0)', which it never defines or imports"
        }
    }

    private mutating func scan(_ text: [Character]) {
        var index = 0
        while index < text.count {
            let character = text[index]
            if character == "#" {
                while index < text.count, !text[index].isNewline { index += 1 }
            } else if character == "$", text[index...].starts(with: "${{") {
                while index < text.count, !text[index...].starts(with: "}}") { index += 1 }
                index += 2
                tokens.append(.mark("0"))
            } else if character == "'" || character == "\"" {
                skipString(text, &index)
            } else if character.isLetter || character == "_" {
                let start = index
                while index < text.count, text[index].isLetter || text[index].isNumber || text[index] == "_" { index += 1 }
                let word = String(text[start..<index])
                let isPrefix = index < text.count && (text[index] == "'" || text[index] == "\"") && word.count <= 2
                if isPrefix, word.lowercased().contains("f") { tokens.append(.name("exec")) }
                if !isPrefix { tokens.append(.name(word)) }
            } else if character.isNumber {
                while index < text.count, text[index].isLetter || text[index].isNumber || text[index] == "_" || text[index] == "." {
                    index += 1
                }
                tokens.append(.mark("0"))
            } else {
                if "([{".contains(character) { depth += 1 }
                if ")]}".contains(character) { depth -= 1 }
                if depth < 0 { isMismatched = true }
                if !character.isWhitespace || character.isNewline { tokens.append(.mark(character.isNewline ? "\n" : character)) }
                index += 1
            }
        }
    }

    private mutating func skipString(_ text: [Character], _ index: inout Int) {
        let quote = text[index]
        let triple = [quote, quote, quote]
        let isTriple = text[index...].starts(with: triple)
        index += isTriple ? 3 : 1
        while index < text.count {
            if text[index] == "\\" {
                index += 2
            } else if isTriple ? text[index...].starts(with: triple) : text[index] == quote || text[index].isNewline {
                index += isTriple ? 3 : 1
                break
            } else {
                index += 1
            }
        }
        tokens.append(.mark("0"))
    }

    /// `nil` when names may come from anywhere: star imports, `exec`, f-strings.
    private var boundNames: Set<String>? {
        var bound: Set<String> = []
        for (index, token) in tokens.enumerated() {
            guard case .name(let name) = token else { continue }
            if ["exec", "eval", "globals", "locals", "lambda"].contains(name) { return nil }
            let previous = index > 0 ? tokens[index - 1] : .mark("\n")
            let next = index + 1 < tokens.count ? tokens[index + 1] : .mark("\n")
            if case .name(let word) = previous,
                ["import", "as", "def", "class", "for", "global", "nonlocal", "del", "from", "with", "except"].contains(word)
            {
                bound.insert(name)
            }
            if name == "import", next == .mark("*") { return nil }
            // Targets of assignments, keyword arguments, annotations, tuples, parameters.
            if [.mark("="), .mark(":"), .mark(",")].contains(next) || previous == .mark(",") || previous == .mark("*") {
                bound.insert(name)
            }
        }
        return bound
    }

    private var usedNames: [String] {
        tokens.enumerated().compactMap { index, token in
            guard case .name(let name) = token, !Self.known.contains(name) else { return nil }
            return index > 0 && tokens[index - 1] == .mark(".") ? nil : name
        }
    }

    /// Keywords and builtins. Source: docs.python.org/3/library/functions.html, reference/lexical_analysis.html
    private static let known: Set<String> = Set(
        """
        False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda
        nonlocal not or pass raise return try while with yield match case type print len range open str int float bool list dict set tuple
        frozenset bytes bytearray object super enumerate zip map filter sorted reversed min max sum abs any all round pow divmod isinstance
        issubclass callable getattr setattr hasattr delattr id hash hex oct bin ord chr repr ascii format input iter next slice vars dir help
        staticmethod classmethod property memoryview complex compile breakpoint exit quit copyright credits license __name__ __file__ __import__
        __doc__ __builtins__ Exception BaseException ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError
        ChildProcessError ConnectionError EOFError FileExistsError FileNotFoundError FloatingPointError GeneratorExit ImportError IndexError
        InterruptedError IOError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
        NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError
        ReferenceError RuntimeError StopIteration SyntaxError SystemError SystemExit TimeoutError TypeError UnboundLocalError UnicodeDecodeError
        UnicodeEncodeError UnicodeError ValueError Warning ZeroDivisionError DeprecationWarning UserWarning Ellipsis aiter anext ExceptionGroup
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
