extension BoundaryDialect {
    /// GitHub Actions and Gitea Actions (act_runner prints the same commands).
    /// Source: docs.github.com/actions, "Workflow commands"; github.com/actions/runner, src/Runner.Worker
    static let github = BoundaryDialect(
        name: "GitHub Actions",
        rules: [
            .init(
                .commandFailed,
                #"^##\[error\](?:Process completed with exit code [1-9]|The process '.*' failed with exit code|.*\bfailed with(?:: | exit code [1-9]| error))"#,
                literals: ["##[error]"], like: "##[error]Process completed with exit code 1."),
            .init(
                .stopped,
                #"^##\[error\](?:The operation was canceled|The runner has received a shutdown signal|The hosted runner.*lost|.*has (?:exceeded|timed out)|The job running on runner .* has exceeded)"#,
                literals: ["##[error]The ", "has exceeded", "has timed out"], like: "##[error]The operation was canceled."),
            .init(.commandStart, #"^##\[group\]Run "#, literals: ["##[group]run "], like: "##[group]Run make test"),
            .init(.foldStart, #"^##\[group\]"#, literals: ["##[group]"], like: "##[group]Operating System"),
            .init(.foldEnd, #"^##\[endgroup\]"#, literals: ["##[endgroup]"], like: "##[endgroup]"),
            .init(.jobName, #"^Complete job name: "#, literals: ["Complete job name: "], like: "Complete job name: build (ubuntu)"),
            .init(
                .aftermath, #"^(?:Post job cleanup\.|Cleaning up orphan processes|##\[section\]Finishing:)"#,
                literals: ["Post job cleanup.", "Cleaning up orphan processes", "##[section]Finishing"], like: "Post job cleanup."),
        ])
}
