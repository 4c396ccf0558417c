package import Basics

/// What we read of a TaskRun. Source: tekton.dev/docs/pipelines/taskruns, `tekton.dev/v1`
package struct TaskRun: Sendable, Hashable, Decodable {
    package struct Spec: Sendable, Hashable, Decodable {
        package let params: [RunParameter]?
        package let serviceAccountName: String?
        /// `TaskRunCancelled` when somebody wants it to stop.
        package let status: String?
    }

    package struct Status: Sendable, Hashable, Decodable {
        package let conditions: [ObjectCondition]?
        package let podName: String?
        package let startTime: String?
        package let completionTime: String?
        /// In the order they run.
        package let steps: [Step]?
    }

    package struct Step: Sendable, Hashable, Decodable {
        package let name: String?
        /// `step-NAME`.
        package let container: String?
        package let terminated: ContainerState.Terminated?
        package let waiting: ContainerState.Waiting?
        /// `Completed`, `Continued`, `Error`, `TimeoutExceeded`, `Skipped`, `TaskRunCancelled`.
        package let terminationReason: String?
    }

    package let metadata: ObjectMeta
    package let spec: Spec?
    package let status: Status?

    package var succeeded: ObjectCondition? { status?.conditions?.first { $0.type == "Succeeded" } }
    package var hasFailed: Bool { succeeded?.status == "False" }
    /// Stopped by somebody, or with its pipeline. A time limit is a failure and not meant.
    package var wasCancelled: Bool { hasFailed && succeeded?.reason == "TaskRunCancelled" && !wasStoppedByTime }
    package var wasStoppedByTime: Bool {
        guard let condition = succeeded, hasFailed else { return false }
        // With its pipeline's time limit a task is cancelled, and only the message says why.
        return condition.reason == "TaskRunTimeout" || condition.message?.raw.contains("has timed out") == true
    }

    /// The step that broke the task: the first that ended badly and was not merely skipped because of another.
    package var failingStep: Step? {
        let bad = (status?.steps ?? []).filter { ($0.terminated?.exitCode ?? 0) != 0 || $0.terminated?.reason == "OOMKilled" }
        return bad.first { $0.terminationReason != "Skipped" && $0.terminationReason != "Continued" }
    }

    package var pipelineTask: String? { metadata.labels?["tekton.dev/pipelineTask"] }
    package var pipelineRun: String? { metadata.labels?["tekton.dev/pipelineRun"] }
    package var task: String? { metadata.labels?["tekton.dev/task"] }
}

/// What we read of a PipelineRun. Source: tekton.dev/docs/pipelines/pipelineruns, `tekton.dev/v1`
package struct PipelineRun: Sendable, Hashable, Decodable {
    package struct Spec: Sendable, Hashable, Decodable {
        package let params: [RunParameter]?
        /// `Cancelled`, `CancelledRunFinally` or `StoppedRunFinally` when somebody wants it to stop.
        package let status: String?
    }

    package struct Status: Sendable, Hashable, Decodable {
        package struct Child: Sendable, Hashable, Decodable {
            /// `TaskRun`, `CustomRun` or `PipelineRun`.
            package let kind: String?
            package let name: String?
            package let pipelineTaskName: String?
        }

        package let conditions: [ObjectCondition]?
        package let childReferences: [Child]?
    }

    package let metadata: ObjectMeta
    package let spec: Spec?
    package let status: Status?

    package var succeeded: ObjectCondition? { status?.conditions?.first { $0.type == "Succeeded" } }
    package var hasFailed: Bool { succeeded?.status == "False" }
    package var wasCancelled: Bool {
        if let wanted = spec?.status, ["Cancelled", "CancelledRunFinally", "StoppedRunFinally", "PipelineRunCancelled"].contains(wanted) {
            return true
        }
        return ["Cancelled", "PipelineRunCancelled", "CancelledRunningFinally", "StoppedRunningFinally"].contains(succeeded?.reason ?? "")
    }

    package var pipeline: String? { metadata.labels?["tekton.dev/pipeline"] }
}

package struct RunParameter: Sendable, Hashable, Decodable {
    package let name: String
    /// A text, a list or an object.
    package let value: JSONValue?
}
