extension ErrorShape {
    /// Tracebacks, pytest, unittest, nose, tox, pip, conda, mypy, flake8, pylint, black.
    /// Source: docs.python.org/3/library/traceback.html; docs.pytest.org; pip.pypa.io
    static let python: [ErrorShape] = [
        ErrorShape(
            "py.traceback", .cause, #"Traceback \(most recent call last\):"#,
            literals: ["traceback (most recent"], .entry,
            like: "Traceback (most recent call last):"),
        ErrorShape(
            "pytest.section", .hint, #"^=+ (?:FAILURES|ERRORS) =+$"#,
            literals: ["= failures =", "= errors =", "==== fail", "==== err"], .line, class: .test,
            like: "=================================== FAILURES ==================================="),
        ErrorShape(
            "pytest.test", .cause, #"^_{3,} .+ _{3,}$"#,
            literals: ["____"], .section, class: .test,
            like: "________________________________ test_parse _________________________________"),
        ErrorShape(
            "pytest.e", .detail, #"^E\s{2,}\S"#,
            literals: ["e"], .line, class: .test,
            like: "E       assert 1 == 2"),
        ErrorShape(
            "pytest.location", .detail, #"^\S+\.(?:py|rst|md|txt|pyx):\d+: \w*(?:Error|Exception|Failure|Failed|Warning|Exit)$"#,
            literals: ["error", "exception", "failure", "warning", "exit"], .line, class: .test,
            like: "tests/test_parse.py:12: AssertionError"),
        ErrorShape(
            "pytest.summary", .summary, #"^(?:FAILED|ERROR) \S+\.(?:py|rst|ipynb)(?:::| - |$)"#,
            literals: ["failed ", "error"], .line, class: .test,
            like: "FAILED tests/test_parse.py::test_empty - assert 1 == 2"),
        ErrorShape(
            "pytest.counts", .summary, #"^=*\s*(?:.*\b\d+ (?:failed|errors?)\b).* in [\d.:]+ ?(?:s|seconds)\b"#,
            literals: ["failed", " error"], .line, class: .test,
            like: "========= 1 failed, 12 passed in 0.12s ========="),
        ErrorShape(
            "unittest.test", .cause, #"^(?:FAIL|ERROR): (?:\w+ \(|[\w.]+$|Doctest)"#,
            literals: ["fail: ", "error:"], .section, class: .test,
            like: "FAIL: test_parse (tests.ParserTests)"),
        ErrorShape(
            "unittest.failed", .summary, #"^FAILED \((?:failures|errors|failed)"#,
            literals: ["failed ("], .line, class: .test,
            like: "FAILED (failures=1)"),
        ErrorShape(
            "py.exception", .cause,
            #"""
            ^(?:[a-zA-Z_][\w]*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|NotFound|Warning|Timeout|Failure)(?:: .*)?$
            """#,
            literals: ["error", "exception", "warning", "exit", "interrupt", "notfound", "notimplemented"], .line,
            like: "ModuleNotFoundError: No module named 'yaml'"),
        ErrorShape(
            "py.module", .cause, #"No module named |cannot import name"#,
            literals: ["no module named", "cannot import name"], .line, class: .dependency,
            like: "/usr/bin/python: No module named pytest"),
        ErrorShape(
            "pip.error", .cause,
            #"""
            (?:Could not find a version that satisfies|No matching distribution found|ResolutionImpossible\#
            |Failed building wheel|ERROR: (?:Cannot install|Could not|Command errored|Failed)|^Double requirement given\#
            |^Command "?python setup\.py|No files were found)
            """#,
            literals: [
                "could not find a version", "no matching distribution", "error: could not", "resolutionimpossible", "failed building wheel",
                "requirements conflict", "command errored", "double requirement", "error: failed", "command \"python setup.py",
            ], class: .dependency,
            like: "ERROR: Could not find a version that satisfies the requirement foo==9"),
        ErrorShape(
            "conda.error", .cause, #"PackagesNotFoundError|UnsatisfiableError|ResolvePackageNotFound|CondaHTTPError|CondaError"#,
            literals: [
                "packagesnotfounderror", "unsatisfiableerror", "resolvepackagenotfound", "condaerror", "condahttperror", "unsatisfiable",
            ], .paragraph, class: .dependency,
            like: "PackagesNotFoundError: The following packages are not available from current channels:"),
        ErrorShape(
            "lint.python", .cause, #"^(?:\./|/)?[\w./-]+\.pyi?:\d+(?::\d+)?: (?:\[?[A-Z]\d{2,5}\b|error|note|warning:|.*\([\w-]+\)$)"#,
            literals: [".py:", ".pyi:"], .line, class: .lint,
            like: "src/app.py:12:80: E501 line too long (88 > 79 characters)"),
        ErrorShape(
            "black.would", .cause, #"^would reformat |\d+ files? would be reformatted|Imports are incorrectly sorted"#,
            literals: ["would reformat", "would be reformatted", "imports are incorrectly sorted"], .line, class: .lint,
            like: "would reformat src/app.py"),
        ErrorShape(
            "mypy.found", .summary, #"^Found \d+ errors? in \d+ files?"#,
            literals: ["found"], .line, class: .lint,
            like: "Found 2 errors in 1 file (checked 12 source files)"),
        ErrorShape(
            "tox.error", .summary, #"^ERROR: (?:InvocationError|invocation failed)|:\s+commands failed$|: FAIL code \d"#,
            literals: ["invocationerror", "commands failed", ": fail code"], .line,
            like: "ERROR: InvocationError for command '/tox/bin/pytest' (exited with code 1)"),
        ErrorShape(
            "precommit.hook", .cause, #"\.{3,}\s*Failed$|^- hook id:"#,
            literals: ["...failed", "- hook id:"], .paragraph, class: .lint,
            like: "flake8...................................................................Failed"),
    ]
}
