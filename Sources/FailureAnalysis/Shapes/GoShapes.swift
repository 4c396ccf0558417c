extension ErrorShape {
    /// go build, vet, test, modules, linters.
    /// Source: pkg.go.dev/cmd/go; github.com/golangci/golangci-lint
    static let go: [ErrorShape] = [
        ErrorShape(
            "go.testFail", .cause, #"^\s*--- FAIL:"#,
            literals: ["--- fail:"], class: .test,
            like: "--- FAIL: TestParse (0.00s)"),
        ErrorShape(
            "go.testLine", .detail, #"^\s+(?:\S*/)?\w+_test\.go:\d+:"#,
            literals: ["_test.go:"], class: .test,
            like: "    parse_test.go:12: got 1, want 2"),
        ErrorShape(
            "go.panic", .cause, #"^\s*panic:"#,
            literals: ["panic:"], .section, class: .test,
            like: "panic: runtime error: index out of range [3] with length 3"),
        ErrorShape(
            "go.fatal", .cause, #"^fatal error:"#,
            literals: ["fatal error:"], .section,
            like: "fatal error: all goroutines are asleep - deadlock!"),
        ErrorShape(
            "go.race", .cause, #"^WARNING: DATA RACE"#,
            literals: ["data race"], .section, class: .test,
            like: "WARNING: DATA RACE"),
        ErrorShape(
            "go.error", .cause, #"^(?:vet: |\s*)?(?:\S*/)?[\w.-]+\.go:\d+(?::\d+)?:"#,
            literals: [".go:"], class: .compile,
            like: "main.go:12:2: undefined: foo"),
        ErrorShape(
            "go.package", .detail, #"^# (?:[\w-]+\.)+\w+/\S+$"#,
            literals: ["#"], class: .compile,
            like: "# github.com/example/tool/cmd"),
        ErrorShape(
            "go.packageFail", .summary, #"^FAIL\s+\S+(?:\s+(?:[\d.]+s|\[.*\]))?$|^FAIL$"#,
            literals: ["fail\t", "fail"], .line, class: .test,
            like: "FAIL\texample.com/tool\t0.012s"),
        ErrorShape(
            "go.module", .cause,
            #"""
            ^(?:go(?: \w+)?: .*(?:error|unknown|invalid|cannot|no matching|not found|fail|mismatch|inconsistent)\#
            |.*cannot find package "|.*no required module provides|package \S+: )
            """#,
            literals: ["go: ", "cannot find package", "no required module"], class: .dependency,
            like: "go: example.com/x@v1.2.3: invalid version: unknown revision v1.2.3"),
    ]
}
