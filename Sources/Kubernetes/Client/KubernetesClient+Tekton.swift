import Basics

extension KubernetesClient {
    private static let tekton = "/apis/tekton.dev/v1/namespaces"

    package func taskRun(_ name: ObjectName, in namespace: ObjectName) async throws(ClusterError) -> TaskRun {
        try await read(
            TaskRun.self, ClusterCall(path: "\(Self.tekton)/\(namespace)/taskruns/\(name)", subject: "task run \(namespace)/\(name)"))
    }

    package func pipelineRun(_ name: ObjectName, in namespace: ObjectName) async throws(ClusterError) -> PipelineRun {
        try await read(
            PipelineRun.self,
            ClusterCall(path: "\(Self.tekton)/\(namespace)/pipelineruns/\(name)", subject: "pipeline run \(namespace)/\(name)"))
    }

    /// The task runs of a pipeline run, also while its status does not list them; at most 500.
    package func taskRuns(of pipelineRun: ObjectName, in namespace: ObjectName) async throws(ClusterError) -> [TaskRun] {
        // A label's value has at most 63 bytes; a longer name is not there as a label.
        guard pipelineRun.text.utf8.count <= 63 else { return [] }
        let call = ClusterCall(
            path: "\(Self.tekton)/\(namespace)/taskruns",
            query: [("labelSelector", "tekton.dev/pipelineRun=\(pipelineRun)"), ("limit", "500")],
            subject: "task runs of \(namespace)/\(pipelineRun)", limit: .mebibytes(64))
        return try await read(ObjectList<TaskRun>.self, call).items ?? []
    }
}
