extension ErrorShape {
    /// What no tool above claimed: words only. Last in the table.
    static let general: [ErrorShape] = [
        ErrorShape(
            "hint.mark", .cause, #"(?i)(?:^|[\s\]\)\[>|"'])(?:fatal|error|err|critical|severe|panic)(?:\]|!|:| -| \[|\s{2,}) ?\S"#,
            literals: ["error:", "error -", "fatal:", "err!", "error!", "error"],
            like: "worker | error: cannot open the socket"),
        ErrorShape(
            "hint.annotation", .hint, #"^(?:##\[error\]|::error)"#,
            literals: ["##[error]", "::error"],
            like: "##[error]src/a.c#L3: expected ';'"),
        ErrorShape(
            "hint.failWord", .hint,
            #"""
            ^\s*(?:\[?(?:FAIL|FAILED|FAILURE)\b|✗)|\b(?:FAIL|FAILED|FAILURE|FAILURES)\b[\s:!.\]]*$|\.\.\.\s*(?:FAIL\#
            |failed|error)
            """#,
            literals: ["fail", "✗"],
            like: "FAIL  parser/empty"),
        ErrorShape(
            "hint.exception", .hint, #"\b[A-Z]\w+(?:Exception|Error)\b"#,
            literals: ["exception", "error"],
            like: "Got a ParseError while reading"),
        ErrorShape(
            "hint.unable", .hint,
            #"""
            (?i)\b(?:unable to|cannot|can't|could not|couldn't|not found|does not exist|is missing|invalid|undefined\#
            |unknown|unexpected|mismatch|not allowed|unsupported|aborted|aborting|refused|must be|should be\#
            |not in order)\b
            """#,
            literals: [
                "unable to", "cannot ", "can't ", "could not", "couldn't", "not found", "does not exist", "missing", "invalid", "undefined",
                "unknown", "unexpected", "mismatch", "not allowed", "unsupported", "abort", "refused", "denied", "not in order", "must be",
                "should be",
            ],
            like: "Unable to open the database"),
        ErrorShape(
            "hint.exit", .hint,
            #"""
            (?i)(?:\bexit(?:ed)?(?: with)?(?: status| code)?:? ?\(?[1-9]\d*\)?|returned (?:non-?zero|[1-9]\d*|exit)\#
            |return code(?: of)? [1-9]|non-zero exit|exit status(?: of)? [1-9]|failed with (?:error )?(?:code|status\#
            |exit))
            """#,
            literals: ["exit code", "exit status", "exited with", "return code", "returned"], .line,
            like: "Process finished with exit code 2"),
        ErrorShape(
            "hint.failing", .hint, #"(?i)\b(?:fail(?:ed|s|ing|ure|ures)?|broken|crash(?:ed)?|errors?)\b"#,
            literals: ["fail", "broken", "crash", "errors"],
            like: "3 builds failed"),
    ]
}
