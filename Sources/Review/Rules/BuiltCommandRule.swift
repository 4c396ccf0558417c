import Basics

package struct BuiltCommandRule: Rule {
    package let id = "built-command"
    package let severity = Severity.high
    package let category = Category.security
    package let finds = "Shell commands and SQL statements put together from variables."
    package let why = "A value with quotes, semicolons or comment marks in it becomes part of the command and runs."
    package let fix = "Give SQL its values as parameters; give programs their arguments as a list, without a shell."

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        var hits: [RuleHit] = []
        change.forEachAddedLine(where: { PathKind($0.path) == .source }) { line in
            let trimmed = line.text.trimmingBlanks
            if trimmed.hasPrefix("//") || trimmed.hasPrefix("#") || trimmed.hasPrefix("*") || trimmed.hasPrefix("--") { return }
            let ending = line.path.raw.split(separator: ".").last.map { $0.lowercased() } ?? ""
            if Self.buildsSQL(trimmed, ending) {
                hits.append(RuleHit(line, title: "This SQL statement is built from values"))
            } else if Self.buildsShell(trimmed, ending) {
                hits.append(RuleHit(line, title: "This shell command is built from values"))
            }
        }
        return hits
    }

    // MARK: SQL

    private static let statements: [(verb: String, then: String)] = [
        ("select ", " from "), ("insert into ", " values"), ("update ", " set "), ("delete from ", " where "), ("drop table ", ""),
    ]

    /// A string with a statement in it, into which the line puts a value.
    static func buildsSQL(_ line: String, _ ending: String) -> Bool {
        let lowered = line.lowercased()
        guard let statement = statements.first(where: { isQuoted($0.verb, in: lowered) && lowered.contains($0.then) }) else { return false }
        guard let start = lowered.firstRange(of: statement.verb) else { return false }
        return putsValue(String(lowered[start.lowerBound...]), wholeLine: lowered, ending)
    }

    /// The verb stands right after a quote.
    private static func isQuoted(_ verb: String, in line: String) -> Bool { ["\"", "'", "`"].contains { line.contains($0 + verb) } }

    private static func putsValue(_ tail: String, wholeLine: String, _ ending: String) -> Bool {
        if ["\" + ", "' + ", "\"+", "'+"].contains(where: { mark in follows(mark, in: tail) }) { return true }
        switch ending {
        case "py":
            return isFormatted(wholeLine, tail) || tail.contains("\" % ") || tail.contains("' % ") || tail.contains("\".format(")
                || tail.contains("'.format(")
        case "js", "ts", "jsx", "tsx", "mjs", "cjs": return wholeLine.contains("`") && tail.contains("${") && !isTagged(wholeLine)
        case "swift": return tail.contains("\\(")
        case "rb": return tail.contains("#{")
        case "php": return wholeLine.contains("\"select") && tail.contains("$") || tail.contains("\" . $")
        case "kt", "groovy", "scala": return tail.contains("${") || tail.contains("=$") || tail.contains("'$")
        case "go": return wholeLine.contains("sprintf(") && (tail.contains("'%s'") || tail.contains("= %s") || tail.contains("=%s"))
        case "java": return wholeLine.contains("string.format(") && tail.contains("%s")
        case "cs": return wholeLine.contains("$\"") && tail.contains("{")
        default: return false
        }
    }

    /// `+` and then a name, not another literal: long statements are often split over literals.
    private static func follows(_ mark: String, in text: String) -> Bool {
        guard let found = text.firstRange(of: mark) else { return false }
        let next = text[found.upperBound...].drop { $0 == " " }.first
        return next?.isLetter == true || next == "_" || next == "$"
    }

    private static func isFormatted(_ line: String, _ tail: String) -> Bool {
        ["f\"", "f'"].contains { line.contains($0) } && tail.contains("{")
    }

    /// sql`…${x}` is the safe form of several libraries.
    private static func isTagged(_ line: String) -> Bool {
        ["sql`", "sql.unsafe", "prisma.", "query`", "gql`"].contains { line.contains($0) }
    }

    // MARK: Shell

    static func buildsShell(_ line: String, _ ending: String) -> Bool {
        switch ending {
        case "py":
            let isShell =
                ["os.system(", "os.popen(", "subprocess.getoutput("].contains { line.contains($0) } || line.contains("shell=True")
            guard isShell else { return false }
            return ["f\"", "f'", "\" + ", "' + ", "\" % ", "' % ", ".format("].contains { line.contains($0) }
        case "js", "ts", "mjs", "cjs":
            let calls = ["exec(`", "execSync(`", "exec(\"", "execSync(\"", "exec('", "execSync('"]
            guard let call = calls.lazy.compactMap({ line.firstRange(of: $0) }).first else { return false }
            // `pattern.exec(` is a regular expression's.
            let before = line[..<call.lowerBound]
            guard !before.hasSuffix(".") || before.hasSuffix("child_process.") || before.hasSuffix("cp.") else { return false }
            return line[call.upperBound...].contains("${") || line.contains("\" + ") || line.contains("' + ")
        case "rb": return (line.contains("system(\"") || line.contains("`")) && line.contains("#{") && line.contains("system(")
        case "go":
            return line.contains("exec.Command(\"sh\", \"-c\"")
                && (line.contains("Sprintf") || line.contains("\"+") || line.contains("\" +"))
        case "php": return ["shell_exec(", "passthru(", "system(", "exec("].contains { line.contains($0) } && line.contains("$_")
        case "java", "kt": return line.contains("Runtime.getRuntime().exec(") && line.contains("\" + ")
        default: return false
        }
    }
}
