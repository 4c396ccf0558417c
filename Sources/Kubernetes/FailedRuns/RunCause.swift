/// What kept a run from succeeding, as far as the cluster knows. The log may know more.
package enum RunCause: Sendable, Hashable {
    /// The program ended by itself with this status.
    case exit(code: Int)
    case outOfMemory
    case imagePull
    case timeout
    case missingServiceAccount
    /// A Secret, ConfigMap or setting a container needs is not there.
    case containerConfiguration
    case crashLoop
    case quota
    case unschedulable
    case evicted
    /// The cluster refused to make the pod.
    case podNotCreated
    /// The run itself is not valid: a missing task, parameter or result.
    case invalidRun
    case unknown

    /// What a person does first.
    package var nextStep: String {
        switch self {
        case .exit: "read the quoted lines of the failing step"
        case .outOfMemory: "raise the step's memory limit, or find what has grown"
        case .imagePull: "check the image's name and tag, and that the service account has a pull secret for its registry"
        case .timeout: "find what was running when the time was up; raise the timeout only when the work has really grown"
        case .missingServiceAccount: "create the service account in this namespace, or name an existing one in taskRunTemplate"
        case .containerConfiguration: "create the Secret or ConfigMap that the message names, in this namespace"
        case .crashLoop: "read the log of the container's last life, quoted here"
        case .quota: "free or raise the namespace's ResourceQuota, or lower the requests"
        case .unschedulable: "lower the requests, or add a node that fits"
        case .evicted: "check the node's disk and memory pressure; run it again"
        case .podNotCreated: "read the refusal: an admission rule or a wrong field keeps the pod from being made"
        case .invalidRun: "correct the run's definition as the message says"
        case .unknown: "look at the run's status and events"
        }
    }

    /// By the `reason` and `message` of a TaskRun's or PipelineRun's condition; `nil` when they only say that a step failed.
    ///
    /// Source: github.com/tektoncd/pipeline, pkg/pod/status.go and pkg/apis/pipeline/v1 (TaskRunReason)
    package init?(conditionReason reason: String?, message: String) {
        if Self.namesMissingAccount(message) {
            self = .missingServiceAccount
            return
        }
        switch reason {
        case "TaskRunTimeout", "PipelineRunTimeout": self = .timeout
        case "TaskRunImagePullFailed", "PullImageFailed": self = .imagePull
        case "ExceededResourceQuota": self = .quota
        case "ExceededNodeResources": self = .unschedulable
        case "CreateContainerConfigError": self = .containerConfiguration
        case "PodEvicted": self = .evicted
        case "PodCreationFailed", "CouldntCreatePod", "PodAdmissionFailed":
            self = message.contains("exceeded quota") ? .quota : .podNotCreated
        case "CouldntGetTask" where message.contains("failed to create task run pod"):
            self = message.contains("exceeded quota") ? .quota : .podNotCreated
        case .some(let reason) where Self.invalid.contains(reason): self = .invalidRun
        default:
            guard message.contains("has timed out") || message.contains("failed to finish within") else { return nil }
            self = .timeout
        }
    }

    /// By the reason of a waiting container; `nil` for a wait that is not bad.
    ///
    /// Source: github.com/kubernetes/kubernetes, pkg/kubelet/images/types.go and pkg/kubelet/kuberuntime
    package init?(waitingReason reason: String?) {
        switch reason {
        case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable":
            self = .imagePull
        case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "ContainerCannotRun": self = .containerConfiguration
        case "CrashLoopBackOff": self = .crashLoop
        default: return nil
        }
    }

    /// Words of the API server about an account that is not there, as a run's status and an event have them.
    package static func namesMissingAccount(_ message: String) -> Bool {
        (message.contains("serviceaccounts \"") || message.contains("serviceaccount \"")) && message.contains("not found")
    }

    private static let invalid: Set<String> = [
        "CouldntGetTask", "CouldntGetPipeline", "TaskRunValidationFailed", "TaskRunResolutionFailed", "TaskValidationFailed",
        "PipelineValidationFailed", "ParameterMissing", "ParameterTypeMismatch", "InvalidParamValue", "InvalidTaskResultReference",
        "InvalidWorkspaceBindings", "FailedValidation", "ResourceVerificationFailed", "ParamArrayIndexingInvalid", "PipelineInvalidGraph",
        "ObjectParameterMissKeys", "ParamKeyNotFound", "RequiredWorkspaceMarkedOptional", "InvalidMatrixParameterTypes",
    ]
}
