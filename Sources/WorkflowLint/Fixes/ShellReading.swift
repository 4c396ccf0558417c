/// Places where a variable would be as dangerous as the expression, or would not mean the same: something reads the text a second time.
enum ShellReading {
    /// Programs that take a text and run it, or run what follows on another machine.
    private static let interpreters: Set<String> = [
        "eval", "source", ".", "sh", "bash", "dash", "zsh", "ksh", "su", "sudo", "ssh", "xargs", "parallel", "trap", "let", "declare",
        "test",
        "python", "python3", "node", "deno", "bun", "perl", "ruby", "php", "lua", "awk", "gawk", "sed", "jq", "yq", "psql", "mysql",
        "sqlite3",
        "pwsh", "powershell", "cmd", "osascript", "env", "watch", "exec", "docker", "podman", "kubectl", "find",
    ]

    /// `nil` when nothing of the line speaks against a variable.
    static func reasonToLeave(before: ArraySlice<Unicode.Scalar>, of line: [Unicode.Scalar], isBare: Bool) -> String? {
        let text = String(String.UnicodeScalarView(before))
        let words = text.split { " \t;&|(){}\"'`=".contains($0) }.map(String.init)
        if let name = words.first(where: { interpreters.contains(String($0.split(separator: "/").last ?? "")) }) {
            return "'\(name)' may read the text as code again; hand it over as an argument or a file instead"
        }
        if text.contains("((") { return "in arithmetic the shell reads a variable's text as code; check that it is a number first" }
        if isBare, words.contains("for") || words.contains("select"), words.contains("in") {
            return "behind 'in' the value may be meant as several words; say which words are allowed"
        }
        let whole = String(String.UnicodeScalarView(line))
        if ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE"].contains(where: { whole.contains($0) }) {
            return "later steps read this file as settings, and a line break in the value writes another one; check the value first"
        }
        return nil
    }
}
