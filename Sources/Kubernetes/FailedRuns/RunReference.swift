/// The run that somebody says has failed.
package enum RunReference: Sendable, Hashable, Codable, CustomStringConvertible {
    case pod(namespace: ObjectName, name: ObjectName, container: ObjectName?)
    case taskRun(namespace: ObjectName, name: ObjectName)
    case pipelineRun(namespace: ObjectName, name: ObjectName)

    package var namespace: ObjectName {
        switch self {
        case .pod(let namespace, _, _), .taskRun(let namespace, _), .pipelineRun(let namespace, _): namespace
        }
    }

    /// E.g. `pipelinerun ci/build-x7k2p`.
    package var description: String {
        switch self {
        case .pod(let namespace, let name, let container): "pod \(namespace)/\(name)" + (container.map { " container \($0)" } ?? "")
        case .taskRun(let namespace, let name): "taskrun \(namespace)/\(name)"
        case .pipelineRun(let namespace, let name): "pipelinerun \(namespace)/\(name)"
        }
    }
}
