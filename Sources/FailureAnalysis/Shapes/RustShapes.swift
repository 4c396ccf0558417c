extension ErrorShape {
    /// rustc, cargo, rustfmt, nextest.
    /// Source: doc.rust-lang.org/rustc; github.com/rust-lang/rust library/test
    static let rust: [ErrorShape] = [
        ErrorShape(
            "rust.error", .cause,
            #"""
            ^\s*error(?:\[E\d+\])?: (?!(?:aborting due to|could not compile|build failed|test failed|Recipe\#
            |process didn't|Could not compile|Command failed))
            """#,
            literals: ["error: ", "error[e"], class: .compile,
            like: "error[E0308]: mismatched types"),
        ErrorShape(
            "rust.aborting", .aftermath, #"^\s*error: (?:aborting due to|[Cc]ould not compile|build failed|Recipe)"#,
            literals: ["aborting due to", "could not compile", "build failed", "recipe"], .line, class: .compile,
            like: "error: aborting due to 2 previous errors"),
        ErrorShape(
            "rust.panic", .cause, #"thread '.*'.* panicked at"#,
            literals: ["panicked at"], .paragraph, class: .test,
            like: "thread 'tests::it_works' panicked at src/lib.rs:10:9:"),
        ErrorShape(
            "rust.testFailed", .summary, #"^test .* \.\.\. FAILED$"#,
            literals: ["... failed"], .line, class: .test,
            like: "test tests::it_works ... FAILED"),
        ErrorShape(
            "rust.stdout", .cause, #"^---- .* std(?:out|err) ----"#,
            literals: ["stdout ----", "stderr ----"], .entry, class: .test,
            like: "---- tests::it_works stdout ----"),
        ErrorShape(
            "rust.result", .summary, #"^test result: FAILED"#,
            literals: ["test result: failed"], .line, class: .test,
            like: "test result: FAILED. 3 passed; 1 failed; 0 ignored"),
        ErrorShape(
            "rust.nextest", .cause, #"^\s+(?:FAIL|SIGABRT|TIMEOUT|TRY \d+ FAIL) \[\s*[\d.]+s\]|^\s+Summary \[.*[1-9]\d* failed"#,
            literals: ["fail [ ", "fail", "summary"], .entry, class: .test,
            like: "        FAIL [   0.004s] app::it parses"),
        ErrorShape(
            "rust.fmt", .cause, #"^Diff in .*(?: at line \d+|:\d+):"#,
            literals: ["diff in"], class: .lint,
            like: "Diff in /src/main.rs at line 3:"),
    ]
}
