extension ForgeError: CustomStringConvertible {
    /// What happened, and what the operator does about it. May quote the forge's own words: escape it like any outside text.
    package var description: String {
        switch self {
        case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)"
        case .unauthorized(let host, let reason):
            "\(host) does not accept our credential (\(reason)). Check the token, or the App's id and private key, and that this machine's clock is right."
        case .forbidden(let resource, let needs?):
            "\(resource) is not allowed: it needs \(needs). Grant that to the App or token, and accept the new permissions in each installation."
        case .forbidden(let resource, nil): "\(resource) is not allowed to our credential, and the forge does not say what is missing."
        case .notFound(let resource): "\(resource): not there, or not visible to our credential. Is the App installed on that repository?"
        case .rateLimited(let wait): "the forge's rate limit is used up for another \(wait.components.seconds) seconds"
        case .refused(let resource, let reason): "\(resource) was refused: \(reason)"
        case .tooLarge(let resource, let limit): "\(resource): larger than \(limit) bytes"
        case .serverFailed(let host, let status): "\(host) failed with status \(status)"
        case .ambiguous(let resource, let reason): "\(resource) may or may not have happened: \(reason)"
        case .malformedReply(let resource, let reason): "the answer to \(resource) is not what the forge documents: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
