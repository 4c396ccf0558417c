import Basics
import FailureAnalysis
import Kubernetes
import LLM

/// What the cluster says of a failed run's pod and of its tasks.
struct PodTool: InvestigationTool {
    let account: RunAccount

    let definition = ToolDefinition(
        name: "pod", description: "State of the failed run's pod, step and container as the cluster tells it, and what could not be read.",
        parameters: ["type": "object", "additionalProperties": false, "required": [], "properties": [:]])

    func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        var lines = ["run: \(account.reference)"]
        if let task = account.task { lines.append("task: \(task)") }
        if let step = account.step { lines.append("step: \(step)") }
        if let code = account.exitCode { lines.append("exit code: \(code)") }
        lines += account.statements.map(\.raw)
        lines += account.gaps.map { "not available: \($0)" }
        if !account.succeededTasks.isEmpty { lines.append("went well: \(account.succeededTasks.joined(separator: ", "))") }
        return UntrustedText(lines.joined(separator: "\n"))
    }
}

/// The warnings the cluster noted about a failed run, oldest first.
struct EventsTool: InvestigationTool {
    let account: RunAccount

    let definition = ToolDefinition(
        name: "events", description: "Warnings the cluster noted about the failed run's pod and run, oldest first.",
        parameters: ["type": "object", "additionalProperties": false, "required": [], "properties": [:]])

    func answer(_ arguments: JSONValue, limit: ByteCount) async throws(ToolError) -> UntrustedText {
        let lines = account.events.map { "\(Count.of($0.times, "time")) \($0.reason ?? "without a reason"): \($0.message?.raw ?? "")" }
        return UntrustedText(lines.isEmpty ? "none" : lines.joined(separator: "\n"))
    }
}
