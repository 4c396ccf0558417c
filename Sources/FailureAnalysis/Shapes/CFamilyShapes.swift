extension ErrorShape {
    /// C, C++, Objective-C: gcc, clang, MSVC, their preprocessors; CTest, GoogleTest, Catch2, Boost.Test, Check.
    /// Source: gcc.gnu.org/onlinedocs/gcc/Diagnostic-Message-Formatting-Options.html; learn.microsoft.com/cpp/error-messages
    static let cFamily: [ErrorShape] = [
        ErrorShape(
            "c.error", .cause,
            #"""
            ^(?:\[[\w.-]+\]\s+)?(?:In file included from )?[^\s:()][^:()]*\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inl|ipp|tcc|m|mm\#
            |cu|s|S|y|l|ino|re|lex|asm|def|inc|td|pyx|pxd|glsl|f90|f|F90|vala|cr|ml|mli|d)(?::\d+){1,2}:\s*(?:fata\#
            l |internal compiler )?error:
            """#,
            literals: ["error:"], class: .compile,
            like: "src/main.c:12:5: error: expected ';' before 'return'"),
        ErrorShape(
            "c.warningAsError", .cause, #"(?:error|warning):.*\[-Werror"#,
            literals: ["-werror"], class: .compile,
            like: "src/a.c:3:9: error: unused variable 'x' [-Werror=unused-variable]"),
        ErrorShape(
            "c.treatedAsErrors", .hint, #"warnings being treated as errors"#,
            literals: ["warnings being treated as errors"], .line, class: .compile,
            like: "cc1: all warnings being treated as errors"),
        ErrorShape(
            "c.driver", .cause,
            #"""
            ^(?:\S*/)?(?:gcc|g\+\+|clang|clang\+\+|cc1|cc1plus|cc|c\+\+|as|clang-\d+)(?:-\d+)?: (?:fata\#
            l |internal compiler )?error:
            """#,
            literals: [": error:", ": fatal error:"], .line, class: .compile,
            like: "clang: error: unsupported option '-mfoo'"),
        ErrorShape(
            "msvc.error", .cause,
            #"""
            \b(?:fatal )?error (?:C|LNK|RC|MSB|D8|CS|BC|FS|NU|NETSDK|AL|CVT|PRJ|TRK|CA|SA|IDE|MT|XA|APT)\d{2,5}\b
            """#,
            literals: ["error c", "error lnk", "error rc", "error msb", "error d8"], class: .compile,
            like: "src\\main.cpp(12): error C2065: 'x': undeclared identifier"),
        ErrorShape(
            "link.undefined", .cause,
            #"""
            (?:undefined reference to|[Uu]ndefined symbols?(?: for architecture|:)|unresolved external symbol\#
            |symbol\(s\) not found|cannot find -l|multiple definition of|^(?:\S*/)?ld(?:\.\w+)?: (?!warning)\#
            |library not found for -l|framework not found)
            """#,
            literals: [
                "undefined reference", "undefined symbol", "unresolved external", "symbol(s) not found", "ld: ", "cannot find -l",
                "multiple definition",
            ], class: .compile,
            like: "main.o: undefined reference to `foo'"),
        ErrorShape(
            "link.collect2", .aftermath, #"^(?:\S*)collect2: |linker command failed"#,
            literals: ["collect2: ", "linker command failed"], .line, class: .compile,
            like: "collect2: error: ld returned 1 exit status"),
        ErrorShape(
            "gtest.failure", .cause, #"^\S[^:]*:\d+: Failure$|^\S[^:()]*\(\d+\): error: (?!C\d)"#,
            literals: ["failure"], .paragraph, class: .test,
            like: "tests/parser_test.cc:42: Failure"),
        ErrorShape(
            "gtest.failed", .summary, #"^\[\s+FAILED\s+\]"#,
            literals: ["[  failed  ]"], .line, class: .test,
            like: "[  FAILED  ] Parser.Empty (0 ms)"),
        ErrorShape(
            "catch.failed", .detail, #":\d+: FAILED:|\(\d+\): FAILED:"#,
            literals: ["failed:"], .paragraph, class: .test,
            like: "tests/a.cpp:12: FAILED:"),
        ErrorShape(
            "boost.error", .cause, #": (?:fatal )?error: in "[^"]*":"#,
            literals: ["error: in"], .line, class: .test,
            like: "test.cpp(12): error: in \"suite/case\": check x == 1 has failed"),
        ErrorShape(
            "ctest.failed", .summary,
            #"""
            (?:The following tests FAILED:|\*\*\*(?: ?Failed|Exception|Timeout|Not Run)\#
            |tests passed, [1-9]\d* tests? failed out of)
            """#,
            literals: ["the following tests failed", "***failed", "***exception", "***timeout", "*** failed"], class: .test,
            like: "The following tests FAILED:"),
        ErrorShape(
            "assert.c", .cause,
            #"""
            (?i)(?:\bassertion ['`"‘(].*failed|assertion failed|Assertion failure|: Assertion `|assert(?:ion)? fail)
            """#,
            literals: ["assertion"], class: .test,
            like: "main: src/a.c:42: parse: Assertion `n > 0' failed."),
    ]
}
