extension ErrorShape {
    /// Haskell, OCaml, Nix, Elm, PureScript, Idris, Lisp, Emacs, Scheme, Julia, R.
    /// Source: downloads.haskell.org/ghc/latest/docs; hspec.github.io; ocaml.org
    static let functional: [ErrorShape] = [
        ErrorShape(
            "ghc.error", .cause,
            #"""
            \.(?:l?hs|hsc|cabal|purs|elm|idr|agda):\d+:(?:\d+(?:-\d+)?:|\(\d) ?(?!\s*[Ww]arning)(?:\s*error:?|\s*$|\s+\S)
            """#,
            literals: ["error:", ".hs:", ".lhs:", ".purs:", ".idr:"], class: .compile,
            like: "src/App.hs:12:5: error:"),
        ErrorShape(
            "cabal.error", .cause,
            #"""
            ^(?:cabal|stack|Error)(?:-\S+)?: |Could not resolve dependencies|While constructing the build plan\#
            |Failed to build |ExitFailure [1-9]
            """#,
            literals: [
                "could not resolve dependencies", "rejecting:", "cabal: ", "stack: ", "failed to build",
                "while constructing the build plan", "in the dependencies for", "exitfailure",
            ], .paragraph, class: .dependency,
            like: "cabal: Failed to build app-0.1."),
        ErrorShape(
            "hspec.failed", .cause, #"FAILED \[\d+\]|\*\*\* Failed!|Falsifi(?:able|ed)|Failed!"#,
            literals: ["failed [", "*** failed", "falsifiable", "failed!"], class: .test,
            like: "  parses FAILED [1]"),
        ErrorShape(
            "hunit.cases", .summary, #"^Cases: \d+ .*(?:Errors|Failures): [1-9]|Test suite .*: FAIL"#,
            literals: ["cases:", "test suite"], .line, class: .test,
            like: "Test suite unit: FAIL"),
        ErrorShape(
            "ocaml.error", .cause, #"^File "[^"]+", lines? \d+"#,
            literals: ["file \"", "error:"], class: .compile,
            like: "File \"src/app.ml\", line 12, characters 5-8:"),
        ErrorShape(
            "elm.error", .cause, #"^-- [A-Z][A-Z' ]+ -{5,}"#,
            literals: ["-- ", " --------"], .section, class: .compile,
            like: "-- TYPE MISMATCH ------------------------------------------------- src/Main.elm"),
        ErrorShape(
            "nix.error", .cause, #"^error: (?:builder for|build of|attribute|undefined variable|evaluation|.* at .*\.nix)"#,
            literals: ["error: ", "builder for"],
            like: "error: builder for '/nix/store/abc-app.drv' failed with exit code 1"),
        ErrorShape(
            "ert.failed", .cause,
            #"""
            ^Test \S+ (?:condition|backtrace):|^\s+FAILED\s+\d+/|unexpected results?:|^Debugger entered--Lisp error
            """#,
            literals: ["condition:", "  failed  ", "unexpected results", "debugger entered"], .section, class: .test,
            like: "   FAILED  3/12  parser-test"),
        ErrorShape(
            "lisp.error", .cause,
            #"""
            debugger invoked on|[Uu]nhandled \S+(?:-ERROR|ERROR| condition)|^Symbol's (?:function|value)\#
            |[Ww]rong type argument|Cannot open load file
            """#,
            literals: [
                "debugger invoked", "unhandled ", "symbol's function definition is void", "symbol's value as variable is void",
                "wrong type argument", "invalid function", "cannot open load file",
            ],
            like: "Symbol's function definition is void: foo"),
        ErrorShape(
            "julia.error", .cause, #"^ERROR: (?:LoadError|\w+Error)|Test Failed at |Error During Test at |Test threw exception"#,
            literals: ["error: loaderror", "loaderror:", "test failed at", "error during test at", "error: error"],
            like: "Error During Test at /src/test/runtests.jl:12"),
        ErrorShape(
            "r.error", .cause,
            #"""
            ^(?:Error in |Error : |Error: (?!Process)|Execution halted|Quitting from lines)|\.\.\. ERROR\#
            |^Status: \d+ ERROR|installation of package .* had non-zero|there is no package called|ERROR: dependenc
            """#,
            literals: [
                "error in ", "error : ", "error: ", "execution halted", "... error", "* checking", "status: ", "installation of package",
                "there is no package",
            ], .paragraph,
            like: "Error in library(ggplot2) : there is no package called ‘ggplot2’"),
        ErrorShape(
            "testthat.failed", .cause, #"^(?:──|--|\d+\.) ?\d*\.? ?(?:Failure|Error)(?: \(|:)"#,
            literals: ["── ", "-- failure", "-- error", "failure:", "error:"], .section, class: .test,
            like: "── 1. Failure: parses (@test-parse.R#12)"),
    ]
}
