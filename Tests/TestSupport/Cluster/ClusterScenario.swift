import Basics

/// A pipeline run that went wrong in one way, put into a cluster whole: what `/report-failure` is called about.
package enum ClusterScenario: String, CaseIterable, Sendable {
    case failedStep, imagePull, outOfMemory, timeoutPodGone, missingServiceAccount, cancelled, longLog, quota, nothingFailed

    package static let task = "unit-tests"

    /// - Parameter name: of the pipeline run, with the random part the cluster would give it.
    package func arrange(in cluster: SandboxCluster, run name: String) {
        let reporter = ClusterSample.taskRun(
            "report", of: name, status: "Unknown", reason: "Running", message: "Not all Steps in the Task have finished executing")
        cluster.put(reporter)
        switch self {
        case .failedStep: failedStep(cluster, name, log: Self.failingLog)
        case .longLog:
            let noise = (1...60_000).map { "compiling unit \($0 % 977) of a very large program, step \($0)\n" }.joined()
            failedStep(cluster, name, log: noise + Self.failingLog)
        case .outOfMemory: outOfMemory(cluster, name)
        case .imagePull: imagePull(cluster, name)
        case .timeoutPodGone: timeout(cluster, name)
        case .missingServiceAccount: missingServiceAccount(cluster, name)
        case .quota: quota(cluster, name)
        case .cancelled: cancelled(cluster, name)
        case .nothingFailed:
            cluster.put(
                ClusterSample.taskRun(
                    Self.task, of: name, status: "True", reason: "Succeeded", message: "All Steps have completed executing"))
            cluster.put(
                ClusterSample.pipelineRun(
                    name, message: "Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0",
                    children: ["\(name)-\(Self.task)", "\(name)-report"]))
        }
    }

    private static let failingLog = """
        ============================= test session starts ==============================
        collected 31 items

        tests/test_money.py .....F                                              [ 19%]

        =================================== FAILURES ===================================
        _______________________________ test_rounds_half_up ____________________________

            def test_rounds_half_up():
        >       assert round_money("2.345") == "2.35"
        E       AssertionError: assert '2.34' == '2.35'
        E         - 2.35
        E         + 2.34

        tests/test_money.py:42: AssertionError
        =========================== short test summary info ============================
        FAILED tests/test_money.py::test_rounds_half_up - AssertionError: assert '2.34' == '2.35'
        ========================= 1 failed, 30 passed in 0.42s =========================

        """

    private func put(_ cluster: SandboxCluster, _ name: String, _ taskRun: JSONValue) {
        cluster.put(ClusterSample.pipelineRun(name, children: ["\(name)-\(Self.task)", "\(name)-report"]))
        cluster.put(taskRun)
    }

    private func failedStep(_ cluster: SandboxCluster, _ name: String, log: String) {
        let pod = "\(name)-\(Self.task)-pod"
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "Failed",
                message:
                    "\"step-test\" exited with code 1 (image: \"registry.example.com/tools/build@sha256:3f5c\"); for logs run: kubectl -n ci logs \(pod) -c step-test",
                steps: [
                    ClusterSample.step("clone", exitCode: 0), ClusterSample.step("test", exitCode: 1, terminationReason: "Error"),
                    ClusterSample.step("publish", exitCode: 1, terminationReason: "Skipped"),
                ]))
        cluster.put(
            ClusterSample.pod(
                pod, phase: "Failed",
                states: [
                    ("step-clone", ClusterSample.terminated(0, "Completed")), ("step-test", ClusterSample.terminated(1, "Error")),
                    ("step-publish", ClusterSample.terminated(1, "Error", at: "2026-11-24T12:04:59Z")),
                ]))
        cluster.setLog(log, of: "step-test", in: pod, namespace: ClusterSample.namespace)
    }

    private func outOfMemory(_ cluster: SandboxCluster, _ name: String) {
        let pod = "\(name)-\(Self.task)-pod"
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "Failed",
                message:
                    "\"step-test\" exited with code 137 (image: \"registry.example.com/tools/build@sha256:3f5c\"); for logs run: kubectl -n ci logs \(pod) -c step-test",
                steps: [ClusterSample.step("test", exitCode: 137, reason: "OOMKilled")]))
        cluster.put(ClusterSample.pod(pod, phase: "Failed", states: [("step-test", ClusterSample.terminated(137, "OOMKilled"))]))
        cluster.setLog("loading 4 million rows\nbuilding index\n", of: "step-test", in: pod, namespace: ClusterSample.namespace)
    }

    private func imagePull(_ cluster: SandboxCluster, _ name: String) {
        let pod = "\(name)-\(Self.task)-pod"
        let words = "Back-off pulling image \"registry.example.com/tools/build:7\""
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "TaskRunImagePullFailed",
                message:
                    "the step \"test\" in TaskRun \"\(name)-\(Self.task)\" failed to pull the image \"\". The pod errored with the message: \"\(words).\"",
                steps: [ClusterSample.waitingStep("test", reason: "ImagePullBackOff", message: words)]))
        cluster.put(ClusterSample.pod(pod, phase: "Pending", states: [("step-test", ClusterSample.waiting("ImagePullBackOff", words))]))
        cluster.put(
            ClusterSample.event(
                "\(pod).17a", about: "Pod", pod, reason: "Failed",
                message:
                    "Failed to pull image \"registry.example.com/tools/build:7\": rpc error: code = NotFound desc = failed to pull and unpack image: registry.example.com/tools/build:7: not found",
                count: 4))
        cluster.put(ClusterSample.event("\(pod).17b", about: "Pod", pod, reason: "Failed", message: "Error: ErrImagePull", count: 4))
        cluster.put(
            ClusterSample.event(
                "\(pod).17c", about: "Pod", pod, type: "Normal", reason: "Scheduled", message: "Successfully assigned ci/\(pod) to node-1"))
    }

    /// Tekton deletes the pod of a task run that took too long.
    private func timeout(_ cluster: SandboxCluster, _ name: String) {
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "TaskRunTimeout",
                message: "TaskRun \"\(name)-\(Self.task)\" failed to finish within \"1h0m0s\"",
                steps: [ClusterSample.step("test", exitCode: 1, reason: "TaskRunTimeout", terminationReason: "TaskRunTimeout")]))
    }

    private func missingServiceAccount(_ cluster: SandboxCluster, _ name: String) {
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "PodCreationFailed",
                message:
                    "failed to create task run pod \"\(name)-\(Self.task)\": translating TaskSpec to Pod: serviceaccounts \"builder\" not found. Maybe invalid TaskSpec",
                hasPod: false))
    }

    private func quota(_ cluster: SandboxCluster, _ name: String) {
        put(
            cluster, name,
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "ExceededResourceQuota",
                message:
                    "TaskRun Pod exceeded available resources: pods \"\(name)-\(Self.task)-pod\" is forbidden: exceeded quota: ci, requested: requests.memory=8Gi, used: requests.memory=30Gi, limited: requests.memory=32Gi",
                hasPod: false))
    }

    private func cancelled(_ cluster: SandboxCluster, _ name: String) {
        cluster.put(
            ClusterSample.pipelineRun(
                name, reason: "CancelledRunningFinally", message: "PipelineRun \"\(name)\" was cancelled",
                children: ["\(name)-\(Self.task)"],
                specStatus: "CancelledRunFinally"))
        cluster.put(
            ClusterSample.taskRun(
                Self.task, of: name, status: "False", reason: "TaskRunCancelled",
                message:
                    "TaskRun \"\(name)-\(Self.task)\" was cancelled. TaskRun cancelled as the PipelineRun it belongs to has been cancelled."
            ))
    }
}
