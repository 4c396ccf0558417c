package import Basics

/// What a pod's own status says about why it does not do its work: which container, why, in the cluster's words. A pure reading.
package struct PodDiagnosis: Sendable, Hashable {
    package let cause: RunCause
    /// `nil` when no container ever came to be.
    package let container: String?
    /// The log to read is that of the life before the last restart.
    package let readsPrevious: Bool
    /// One line, e.g. `ErrImagePull: manifest unknown`.
    package let words: UntrustedText
    /// Of its last life, where it has ended one.
    package let exitCode: Int?

    /// `nil` when the status shows nothing wrong.
    ///
    /// - Parameter wanted: look at this container only.
    package init?(_ pod: Pod, container wanted: String? = nil) {
        let statuses = pod.allStatuses.filter { wanted == nil || $0.name == wanted }
        let found = Self.waiting(statuses) ?? Self.terminated(statuses) ?? (wanted == nil ? Self.whole(pod) : nil)
        guard let found else { return nil }
        self = found
    }

    private init(_ cause: RunCause, _ container: String?, _ words: String, exitCode: Int? = nil, readsPrevious: Bool = false) {
        self.exitCode = exitCode
        self.cause = cause
        self.container = container
        self.readsPrevious = readsPrevious
        self.words = UntrustedText(words)
    }

    private static func waiting(_ statuses: [Pod.ContainerStatus]) -> PodDiagnosis? {
        for status in statuses {
            guard let waiting = status.state?.waiting, let cause = RunCause(waitingReason: waiting.reason) else { continue }
            let reason = waiting.reason ?? ""
            let words = waiting.message.map { "\(reason): \($0.raw)" } ?? reason
            guard cause == .crashLoop, let last = status.lastState?.terminated else { return PodDiagnosis(cause, status.name, words) }
            let isMemory = last.reason == "OOMKilled"
            let life = "container \(status.name) ended with exit code \(last.exitCode) (\(last.reason ?? "Error"))"
            return PodDiagnosis(
                isMemory ? .outOfMemory : .crashLoop, status.name, "\(words); \(life)", exitCode: last.exitCode, readsPrevious: true)
        }
        return nil
    }

    /// The container that ended badly first; those after it often ended because of it.
    private static func terminated(_ statuses: [Pod.ContainerStatus]) -> PodDiagnosis? {
        let bad = statuses.enumerated().compactMap { offset, status in
            status.state?.terminated.map { (offset: offset, name: status.name, state: $0) }
        }
        .filter { $0.state.exitCode != 0 || $0.state.reason == "OOMKilled" }
        let first = bad.min { ($0.state.finishedAt ?? "", $0.offset) < ($1.state.finishedAt ?? "", $1.offset) }
        return first.map {
            PodDiagnosis(cause(of: $0.state), $0.name, words(of: $0.state, container: $0.name), exitCode: $0.state.exitCode)
        }
    }

    static func cause(of state: ContainerState.Terminated) -> RunCause {
        switch state.reason {
        case "OOMKilled": .outOfMemory
        case "DeadlineExceeded": .timeout
        case "ContainerCannotRun", "StartError": .containerConfiguration
        default: .exit(code: state.exitCode)
        }
    }

    static func words(of state: ContainerState.Terminated, container: String) -> String {
        switch cause(of: state) {
        case .outOfMemory: "container \(container) was OOMKilled (exit code \(state.exitCode)): it used more memory than its limit"
        case .containerConfiguration: "container \(container) could not start: \(state.message?.raw ?? state.reason ?? "")"
        default: "container \(container) ended with exit code \(state.exitCode)" + (state.reason.map { " (\($0))" } ?? "")
        }
    }

    private static func whole(_ pod: Pod) -> PodDiagnosis? {
        if let condition = pod.status?.conditions?.first(where: { $0.type == "PodScheduled" && $0.status == "False" }) {
            return PodDiagnosis(.unschedulable, nil, "\(condition.reason ?? "Unschedulable"): \(condition.message?.raw ?? "")")
        }
        guard let reason = pod.status?.reason else { return nil }
        let words = reason + (pod.status?.message.map { ": \($0.raw)" } ?? "")
        return PodDiagnosis(reason == "Evicted" ? .evicted : reason == "DeadlineExceeded" ? .timeout : .unknown, nil, words)
    }
}
