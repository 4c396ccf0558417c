import Text

/// A read-only token for workflows that show no sign of writing.
enum PermissionsFixer: WorkflowFixer {
    static func propose(_ file: LintedWorkflow, _ knowledge: FixKnowledge, _ report: inout FixReport) {
        let workflow = file.workflow
        let rule = ExcessivePermissionsRule.id
        let bare = workflow.jobs.filter { $0.permissions == nil && $0.call == nil }
        guard !file.options.isGitea, workflow.permissions == nil, let first = bare.first, let jobs = workflow.jobsMark else { return }
        if let sign = workflow.jobs.lazy.filter({ $0.permissions == nil }).compactMap({ TokenUse.sign(of: $0) }).first {
            return report.leave(rule, first.id.mark, "what the token has to write cannot be told: \(sign)")
        }
        guard jobs.column == 1, file.startsItsLine(jobs) else { return }
        var line = jobs.line - 1
        // A comment above `jobs` stays with it.
        while line >= 1, file.lines[line - 1].hasPrefix("#") { line -= 1 }
        let isSpaced = line < 1 || file.lines[line - 1].allSatisfy { $0 == " " }
        report.fix(
            rule, first.id.mark, "the token may only read the repository; no step was seen to write with it",
            FileEdit(insertions: [.init(after: line, lines: (isSpaced ? [] : [""]) + ["permissions:", "  contents: read", ""])]))
    }
}

/// Signs that a job does more with its token than read the repository.
enum TokenUse {
    /// Actions that read, set up or keep files. Source: the actions' own documentation
    private static let readers: Set<String> = [
        "actions/checkout", "actions/cache", "actions/cache/restore", "actions/cache/save", "actions/upload-artifact",
        "actions/download-artifact", "astral-sh/setup-uv", "shivammathur/setup-php", "ramsey/composer-install", "erlef/setup-beam",
        "swatinem/rust-cache", "dtolnay/rust-toolchain", "taiki-e/install-action", "denoland/setup-deno", "oven-sh/setup-bun",
        "pnpm/action-setup", "ruby/setup-ruby", "codecov/codecov-action", "coverallsapp/github-action", "swift-actions/setup-swift",
        "gradle/actions/setup-gradle", "gradle/actions/wrapper-validation", "gradle/wrapper-validation-action", "pre-commit/action",
        "golangci/golangci-lint-action", "msys2/setup-msys2", "ilammy/msvc-dev-cmd", "vmactions/freebsd-vm", "microsoft/setup-msbuild",
        "graalvm/setup-graalvm", "pdm-project/setup-pdm", "wntrblm/nox", "snok/install-poetry", "arduino/setup-protoc",
        "crate-ci/typos", "mozilla-actions/sccache-action", "hynek/build-and-inspect-python-package",
    ]

    /// What speaks for a token that writes, as a half sentence; `nil` when nothing does.
    static func sign(of job: WorkflowJob) -> String? {
        if let call = job.call { return "'\(call.uses.value)' decides itself what it does" }
        for step in job.steps {
            if let uses = step.uses, let reference = ActionReference(uses.value) {
                let name = reference.name.lowercased()
                guard readers.contains(name) || name.hasPrefix("actions/setup-") else {
                    return "'\(uses.value)' may need more"
                }
            } else if let uses = step.uses {
                return "'\(uses.value)' may need more"
            }
            for text in ([step.run].compactMap { $0 } + step.with.map(\.value) + step.environment.map(\.value)).map(\.value) {
                for word in ["GITHUB_TOKEN", "github.token", "git push", "gh "] where text.holds(word) {
                    return "a step uses '\(word.hasSuffix(" ") ? String(word.dropLast()) : word)'"
                }
            }
        }
        for variable in job.environment where variable.value.value.holds("GITHUB_TOKEN") || variable.value.value.holds("github.token") {
            return "'\(variable.name.value)' carries the token"
        }
        return nil
    }
}
