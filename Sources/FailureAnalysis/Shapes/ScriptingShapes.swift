extension ErrorShape {
    /// Shells, Lua, Vim, Tcl, Dart, D, Nim, Crystal, Groovy, LaTeX.
    /// Source: gnu.org/software/bash/manual; olivinelabs.com/busted; vimhelp.org
    static let scripting: [ErrorShape] = [
        ErrorShape(
            "sh.notFound", .cause,
            #"""
            (?:command not found|: (?:line )?\d+: \S+: not found|: not found$|[Nn]o such file or directory\#
            |is not recognized as an internal)
            """#,
            literals: ["command not found", ": not found", "no such file or directory", "is not recognized"], .line, class: .configuration,
            like: "/home/ci/build.sh: line 12: cmake: command not found"),
        ErrorShape(
            "sh.permission", .cause,
            #"""
            (?i)(?:permission denied|operation not permitted|access ?denied|access is denied|\b403\b.*forbidden\#
            |forbidden\b.*\b403|\b401\b|unauthorized|Resource not accessible|authentication (?:failed|required)\#
            |could not read Username|not authorized)
            """#,
            literals: [
                "permission denied", "operation not permitted", "access denied", "accessdenied", "forbidden", "unauthorized",
                "not accessible by integration", "authentication failed", "could not read username", "not authorized", "access is denied",
            ], .line, class: .permission,
            like: "./build.sh: Permission denied"),
        ErrorShape(
            "sh.syntax", .cause,
            #"""
            (?:line \d+: (?:syntax error|unexpected EOF|.*unbound variable|\[:)|bad substitution|syntax error near\#
            |unexpected token)
            """#,
            literals: ["syntax error", "unexpected eof", "unbound variable", "bad substitution", "unexpected token", "unary operator"],
            .line, class: .configuration,
            like: "build.sh: line 12: syntax error near unexpected token `fi'"),
        ErrorShape(
            "sh.retry", .hint,
            #"""
            (?i)(?:failed\. retrying|^the command ".*" failed \d+ times|retrying in \d|all \d+ attempts failed\#
            |after \d+ attempts)
            """#,
            literals: ["retrying", "failed 3 times", "will retry", " attempts"], .line,
            like: "The command \"make deps\" failed. Retrying, 2 of 3."),
        ErrorShape(
            "lua.error", .cause, #"^(?:lua\S*|luajit|luvit|luacheck): |\.lua:\d+: |^stack traceback:"#,
            literals: ["lua: ", ".lua:", "luajit: ", "stack traceback"],
            like: "lua: app.lua:12: attempt to index a nil value"),
        ErrorShape(
            "busted.failure", .cause, #"^(?:Failure|Error) (?:→|->)"#,
            literals: ["failure →", "error →", "failure ->", "error ->"], .entry, class: .test,
            like: "Failure → spec/parser_spec.lua @ 12"),
        ErrorShape(
            "vim.error", .cause,
            #"""
            (?:^\s*E\d{2,4}: |Vim(?:\(\w+\))?:E\d+|^Error detected while|Found errors in |Caught exception i\#
            n |^\s*\[\s*EXECUTE\]|^\s*\(X\)|: (?:Expected|Pattern) .* but got)
            """#,
            literals: [
                "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9", "error detected while", "found errors in", "caught exception in",
                "(x)",
            ],
            like: "E492: Not an editor command: Foo"),
        ErrorShape(
            "vint.line", .cause, #"\.vim:\d+:\d+:"#,
            literals: [".vim:"], .line, class: .lint,
            like: "plugin/a.vim:12:1: Undefined variable: x (see :help E738)"),
        ErrorShape(
            "latex.error", .cause, #"^! |LaTeX Error|Emergency stop|[Uu]ndefined control sequence|==> Fatal error occurred"#,
            literals: ["! ", "emergency stop", "latex error", "undefined control sequence"], .paragraph, class: .compile,
            like: "! LaTeX Error: File `tikz.sty' not found."),
        ErrorShape(
            "dart.error", .cause, #"^\s*error • |\[E\]$|Some tests failed\."#,
            literals: ["•", "[e]", "  error •"],
            like: "  error • Undefined name 'x' • lib/app.dart:12:5 • undefined_identifier"),
        ErrorShape(
            "nim.error", .cause, #"\(\d+, \d+\) Error:"#,
            literals: [") error:"], class: .compile,
            like: "app.nim(12, 5) Error: undeclared identifier: 'x'"),
    ]
}
