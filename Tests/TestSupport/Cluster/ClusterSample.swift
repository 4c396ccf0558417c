package import Basics

/// Objects as a cluster with Tekton has them: trimmed to the fields that matter, with names, words and states of the real ones.
///
/// Sources: tekton.dev/docs/pipelines/taskruns and pipelineruns (status); github.com/tektoncd/pipeline pkg/pod/status.go and
/// pkg/reconciler/taskrun/taskrun.go (reasons and messages); kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle
package enum ClusterSample {
    package static let namespace = "ci"
    package static let repository = "https://github.com/octo/demo.git"

    package static func pipelineRun(
        _ name: String, reason: String = "Running", status: String = "Unknown",
        message: String = "Tasks Completed: 1 (Failed: 1, Cancelled 0), Incomplete: 1, Skipped: 1",
        children: [String], specStatus: String? = nil, annotations: [String: JSONValue] = [:]
    ) -> JSONValue {
        var spec: [String: JSONValue] = [
            "pipelineRef": ["name": "build"],
            "params": [["name": "repo-url", "value": .string(repository)], ["name": "revision", "value": "main"]],
        ]
        if let specStatus { spec["status"] = .string(specStatus) }
        return [
            "apiVersion": "tekton.dev/v1", "kind": "PipelineRun",
            "metadata": metadata(name, ["tekton.dev/pipeline": "build"], annotations: annotations),
            "spec": .object(spec),
            "status": [
                "startTime": "2026-11-24T12:00:00Z",
                "conditions": [condition(status, reason, message)],
                "childReferences": .array(
                    children.map {
                        [
                            "apiVersion": "tekton.dev/v1", "kind": "TaskRun", "name": .string($0),
                            "pipelineTaskName": .string(String($0.dropFirst(name.count + 1))),
                        ]
                    }),
            ],
        ]
    }

    /// A task run of `pipelineRun`; its pod is named as Tekton does.
    package static func taskRun(
        _ task: String, of pipelineRun: String, status: String, reason: String, message: String, steps: [JSONValue] = [],
        hasPod: Bool = true, completed: String = "2026-11-24T12:05:00Z"
    ) -> JSONValue {
        let name = "\(pipelineRun)-\(task)"
        var state: [String: JSONValue] = [
            "startTime": "2026-11-24T12:00:01Z", "podName": .string(hasPod ? "\(name)-pod" : ""),
            "conditions": [condition(status, reason, message)],
        ]
        if status != "Unknown" { state["completionTime"] = .string(completed) }
        if !steps.isEmpty { state["steps"] = .array(steps) }
        let labels: [String: JSONValue] = [
            "tekton.dev/pipeline": "build", "tekton.dev/pipelineRun": .string(pipelineRun), "tekton.dev/pipelineTask": .string(task),
            "tekton.dev/task": .string(task), "app.kubernetes.io/managed-by": "tekton-pipelines",
        ]
        return [
            "apiVersion": "tekton.dev/v1", "kind": "TaskRun", "metadata": metadata(name, labels),
            "spec": ["serviceAccountName": "builder", "taskRef": ["name": .string(task)], "timeout": "1h0m0s"], "status": .object(state),
        ]
    }

    package static func step(_ name: String, exitCode: Int, reason: String? = nil, terminationReason: String? = nil) -> JSONValue {
        var step: [String: JSONValue] = [
            "name": .string(name), "container": .string("step-\(name)"),
            "terminated": [
                "exitCode": .integer(Int64(exitCode)), "reason": .string(reason ?? (exitCode == 0 ? "Completed" : "Error")),
                "startedAt": "2026-11-24T12:00:05Z", "finishedAt": "2026-11-24T12:04:58Z",
            ],
        ]
        if let terminationReason { step["terminationReason"] = .string(terminationReason) }
        return .object(step)
    }

    package static func waitingStep(_ name: String, reason: String, message: String) -> JSONValue {
        [
            "name": .string(name), "container": .string("step-\(name)"),
            "waiting": ["reason": .string(reason), "message": .string(message)],
        ]
    }

    /// A pod with containers in these states, by name: `terminated`, `waiting` or `running`.
    package static func pod(
        _ name: String, labels: [String: JSONValue] = [:], phase: String, states: [(container: String, state: JSONValue)],
        last: [String: JSONValue] = [:], extra: [String: JSONValue] = [:]
    ) -> JSONValue {
        let containers: [JSONValue] = states.map { ["name": .string($0.container), "image": "registry.example.com/tools/build:7"] }
        let statuses: [JSONValue] = states.map { container, state in
            var status: [String: JSONValue] = [
                "name": .string(container), "image": "registry.example.com/tools/build:7", "ready": false,
                "restartCount": last[container] == nil ? 0 : 5,
                "state": state,
            ]
            if let before = last[container] { status["lastState"] = before }
            return .object(status)
        }
        var status: [String: JSONValue] = ["phase": .string(phase), "containerStatuses": .array(statuses)]
        status.merge(extra) { $1 }
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata(name, labels),
            "spec": ["containers": .array(containers), "serviceAccountName": "builder"], "status": .object(status),
        ]
    }

    package static func terminated(_ exitCode: Int, _ reason: String, at time: String = "2026-11-24T12:04:58Z") -> JSONValue {
        ["terminated": ["exitCode": .integer(Int64(exitCode)), "reason": .string(reason), "finishedAt": .string(time)]]
    }

    package static func waiting(_ reason: String, _ message: String) -> JSONValue {
        ["waiting": ["reason": .string(reason), "message": .string(message)]]
    }

    package static func event(
        _ name: String, about kind: String, _ object: String, type: String = "Warning", reason: String, message: String, count: Int = 1,
        at time: String = "2026-11-24T12:03:00Z"
    ) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Event", "metadata": metadata(name, [:]),
            "involvedObject": ["kind": .string(kind), "namespace": .string(namespace), "name": .string(object)],
            "type": .string(type), "reason": .string(reason), "message": .string(message), "count": .integer(Int64(count)),
            "firstTimestamp": "2026-11-24T12:00:30Z", "lastTimestamp": .string(time),
        ]
    }

    private static func metadata(_ name: String, _ labels: [String: JSONValue], annotations: [String: JSONValue] = [:]) -> JSONValue {
        [
            "name": .string(name), "namespace": .string(namespace), "labels": .object(labels), "annotations": .object(annotations),
            "creationTimestamp": "2026-11-24T12:00:00Z",
        ]
    }

    private static func condition(_ status: String, _ reason: String, _ message: String) -> JSONValue {
        [
            "type": "Succeeded", "status": .string(status), "reason": .string(reason), "message": .string(message),
            "lastTransitionTime": "2026-11-24T12:05:00Z",
        ]
    }
}
