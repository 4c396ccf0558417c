extension ErrorShape {
    /// Perl, TAP and everything that speaks it, cpan.
    /// Source: perldoc.perl.org; testanything.org
    static let perl: [ErrorShape] = [
        // A point with the directive TODO or SKIP is expected to fail. Source: testanything.org/tap-version-13-specification.html
        ErrorShape(
            "tap.notOk", .cause, #"^\s*not ok\b(?!.*# (?:TODO|SKIP))"#,
            literals: ["not ok"], class: .test,
            like: "not ok 3 - parses the empty string"),
        ErrorShape(
            "tap.failed", .cause, #"^\s*#\s+Failed test"#,
            literals: ["failed test"], .paragraph, class: .test,
            like: "#   Failed test 'parses'"),
        ErrorShape(
            "tap.comment", .detail, #"^\s*#\s+(?:got:|expected:|Looks like you)"#,
            literals: ["#          got:", "#     expected:", "# looks like you"], .line, class: .test,
            like: "#          got: '1'"),
        ErrorShape(
            "prove.dubious", .cause, #"Dubious, test returned|^\s*Failed tests?: |^Test Summary Report|^Result: FAIL|Failed \d+/\d+"#,
            literals: [
                "dubious, test returned", "failed tests:", "failed test:", "test summary report", "result: fail", "bad plan",
                "failed tests",
            ], .paragraph, class: .test,
            like: "t/parse.t .. Dubious, test returned 1 (wstat 256, 0x100)"),
        ErrorShape(
            "perl.die", .cause,
            #"""
            (?: at \S+ line \d+\.?$|Can't locate \S+ in @INC|BEGIN failed--|Compilation failed in require|syntax error at)
            """#,
            literals: [".pm line", ".pl line", ".t line", "in @inc", "compilation failed", "begin failed"],
            like: "Can't locate JSON/XS.pm in @INC (you may need to install the JSON::XS module)"),
        ErrorShape(
            "cpan.error", .cause, #"^! |Couldn't find module or a distribution|Installing the dependencies failed"#,
            literals: [
                "couldn't find module", "! installing", "! couldn't", "! finding", "! configure failed",
                "installing the dependencies failed",
            ], .line, class: .dependency,
            like: "! Installing the dependencies failed: Module 'JSON::XS' is not installed"),
    ]
}
