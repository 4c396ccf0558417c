extension ErrorShape {
    /// Node, npm, yarn, pnpm, TypeScript, ESLint, Prettier, Jest, Mocha, Jasmine, Karma, AVA, tape, Cypress, webpack.
    /// Source: docs.npmjs.com; mochajs.org; jestjs.io; eslint.org; karma-runner.github.io
    static let javaScript: [ErrorShape] = [
        ErrorShape(
            "js.numbered", .cause, #"^\s*\d{1,4}\)\s*(?:$|\S.*)"#,
            literals: ["1)", "2)", "3)", "4)", "5)", "6)", "7)", "8)", "9)", "0)"], .entry, class: .test,
            like: "  1) Parser parses the empty string:"),
        ErrorShape(
            "jest.bullet", .cause, #"^\s*●(?! Console| Deprecation| Validation Warning)"#,
            literals: ["●"], .entry, class: .test,
            like: "  ● Parser › parses the empty string"),
        ErrorShape(
            "jest.fail", .summary, #"^\s*FAIL\s+\S+\.(?:[cm]?[jt]sx?|vue|svelte|snap)|^\s*FAIL\s+\S*(?:test|spec)"#,
            literals: ["fail"], .line, class: .test,
            like: "FAIL src/parser.test.js"),
        ErrorShape(
            "jest.counts", .summary, #"^(?:Tests|Test Suites|Snapshots):\s+[1-9]\d* failed"#,
            literals: ["tests:", "test suites:", "snapshots:"], .line, class: .test,
            like: "Tests:       1 failed, 12 passed, 13 total"),
        ErrorShape(
            "mocha.failing", .summary,
            #"""
            ^\s*(?:✖ )?\d+ (?:failing|tests? failed|of \d+ tests? failed|failures? )|^\d+ (?:specs?|tests?|examples?\#
            |assertions?), (?:.*, )?[1-9]\d* (?:failures?|failed|errors?)|[1-9]\d* of \d+ tests failed
            """#,
            literals: ["failing", "tests failed", "specs,"], .line, class: .test,
            like: "  2 failing"),
        ErrorShape(
            "karma.failed", .cause,
            #"""
            ^\S.*\(.*\d.*\).*\s(?:FAILED|ERROR|DISCONNECTED)\b(?!.*Executed \d+ of)\#
            |^\w[\w ]+ \d[\d.]* \(.*\)(?:: Executed|.*Disconnected) .*(?:FAILED|DISCONNECTED|no message)
            """#,
            literals: ["failed", " error", "disconnected"], class: .test,
            like: "Chrome 80.0.3987 (Linux 0.0.0) Parser parses FAILED"),
        ErrorShape(
            "karma.executed", .summary, #"Executed \d+ of \d+ .*\([1-9]\d* FAILED\)"#,
            literals: ["executed"], .line, class: .test,
            like: "HeadlessChrome 80 (Linux): Executed 12 of 12 (1 FAILED) (0.2 secs / 0.1 secs)"),
        ErrorShape(
            "js.error", .cause,
            #"""
            ^\s*(?:\[\d\d:\d\d:\d\d\] )?(?:(?:Uncaught|Unhandled|throw|E/\w+ -|\w+ ERROR|Message:\#
            |internal/\S+) ?)*(?:\(node:\d+\) )?(?:\w*(?:Type|Reference|Syntax|Range|Assertion|URI|Eval|Internal\#
            |Aggregate|TS|Module[A-Za-z]*|[A-Z][a-zA-Z]+))?Error(?: \[\w+\])?:
            """#,
            literals: ["error:"],
            like: "TypeError: Cannot read property 'x' of undefined"),
        ErrorShape(
            "js.unhandled", .cause, #"UnhandledPromiseRejection|[Uu]nhandled (?:promise )?rejection|Cannot find module|Module not found"#,
            literals: ["unhandledpromiserejection", "unhandled rejection", "cannot find module", "module not found"],
            like: "(node:812) UnhandledPromiseRejectionWarning: Error: nope"),
        ErrorShape(
            "ts.error", .cause, #"(?:\(\d+,\d+\): |:\d+:\d+ - )?error TS\d+: |\.tsx? ?[:(]\d+[,:]\d+\)?: \S"#,
            literals: ["error ts", ".ts ", ".ts(", ".ts:", ".tsx"], class: .compile,
            like: "src/app.ts(12,5): error TS2304: Cannot find name 'x'."),
        ErrorShape(
            "eslint.line", .cause, #"^\s+\d+:\d+\s+(?:error|✖|✕|✗|×)\s"#,
            literals: ["error", "✖", "✕"], .line, class: .lint,
            like: "  12:5  error  'x' is not defined  no-undef"),
        ErrorShape(
            "eslint.problems", .summary, #"(?:✖ )?[1-9]\d* problems? \([1-9]\d* errors?|[1-9]\d* (?:errors?|problems?) found"#,
            literals: ["problem"], .line, class: .lint,
            like: "✖ 2 problems (2 errors, 0 warnings)"),
        ErrorShape(
            "lint.location", .cause,
            #"""
            ^(?:ERROR: |error: |Error: )?(?:\S*/)?[\w.@-]+\.(?:jsx?|mjs|cjs|tsx?|vue|css|scss|sass|less|html?|md|markdown\#
            |json|ya?ml|coffee|rb|php|lua|pl|pm|sh|bash|vim|el|clj|R|hs|ex|exs|erl|tex|xml|toml|adoc|rst|sql|proto|pp|tf\#
            |styl|hbs|jade|pug|liquid)(?::|\()\d+(?:(?::|,)\d+)?\)?:?[: ](?!in [`'])\s*\S
            """#,
            literals: [":", "line"], .line, class: .lint,
            like: "README.md:12: Line longer than 80 characters."),
        ErrorShape(
            "prettier.check", .cause,
            #"""
            [Cc]ode style issues|to format all |\(prettier/prettier\)|^\[warn\] \S+\.\w+$|Replace `.*` with `|(?:Delete\#
            |Insert) `.*` +prettier
            """#,
            literals: ["code style issues", "prettier", "[warn]"], .paragraph, class: .lint,
            like: "[warn] Code style issues found in 2 files. Run Prettier to fix."),
        ErrorShape(
            "css.lint", .cause, #"^\s+\d+:\d+\s+✖|^csslint: |: (?:Error|Warning) - |at line \d+, col \d+"#,
            literals: ["✖", "warning:", "csslint:", "at line"], .line, class: .lint,
            like: " 12:3  ✖  Unexpected unit   unit-blacklist"),
        ErrorShape(
            "npm.notFound", .cause,
            #"""
            ^npm ERR! (?:code (?!ELIFECYCLE)E\w+|404|notarget|peerinvalid|.*(?:[Nn]ot [Ff]ound|Cannot|[Mm]issing\#
            |No matching|[Uu]nsupported|ETIMEDOUT|ENOTFOUND|ECONNRESET|[Ee]rror:))
            """#,
            literals: ["npm err!"], .line, class: .dependency,
            like: "npm ERR! 404 Not Found: left-pad@99.0.0"),
        ErrorShape(
            "npm.error", .aftermath, #"^\s*npm (?:ERR!|error)|^verbose|^\s*ERR!"#,
            literals: ["npm err!", "npm error", "errno"], .line,
            like: "npm ERR! code ELIFECYCLE"),
        ErrorShape(
            "yarn.failed", .aftermath,
            #"""
            ^(?:error Command failed|info Visit https://yarnpkg|\s*ELIFECYCLE|error Command ".*" (?:failed|exited)\#
            |lerna ERR!|.*ELIFECYCLE.*Command failed|info If you think this is a bug)
            """#,
            literals: ["command failed", "elifecycle", "info visit", "exited with code", "errored after"], .line,
            like: "error Command failed with exit code 1."),
        ErrorShape(
            "yarn.error", .cause,
            #"""
            ^error (?:An unexpected error occurred|Couldn't find|Found incompatible|\S+@\S+:|Received|Your lockfile)
            """#,
            literals: ["error"], .line, class: .dependency,
            like: "error An unexpected error occurred: \"https://registry.yarnpkg.com/x: Not found\"."),
        ErrorShape(
            "webpack.error", .cause, #"^ERROR in |Module build failed|Failed to compile|Can't resolve '"#,
            literals: ["error in ", "module build failed", "compilation failed", "failed to compile", "can't resolve"], class: .compile,
            like: "ERROR in ./src/index.js"),
        ErrorShape(
            "gulp.errored", .cause, #"' errored after|Aborted due to warnings|^(?:Warning|Fatal error): .*(?:Use --force|failed)"#,
            literals: ["errored after", "aborted due to warnings", "fatal error:", "warning: task", "use --force to continue"],
            like: "[12:00:00] 'test' errored after 2.1 s"),
        ErrorShape(
            "qunit.fail", .cause, #"^>> (?:Message|Error|Actual|Expected): |, [1-9]\d* failed\b"#,
            literals: ["assertions passed", ">> ", " failed"], class: .test,
            like: ">> Message: expected true"),
        ErrorShape(
            "nightwatch.fail", .cause, #"^\s*(?:✖|×)\s"#,
            literals: ["✖", "×"], class: .test,
            like: " ✖ Testing if element is present"),
    ]
}
