import Basics
import Glibc
import Subprocess
import WorkflowLint

/// Hands the scripts of a workflow to ShellCheck when it is installed: one process for all of them. Each finding comes with the index of its script.
struct ShellCheck {
    let runner: any CommandRunner
    let environment: [String: String]

    /// What cannot be judged in a script cut out of its workflow: sourced files, constant tests of replaced expressions, variables of `env:`.
    private static let excluded = "SC1091,SC2194,SC2050,SC2154,SC2157,SC2043,SC2153"

    /// Nothing when ShellCheck is not there or gives no answer within 20 seconds.
    func findings(in scripts: [WorkflowScript]) async -> [(script: Int, diagnostic: WorkflowDiagnostic)] {
        guard !scripts.isEmpty, isInstalled, let folder = Self.temporaryFolder() else { return [] }
        let names = scripts.indices.map { "\(folder)/\($0).sh" }
        defer {
            for name in names { unlink(name) }
            rmdir(folder)
        }
        for (index, script) in scripts.enumerated() {
            let text = "# shellcheck shell=\(script.shell)\n\(script.text)\n"
            guard (try? OutputTree.write(text, to: "\(index).sh", under: folder)) != nil else { return [] }
        }
        let arguments = ["--norc", "--format=json1", "--exclude=\(Self.excluded)"] + names
        let path = environment["PATH"].map { ["PATH": $0] } ?? [:]
        let invocation = Invocation("shellcheck", arguments, environment: path, deadline: .seconds(20))
        guard let completion = try? await runner.run(invocation), let answer = try? JSONValue(parsing: completion.output) else { return [] }
        return (answer["comments"]?.array ?? []).compactMap { Self.diagnostic($0, scripts) }
    }

    private static func diagnostic(_ comment: JSONValue, _ scripts: [WorkflowScript]) -> (script: Int, diagnostic: WorkflowDiagnostic)? {
        guard let file = comment["file"]?.string, let name = file.split(separator: "/").last?.dropLast(3), let index = Int(name),
            scripts.indices.contains(index), let line = comment["line"]?.int, let code = comment["code"]?.int,
            let message = comment["message"]?.string
        else { return nil }
        let isError = comment["level"]?.string == "error"
        let diagnostic = WorkflowDiagnostic(
            rule: "shellcheck", severity: isError ? .error : .warning, line: scripts[index].fileLine(of: line - 1), column: 1,
            message: "SC\(code): \(message)")
        return (index, diagnostic)
    }

    /// Scripts are written to disk only for somebody who reads them.
    private var isInstalled: Bool {
        (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").contains { access("\($0)/shellcheck", X_OK) == 0 }
    }

    private static func temporaryFolder() -> String? {
        var template = Array("/tmp/fettle-scripts-XXXXXX".utf8CString)
        return mkdtemp(&template).map { String(cString: $0) }
    }
}
