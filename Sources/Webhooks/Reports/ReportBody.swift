import Basics
import Kubernetes

/// `{"namespace", "pod_name", "container_name"?}`, `{"namespace", "pipelinerun"}` or `{"namespace", "taskrun"}`.
enum ReportBody {
    struct Fault: Error {
        let reason: String
    }

    static func read(_ body: [UInt8]) -> Result<RunReference, Fault> {
        do { return .success(try parse(body)) } catch { return .failure(error) }
    }

    private static func parse(_ body: [UInt8]) throws(Fault) -> RunReference {
        guard let document = try? JSONValue(parsing: body), document.object != nil else {
            throw Fault(reason: "the body is no JSON object; send {\"namespace\": \"…\", \"pipelinerun\": \"…\"}")
        }
        guard let namespace = try name("namespace", document, isLabel: true) else { throw Fault(reason: "namespace is missing") }
        let pod = try name("pod_name", document)
        let taskRun = try name("taskrun", document)
        let pipelineRun = try name("pipelinerun", document)
        guard [pod, taskRun, pipelineRun].count(where: { $0 != nil }) == 1 else {
            throw Fault(reason: "name one of pipelinerun, taskrun and pod_name")
        }
        if let pod { return .pod(namespace: namespace, name: pod, container: try name("container_name", document, isLabel: true)) }
        if let taskRun { return .taskRun(namespace: namespace, name: taskRun) }
        guard let pipelineRun else { throw Fault(reason: "name one of pipelinerun, taskrun and pod_name") }
        return .pipelineRun(namespace: namespace, name: pipelineRun)
    }

    /// `nil` when it is absent, null or empty: scripts send empty texts for what they do not know.
    private static func name(_ key: String, _ document: JSONValue, isLabel: Bool = false) throws(Fault) -> ObjectName? {
        guard let value = document[key], !value.isNull, value.string != "" else { return nil }
        guard let text = value.string, let name = isLabel ? ObjectName(label: text) : ObjectName(text) else {
            throw Fault(reason: "\(key) is no Kubernetes name")
        }
        return name
    }
}
