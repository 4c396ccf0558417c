extension BoundaryDialect {
    /// Source: docs.gitlab.com/ci/jobs/job_logs; gitlab.com/gitlab-org/gitlab-runner, common/
    static let gitlab = BoundaryDialect(
        name: "GitLab CI",
        rules: [
            .init(
                .stopped, #"^ERROR: Job failed: (?:execution took longer|canceled|aborted)"#, literals: ["ERROR: Job failed:"],
                like: "ERROR: Job failed: execution took longer than 1h0m0s seconds"),
            .init(
                .commandFailed, #"^ERROR: Job failed(?: \(system failure\))?:"#, literals: ["ERROR: Job failed"],
                like: "ERROR: Job failed: exit code 1"),
            .init(.foldStart, #"^section_start:\d+:"#, literals: ["section_start:"], like: "section_start:1560896352:my_first_section"),
            .init(.foldEnd, #"^section_end:\d+:"#, literals: ["section_end:"], like: "section_end:1560896353:my_first_section"),
            .init(
                .aftermath, #"^(?:Uploading artifacts for failed job|Running after_script|Cleaning up project directory)"#,
                literals: ["Uploading artifacts for failed", "Running after_script", "Cleaning up project directory"],
                like: "Uploading artifacts for failed job"),
        ])

    /// Source: github.com/tektoncd/pipeline, pkg/pod/status.go and pkg/entrypoint; tkn's log prefix `[task : step]`
    static let tekton = BoundaryDialect(
        name: "Tekton",
        rules: [
            .init(
                .commandFailed, #"^(?:\[[^\]]+\] ?)?container step-\S+ has failed|^"step-[^"]+" exited with code [1-9]"#,
                literals: ["container step-", "\"step-"], like: "container step-build has failed  : [{\"key\":\"StartedAt\"}]"),
            .init(
                .stopped, #"(?:TaskRun|PipelineRun|Step) \\?"[^"]*\\?" (?:failed to finish within|was cancelled|exceeded timeout)"#,
                literals: ["failed to finish within", "was cancelled", "exceeded timeout"],
                like: "TaskRun \"build-x\" failed to finish within \"1h0m0s\""),
            .init(
                .jobFailed, #"^(?:failed to get logs for task|Tasks Completed: \d+ \(Failed: [1-9])"#,
                literals: ["failed to get logs for task", "Tasks Completed:"],
                like: "Tasks Completed: 3 (Failed: 1, Cancelled 0), Skipped: 2"),
        ])

    /// Source: github.com/jenkinsci (durable-task, workflow-cps): messages of the console
    static let jenkins = BoundaryDialect(
        name: "Jenkins",
        rules: [
            .init(
                .commandFailed,
                #"^(?:Build step '.*' (?:marked build as failure|changed build result to FAILURE)|(?:ERROR: )?script returned exit code [1-9])"#,
                literals: ["Build step '", "script returned exit code"], like: "ERROR: script returned exit code 2"),
            .init(
                .stopped, #"^(?:Build timed out|Timeout has been exceeded|Aborted by )"#,
                literals: ["Build timed out", "Timeout has been exceeded", "Aborted by "], like: "Timeout has been exceeded"),
            .init(.jobFailed, #"^Finished: (?:FAILURE|ABORTED|UNSTABLE)"#, literals: ["Finished: "], like: "Finished: FAILURE"),
            .init(.commandStart, #"^\[Pipeline\] (?:sh|bat|powershell|stage|node)"#, literals: ["[Pipeline] "], like: "[Pipeline] sh"),
            .init(.foldStart, #"^\[Pipeline\] \{"#, literals: ["[Pipeline] {"], like: "[Pipeline] { (Build)"),
            .init(.foldEnd, #"^\[Pipeline\] (?:\}|//)"#, literals: ["[Pipeline] "], like: "[Pipeline] // stage"),
        ])

    /// What further servers print in the same places.
    /// Source: circleci.com/docs, ci.appveyor.com build consoles, learn.microsoft.com/azure/devops logging commands, buildkite.com/docs
    static let others = BoundaryDialect(
        name: "CircleCI, AppVeyor, Azure Pipelines, Buildkite",
        rules: [
            .init(
                .commandFailed,
                #"^(?:Exited with code (?:exit status )?[1-9]|Command exited with code [1-9]|##\[error\](?:Bash|PowerShell|Cmd\.exe) exited with code)|^🚨 Error: The command exited with status [1-9]"#,
                literals: ["exited with code", "The command exited with status"], like: "Command exited with code 1")
        ])
}
