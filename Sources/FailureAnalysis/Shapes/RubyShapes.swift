extension ErrorShape {
    /// Ruby, RSpec, Minitest, Rake, Bundler, RuboCop, Cucumber, Jekyll.
    /// Source: rspec.info; docs.seattlerb.org/minitest; bundler.io; rubocop.org
    static let ruby: [ErrorShape] = [
        ErrorShape(
            "ruby.exception", .cause,
            #"""
            (?:^|: )(?:in `.*': |in '.*': ).*\((?:\w+::)*\w*(?:Error|Exception|Invalid|NotFound|Exit|Failed|\w+)\)$\#
            |:\d+:in [`'].*':
            """#,
            literals: ["error)", "exception)", "error (", "(error"],
            like: "app.rb:12:in `parse': no such key (KeyError)"),
        ErrorShape(
            "rspec.failures", .hint, #"^Failures:\s*$|^\s*Failed examples:"#,
            literals: ["failures:"], .line, class: .test,
            like: "Failures:"),
        ErrorShape(
            "rspec.rerun", .summary, #"^rspec ['.] ?\.?/?\S+:?\d*"#,
            literals: ["rspec ./", "rspec '"], .line, class: .test,
            like: "rspec ./spec/parser_spec.rb:12 # Parser parses"),
        ErrorShape(
            "minitest.entry", .cause, #"^\s*(?:\d+\) )?(?:Failure|Error):\s*$|^(?:Failure|Error): test"#,
            literals: ["failure:", "error:", "failure", "error"], .entry, class: .test,
            like: "Failure:"),
        ErrorShape(
            "minitest.counts", .summary, #"^\d+ (?:runs|tests|examples|scenarios|specs), .*[1-9]\d* (?:failures?|errors?|failed)"#,
            literals: ["runs, ", "tests, ", "examples,"], .line, class: .test,
            like: "120 runs, 300 assertions, 1 failures, 0 errors, 0 skips"),
        ErrorShape(
            "rake.aborted", .cause, #"^rake aborted!"#,
            literals: ["rake aborted!"], .paragraph,
            like: "rake aborted!"),
        ErrorShape(
            "bundler.error", .cause,
            #"""
            (?:Bundler could not find|Could not find gem|An error occurred while installing|Your Ruby version is\#
            |^ERROR:  (?:While|Error)|(?:Gem|Bundler)::\w*(?:Error|Failure|NotFound|Conflict)\w*\#
            |Could not find \S+-\d\S* in any of the sources|requires Ruby version|requires rubygems version)
            """#,
            literals: [
                "bundler could not find", "could not find gem", "an error occurred while installing", "your bundle", "gem::", "bundler::",
                "could not find ", "requires ruby",
            ], .paragraph, class: .dependency,
            like: "Bundler could not find compatible versions for gem \"rack\":"),
        ErrorShape(
            "rubocop.offense", .cause, #"^\S+:\d+:\d+: [CWEF]: |[1-9]\d* offenses? detected"#,
            literals: [": c: ", ": w: ", ": e: ", ": f: ", "offenses detected"], class: .lint,
            like: "lib/app.rb:12:81: C: Layout/LineLength: Line is too long."),
        ErrorShape(
            "htmlproofer.error", .cause,
            #"""
            (?:HTML-Proofer found|^- (?:\./)?\S+\.html?$|^\s+\*\s+(?:External link|internally linking|.* does not\#
            |.* failed)|failed with something very wrong)
            """#,
            literals: ["htmlproofer", "html-proofer", "- ./", "failed with status code", "internally linking", "external link"],
            class: .lint,
            like: "- ./_site/index.html"),
    ]
}
