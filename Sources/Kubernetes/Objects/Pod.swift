package import Basics

/// What we read of a pod. Source: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1
package struct Pod: Sendable, Hashable, Decodable {
    package struct Spec: Sendable, Hashable, Decodable {
        package struct Container: Sendable, Hashable, Decodable {
            package let name: String
            package let image: String?
        }

        package let containers: [Container]?
        package let initContainers: [Container]?
        package let serviceAccountName: String?
    }

    package struct Status: Sendable, Hashable, Decodable {
        /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
        package let phase: String?
        /// E.g. `Evicted`, `DeadlineExceeded`.
        package let reason: String?
        package let message: UntrustedText?
        package let conditions: [ObjectCondition]?
        package let initContainerStatuses: [ContainerStatus]?
        package let containerStatuses: [ContainerStatus]?
    }

    package struct ContainerStatus: Sendable, Hashable, Decodable {
        package let name: String
        package let image: String?
        package let ready: Bool?
        package let restartCount: Int?
        package let state: ContainerState?
        package let lastState: ContainerState?
    }

    package let metadata: ObjectMeta
    package let spec: Spec?
    package let status: Status?

    package var allStatuses: [ContainerStatus] { (status?.initContainerStatuses ?? []) + (status?.containerStatuses ?? []) }
    /// Every container there is, also those without a status yet.
    package var containerNames: [String] { ((spec?.initContainers ?? []) + (spec?.containers ?? [])).map(\.name) }
}

/// At most one of the three is there.
package struct ContainerState: Sendable, Hashable, Decodable {
    package struct Waiting: Sendable, Hashable, Decodable {
        /// E.g. `ImagePullBackOff`, `CrashLoopBackOff`, `CreateContainerConfigError`, `PodInitializing`.
        package let reason: String?
        package let message: UntrustedText?
    }

    package struct Terminated: Sendable, Hashable, Decodable {
        package let exitCode: Int
        package let signal: Int?
        /// `Completed`, `Error`, `OOMKilled`, `ContainerCannotRun`, `DeadlineExceeded`, …
        package let reason: String?
        package let message: UntrustedText?
        package let finishedAt: String?
    }

    package let waiting: Waiting?
    package let terminated: Terminated?
}

/// Something the cluster did or could not do. Source: kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1
package struct ClusterEvent: Sendable, Hashable, Decodable {
    package struct Series: Sendable, Hashable, Decodable {
        package let count: Int?
    }

    /// `Normal` or `Warning`.
    package let type: String?
    package let reason: String?
    package let message: UntrustedText?
    package let count: Int?
    package let series: Series?
    package let firstTimestamp: String?
    package let lastTimestamp: String?
    package let eventTime: String?

    package var isWarning: Bool { type == "Warning" }
    package var times: Int { max(series?.count ?? count ?? 1, 1) }
    /// When it was last seen, as the cluster words it; sorts as text.
    package var moment: String { lastTimestamp ?? eventTime ?? firstTimestamp ?? "" }
}
