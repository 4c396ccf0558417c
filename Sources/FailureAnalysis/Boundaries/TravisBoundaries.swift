extension BoundaryDialect {
    /// Source: github.com/travis-ci/travis-build, lib/travis/build/bash and templates
    static let travis = BoundaryDialect(
        name: "Travis CI",
        rules: [
            .init(
                .commandFailed, #"^The command ".*" (?:exited with [1-9]|failed and exited with [1-9])"#, literals: ["The command \""],
                like: "The command \"make test\" exited with 2."),
            .init(.commandEnd, #"^The command "(?!.*" (?:exited|failed)\b)"#, literals: ["The command \""], like: "The command \"set -e"),
            .init(
                .commandFailed, #"^" (?:exited with|failed and exited with) [1-9]\d*"#,
                literals: ["\" exited with", "\" failed and exited"],
                like: "\" exited with 1."),
            .init(
                .stopped,
                #"^No output has been received in the last \d+m|^The job exceeded the maximum (?:time limit|log length)|^The log length has exceeded"#,
                literals: ["No output has been received", "The job exceeded the maximum", "The log length has exceeded"],
                like:
                    "No output has been received in the last 10m0s, this potentially indicates a stalled build or something wrong with the build itself."
            ),
            .init(
                .jobFailed, #"^(?:Done\. Your build exited with [1-9]|Your build has been stopped\.|The build has been terminated)"#,
                literals: ["Done. Your build exited with", "Your build has been stopped", "The build has been terminated"],
                like: "Done. Your build exited with 1."),
            .init(
                .commandEnd, #"^travis_time:end:"#, literals: ["travis_time:end:"], like: "travis_time:end:0a:start=1,finish=2,duration=1"),
            .init(.commandStart, #"^travis_time:start:"#, literals: ["travis_time:start:"], like: "travis_time:start:0a1b2c3d"),
            .init(.foldStart, #"^travis_fold:start:"#, literals: ["travis_fold:start:"], like: "travis_fold:start:git.checkout"),
            .init(.foldEnd, #"^travis_fold:end:"#, literals: ["travis_fold:end:"], like: "travis_fold:end:git.checkout"),
        ])
}
