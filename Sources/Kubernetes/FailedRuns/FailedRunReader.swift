import Basics

/// Finds out from a cluster what went wrong with a run: the failing task, step, pod and container, their words, their log.
///
/// Throws when the run itself cannot be read. Parts of it that cannot be read (a pod that is gone, events without permission) become
/// gaps of the account.
package struct FailedRunReader: Sendable {
    let cluster: KubernetesClient
    let limits: Limits

    package struct Limits: Sendable {
        /// Of one log, in one request.
        package var logBytes: Int
        /// Of a log that is longer than that.
        package var tailLines: Int
        package var events: Int

        package init(logBytes: Int = 16 << 20, tailLines: Int = 40_000, events: Int = 20) {
            self.logBytes = logBytes
            self.tailLines = tailLines
            self.events = events
        }
    }

    package init(cluster: KubernetesClient, limits: Limits = Limits()) {
        self.cluster = cluster
        self.limits = limits
    }

    package func account(of reference: RunReference) async throws(ClusterError) -> RunAccount {
        switch reference {
        case .pipelineRun(let namespace, let name): try await pipelineRun(name, namespace, reference)
        case .taskRun(let namespace, let name):
            try await taskRun(try await cluster.taskRun(name, in: namespace), namespace, reference)
        case .pod(let namespace, let name, let container): try await pod(name, namespace, container, reference)
        }
    }

    // MARK: Pipeline runs

    private func pipelineRun(
        _ name: ObjectName, _ namespace: ObjectName, _ reference: RunReference
    ) async throws(ClusterError) -> RunAccount {
        let run = try await cluster.pipelineRun(name, in: namespace)
        let (tasks, gone) = try await children(of: run, name, namespace)
        var account: RunAccount
        if let failed = Self.firstFailure(tasks) {
            account = try await taskRun(failed, namespace, reference)
        } else {
            account = RunAccount(reference: reference, outcome: Self.outcome(of: run, tasks))
            account.uid = run.metadata.uid
            if run.hasFailed, let words = Self.words("PipelineRun", run.succeeded) { account.statements.append(words) }
            await addEvents(about: [("PipelineRun", name)], namespace, to: &account)
        }
        account.pipeline = run.pipeline ?? account.pipeline
        account.source = account.source.filled(from: RunSource(run.metadata, run.spec?.params))
        account.generatedNames[name.text] = "<pipelinerun>"
        account.createdAt = run.metadata.creationTimestamp
        account.succeededTasks = tasks.filter { $0.succeeded?.status == "True" }
            .compactMap { RunAccount.jobName(pipeline: account.pipeline, task: $0.pipelineTask ?? $0.task) }
        if !gone.isEmpty { account.gaps.append("task runs that are gone: \(gone.joined(separator: ", "))") }
        return account
    }

    /// By label, and by the run's own list for those without it.
    private func children(
        of run: PipelineRun, _ name: ObjectName, _ namespace: ObjectName
    ) async throws(ClusterError) -> (found: [TaskRun], gone: [String]) {
        var found = try await cluster.taskRuns(of: name, in: namespace)
        var gone: [String] = []
        let listed = (run.status?.childReferences ?? []).filter { $0.kind == nil || $0.kind == "TaskRun" }
        for child in listed.prefix(100) {
            guard let childName = ObjectName(optional: child.name), !found.contains(where: { $0.metadata.name == childName.text }) else {
                continue
            }
            do throws(ClusterError) {
                found.append(try await cluster.taskRun(childName, in: namespace))
            } catch {
                guard case .notFound = error else { throw error }
                gone.append(child.pipelineTaskName ?? childName.text)
            }
        }
        return (found, gone)
    }

    /// The task that failed first; what failed later often failed because of it.
    static func firstFailure(_ tasks: [TaskRun]) -> TaskRun? {
        let failed = tasks.filter { $0.hasFailed && !$0.wasCancelled && $0.succeeded?.reason != "FailureIgnored" }
        let ended = failed.enumerated().min {
            ($0.element.status?.completionTime ?? "9", $0.offset) < ($1.element.status?.completionTime ?? "9", $1.offset)
        }
        // Not yet marked as failed, but one of its steps has ended badly.
        return ended?.element ?? tasks.first { !$0.hasFailed && $0.succeeded?.status != "True" && $0.failingStep != nil }
    }

    private static func outcome(of run: PipelineRun, _ tasks: [TaskRun]) -> RunAccount.Outcome {
        if run.wasCancelled { return .cancelled }
        if run.hasFailed {
            return .failed(RunCause(conditionReason: run.succeeded?.reason, message: run.succeeded?.message?.raw ?? "") ?? .unknown)
        }
        if tasks.contains(where: \.wasCancelled) { return .cancelled }
        return .notFailed(run.succeeded?.status == "True" ? "the pipeline run succeeded" : "no task of the pipeline run has failed")
    }

    // MARK: Task runs

    private func taskRun(_ run: TaskRun, _ namespace: ObjectName, _ reference: RunReference) async throws(ClusterError) -> RunAccount {
        var account = RunAccount(reference: reference, outcome: Self.outcome(of: run))
        describe(run, in: &account)
        guard account.outcome != .cancelled else { return account }
        let podName = ObjectName(optional: run.status?.podName)
        let pod = try await podIfThere(podName, namespace, &account)
        if let pod { add(pod, of: run, to: &account) }
        if case .notFailed = account.outcome { return account }
        if let podName, let pod { await addLog(of: pod, podName, namespace, container: run.failingStep?.container, to: &account) }
        let owner = ObjectName(optional: run.metadata.name).map { ("TaskRun", $0) }
        await addEvents(about: [podName.map { ("Pod", $0) }, account.log == nil ? owner : nil].compactMap { $0 }, namespace, to: &account)
        settleByEvents(&account)
        return account
    }

    private func describe(_ run: TaskRun, in account: inout RunAccount) {
        account.uid = run.metadata.uid
        account.createdAt = run.metadata.creationTimestamp
        account.task = run.pipelineTask ?? run.task ?? run.metadata.name
        account.pipeline = run.metadata.labels?["tekton.dev/pipeline"]
        account.source = RunSource(run.metadata, run.spec?.params)
        if let step = run.failingStep { account.step = step.name }
        if let name = run.metadata.name { account.generatedNames[name] = "<taskrun>" }
        if let name = run.status?.podName, !name.isEmpty { account.generatedNames[name] = "<pod>" }
        if let name = run.pipelineRun { account.generatedNames[name] = "<pipelinerun>" }
        if let state = run.failingStep?.terminated, let container = run.failingStep?.container {
            account.exitCode = state.exitCode
            account.statements.append(UntrustedText(PodDiagnosis.words(of: state, container: container)))
        }
        if run.hasFailed, let words = Self.words("TaskRun", run.succeeded) { account.statements.append(words) }
    }

    static func outcome(of run: TaskRun) -> RunAccount.Outcome {
        if run.wasCancelled { return .cancelled }
        if run.wasStoppedByTime { return .failed(.timeout) }
        // A step that was killed for its memory says more than “Failed”.
        if let state = run.failingStep?.terminated, !state.isSkipped { return .failed(PodDiagnosis.cause(of: state)) }
        let (reason, message) = (run.succeeded?.reason, run.succeeded?.message?.raw ?? "")
        if run.hasFailed { return .failed(RunCause(conditionReason: reason, message: message) ?? .unknown) }
        return .notFailed(run.succeeded?.status == "True" ? "the task run succeeded" : "the task run has not failed")
    }

    private func podIfThere(
        _ name: ObjectName?, _ namespace: ObjectName, _ account: inout RunAccount
    ) async throws(ClusterError) -> Pod? {
        guard let name else {
            account.gaps.append("no pod was made for it, so there is no log")
            return nil
        }
        do throws(ClusterError) { return try await cluster.pod(name, in: namespace) } catch {
            guard case .notFound = error else { throw error }
            account.gaps.append("the pod is gone, so its log cannot be read")
            return nil
        }
    }

    /// What the pod knows and the run's status does not say yet, or says less exactly.
    private func add(_ pod: Pod, of run: TaskRun, to account: inout RunAccount) {
        guard let diagnosis = PodDiagnosis(pod, container: run.failingStep?.container) ?? PodDiagnosis(pod) else { return }
        switch account.outcome {
        case .failed(.unknown): account.outcome = .failed(diagnosis.cause)
        case .failed(.exit) where diagnosis.cause == .outOfMemory: account.outcome = .failed(diagnosis.cause)
        case .notFailed where run.succeeded?.status != "True": account.outcome = .failed(diagnosis.cause)
        default: break
        }
        account.exitCode = account.exitCode ?? diagnosis.exitCode
        if run.failingStep == nil { account.statements.insert(diagnosis.words, at: 0) }
    }

    // MARK: Pods

    private func pod(
        _ name: ObjectName, _ namespace: ObjectName, _ container: ObjectName?, _ reference: RunReference
    ) async throws(ClusterError) -> RunAccount {
        let pod: Pod
        do throws(ClusterError) { pod = try await cluster.pod(name, in: namespace) } catch {
            guard case .notFound = error, let run = try await taskRun(ofGonePod: name, namespace) else { throw error }
            return try await taskRun(run, namespace, reference)
        }
        if container == nil, let owner = ObjectName(optional: pod.metadata.labels?["tekton.dev/taskRun"]),
            let run = try await ifThere({ () async throws(ClusterError) in try await cluster.taskRun(owner, in: namespace) })
        {
            return try await taskRun(run, namespace, reference)
        }
        var account = RunAccount(reference: reference, outcome: .notFailed("no container of the pod has failed"))
        account.uid = pod.metadata.uid
        account.createdAt = pod.metadata.creationTimestamp
        account.pipeline = pod.metadata.labels?["tekton.dev/pipeline"]
        account.task = pod.metadata.labels?["tekton.dev/pipelineTask"] ?? pod.metadata.labels?["app.kubernetes.io/name"]
        account.source = RunSource(pod.metadata, nil)
        account.generatedNames[name.text] = "<pod>"
        if let diagnosis = PodDiagnosis(pod, container: container?.text) {
            account.outcome = .failed(diagnosis.cause)
            account.step = diagnosis.container
            account.exitCode = diagnosis.exitCode
            account.statements.append(diagnosis.words)
        } else {
            return account
        }
        await addLog(of: pod, name, namespace, container: container?.text, to: &account)
        await addEvents(about: [("Pod", name)], namespace, to: &account)
        settleByEvents(&account)
        return account
    }

    /// Tekton names a pod after its task run.
    private func taskRun(ofGonePod name: ObjectName, _ namespace: ObjectName) async throws(ClusterError) -> TaskRun? {
        guard name.text.hasSuffix("-pod"), let owner = ObjectName(String(name.text.dropLast("-pod".count))) else { return nil }
        let run = try await ifThere { () async throws(ClusterError) in try await cluster.taskRun(owner, in: namespace) }
        return run?.status?.podName == name.text ? run : nil
    }

    private func ifThere<Value: Sendable>(_ read: () async throws(ClusterError) -> Value) async throws(ClusterError) -> Value? {
        do throws(ClusterError) { return try await read() } catch {
            switch error {
            case .notFound, .forbidden: return nil
            default: throw error
            }
        }
    }

    static func words(_ kind: String, _ condition: ObjectCondition?) -> UntrustedText? {
        guard let condition else { return nil }
        return UntrustedText("\(kind) \(condition.reason ?? "Failed"): \(condition.message?.raw ?? "")")
    }
}

extension ContainerState.Terminated {
    /// Ended by Tekton before it began, because an earlier step had failed.
    var isSkipped: Bool { reason == "Skipped" }
}
