extension ErrorShape {
    /// Elixir, Erlang, mix, ExUnit, rebar, EUnit, Common Test, Credo, Dialyzer.
    /// Source: hexdocs.pm/ex_unit; erlang.org/doc/apps/common_test; rebar3.org
    static let beam: [ErrorShape] = [
        ErrorShape(
            "mix.error", .cause, #"^\s*\*\* \((?!EXIT from).*?\)"#,
            literals: ["** ("],
            like: "** (Mix) Could not compile dependency :jason"),
        ErrorShape(
            "mix.compile", .cause, #"^== Compilation error|^Compilation (?:failed|error)"#,
            literals: ["compilation error", "== compilation"], class: .compile,
            like: "== Compilation error in file lib/app.ex =="),
        ErrorShape(
            "erl.error", .cause, #"\.(?:erl|hrl|yrl|xrl|exs?):\d+(?::\d+)?: (?!Warning|warning)\S"#,
            literals: [".erl:", ".hrl:", ".yrl:", ".ex:", ".exs:"], class: .compile,
            like: "src/app.erl:12: function foo/1 undefined"),
        ErrorShape(
            "rebar.error", .cause, #"^===> .*(?:[Uu]nable|[Ff]ail|[Ee]rror|[Cc]ould not|not found|[Mm]issing|[Uu]ncaught)"#,
            literals: ["===>", "rebar_"], class: .dependency,
            like: "===> Unable to run pre hooks for 'compile', command 'compile' in 'rebar3'"),
        ErrorShape(
            "eunit.failed", .cause, #"\*+failed\*+"#,
            literals: ["*failed*", "***failed***"], class: .test,
            like: "app_test:12: parse_test...*failed*"),
        ErrorShape(
            "ct.failed", .cause, #"^(?:%%% \S+ ==> .*: FAILED|Testing .*: (?:\*\*\* )?FAILED|- - - - |\S+ failed on line \d+|Reason: )"#,
            literals: ["failed", "auto_skip"], .paragraph, class: .test,
            like: "%%% app_SUITE ==> parse: FAILED"),
        ErrorShape(
            "erl.crash", .cause, #"^=(?:ERROR|CRASH) REPORT|System process .* terminated|Crash dump|init terminating"#,
            literals: ["=error report", "=crash report", "terminated:", "crash dump", "system process"],
            like: "=ERROR REPORT==== 3-Jun-2019::12:00:00 ==="),
        ErrorShape(
            "dialyzer.warn", .cause, #"has no local return|Invalid contract|[Cc]all to missing|The pattern .* can never match"#,
            literals: ["has no local return", "the pattern", "invalid contract", "call to missing"], .line, class: .lint,
            like: "Function main/1 has no local return"),
    ]
}
