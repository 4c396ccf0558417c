extension ErrorShape {
    /// Lines that hold an error's words and report none. First in the table: they win over all others.
    static let harmless: [ErrorShape] = [
        ErrorShape(
            "none.counted", .harmless,
            #"""
            (?i)^(?!.*\b[1-9]\d* (?:errors?|failures?|failed|failing)\b)(?!.*\b(?:failures|errors\#
            |failed)\b[:= ]+[1-9]).*(?:^|[^0-9.])(?:0|no) (?:errors?|failures?|failed|warnings?)\b
            """#,
            literals: ["0 err", "0 fail", "no err", "0 warn", "no fail", "0 exception"], .line,
            like: "12 examples, 0 failures"),
        ErrorShape(
            "none.countedLater", .harmless,
            #"""
            (?i)^(?!.*\b(?:failures|errors|failed|fail)\b[:= ]+[1-9])(?!.*\b[1-9]\d* (?:failed|failures\#
            |errors?)\b).*\b(?:failures|errors|failed|fail)\b[:= ]+0\b
            """#,
            literals: ["failures: 0", "errors: 0", "failed: 0", "failed=0", "errors=0", "fail 0", "failed 0"], .line,
            like: "Tests run: 12, Failures: 0, Errors: 0, Skipped: 1"),
        ErrorShape(
            "none.flag", .harmless, #"(?i)^(?!.*\berror:).*(?:-werror|errorprone|error-prone|failOnError|-Wno-error|set -e\b)"#,
            literals: ["-werror", "error_", "-error-", "error=", "error-prone", "failonerror", "errorprone"], .line,
            like: "gcc -Wall -Werror -c main.c"),
        ErrorShape(
            "none.package", .harmless,
            #"""
            (?i)^\s*(?:installing|installed|setting up|unpacking|get:\d+|downloading|downloaded|fetching|using\#
            |requirement already|adding|selecting|preparing|copying|collecting)\b(?!.*(?:\bfail|\berror[: ]))
            """#,
            literals: [
                "install", "setting up", "unpack", "get:", "download", "fetch", "using", "requirement already", "adding", "created",
                "copying", "selecting", "preparing",
            ], .line,
            like: "Installing error_highlight 0.1.0"),
        ErrorShape(
            "none.passed", .harmless,
            #"""
            ^\s*(?:ok \d+|ok\b.*\.\.\.|PASS\b|PASSED\b|SKIP\b|SKIPPED\b|XFAIL\b|✓|✔|√|--- PASS|\[\s+OK \]|\[ok\]\#
            |test .* \.\.\. ok$|\S+ \.\.\. ok$)|\.\. ?(?:ok|passed|PASSED)$
            """#,
            literals: ["ok", "pass", "skip", "xfail", "✓", "✔", "√", "success"], .line,
            like: "ok 12 - reports an error for bad input"),
        ErrorShape(
            "none.testName", .harmless, #"^(?:\[ RUN |=== (?:RUN|CONT|PAUSE) |\s*◇ Test|Test Case '.*' started)"#,
            literals: ["[ run", "#test", "=== run", "=== cont", "=== pause", "started"], .line,
            like: "[ RUN      ] Parser.ReportsErrors"),
        ErrorShape(
            "none.compilingFile", .harmless,
            #"""
            ^\s*(?:\[\s*\d+(?:%|/\d+)\]?\s*(?:Building|Compiling|Linking)|(?:CC|CXX|AR|LD|CompileC|CompileSwift)\b\s\#
            |(?:\S*/)?(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|javac)(?:-\d+)? (?!:|-?\w*: (?:fatal )?error)|create mode\#
            |delete mode|Compiling \S+ v?\d|\s*Compiling [\w-]+ (?:\(|v\d))
            """#,
            literals: ["cc ", "cxx ", "compil", "building", "g++", "gcc", "clang", "ar ", "javac", "create mode", "delete mode"], .line,
            like: "[ 42%] Building CXX object src/error.cc.o"),
        ErrorShape(
            "none.warning", .warning,
            #"""
            (?i)^(?!.*(?:\berror\b|-werror|fatal|panicked|data race)).*\bwarning(?::|\b.*:\d+| \()(?!.*(?:\berror\b\#
            |-werror))
            """#,
            literals: ["warning"], .line,
            like: "src/app.rb:12: warning: instance variable @x not initialized"),
    ]
}
