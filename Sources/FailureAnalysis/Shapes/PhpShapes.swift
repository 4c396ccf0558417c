extension ErrorShape {
    /// PHP, PHPUnit, Composer, PHP_CodeSniffer, PHPStan, Behat, run-tests.
    /// Source: phpunit.de; getcomposer.org; github.com/php/php-src run-tests.php
    static let php: [ErrorShape] = [
        ErrorShape(
            "php.fatal", .cause,
            #"""
            (?:PHP )?(?:Fatal error|Parse error|Catchable fatal error|Recoverable fatal error): |^\s*Fatal error\#
            |Uncaught (?:\w+\\)*\w*(?:Exception|Error)
            """#,
            literals: ["fatal error:", "parse error:", "uncaught"],
            like: "PHP Fatal error:  Uncaught Error: Call to undefined function foo()"),
        ErrorShape(
            "php.bracket", .cause, #"^\s*\[[\w\\]*(?:Exception|Error)\]\s*$|^\s*\[[\w\\]+\\[\w\\]*(?:Exception|Error)\]"#,
            literals: ["exception]", "error]"], .paragraph,
            like: "  [Symfony\\Component\\Console\\Exception\\RuntimeException]"),
        ErrorShape(
            "phpunit.there", .summary, #"^There (?:was|were) \d+ (?:failure|error|risky|warning)s?:"#,
            literals: ["there was", "there were"], .line, class: .test,
            like: "There was 1 failure:"),
        ErrorShape(
            "phpunit.counts", .summary, #"^(?:FAILURES!|ERRORS!|WARNINGS!)|^Tests: \d+, Assertions: \d+, .*(?:Failures|Errors): [1-9]"#,
            literals: ["failures!", "errors!", "assertions:"], .line, class: .test,
            like: "FAILURES!"),
        ErrorShape(
            "composer.error", .cause,
            #"""
            Your requirements could not be resolved|^\s*Problem \d+$|could not be found in any version\#
            |requested PHP extension
            """#,
            literals: [
                "your requirements could not be resolved", "problem ", "the requested php extension", "conclusion:",
                "could not be found in any version",
            ], .paragraph, class: .dependency,
            like: "Your requirements could not be resolved to an installable set of packages."),
        ErrorShape(
            "phpt.fail", .cause, #"^(?:FAIL|LEAK|BORK) .*\.phpt\]"#,
            literals: [".phpt]"], .line, class: .test,
            like: "FAIL Bug #12345 (crash) [ext/standard/tests/bug12345.phpt]"),
        ErrorShape(
            "phpt.diff", .detail, #"^=+DIFF=+$"#,
            literals: ["==diff=="], .section, class: .test,
            like: "========DIFF========"),
        ErrorShape(
            "phpcs.found", .cause, #"^FOUND \d+ ERRORS?|^\s*\d+ \| (?:ERROR|WARNING) \|"#,
            literals: ["found ", "| error |"], .section, class: .lint,
            like: "FOUND 2 ERRORS AFFECTING 2 LINES"),
        ErrorShape(
            "phpcsfixer.diff", .cause, #"-+ begin diff -+"#,
            literals: ["begin diff"], class: .lint,
            like: "      ---------- begin diff ----------"),
        ErrorShape(
            "phpstan.error", .summary, #"\[ERROR\] Found \d+ errors?"#,
            literals: ["[error] found"], .line, class: .lint,
            like: " [ERROR] Found 2 errors"),
    ]
}
