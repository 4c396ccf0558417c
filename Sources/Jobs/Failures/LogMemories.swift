import Basics
import FailureAnalysis
import Forge

/// What earlier runs teach about the logs of one run: read when a cause is told for the first time, once for each job.
///
/// None of it may keep an issue from being written: a log that cannot be had teaches nothing.
struct LogMemories {
    /// Jobs of one run whose last success is read.
    private static let mostJobs = 3

    let client: any ForgeClient
    let request: ExplainRunRequest
    let logs: LogReading
    let limit: ByteCount
    let job: JobContext
    private var known: [String: LogMemory] = [:]

    init(client: any ForgeClient, request: ExplainRunRequest, logs: LogReading, limit: ByteCount, job: JobContext) {
        self.client = client
        self.request = request
        self.logs = logs
        self.limit = limit
        self.job = job
    }

    /// - Parameter name: the job's, as its log is called.
    mutating func memory(of name: String) async throws -> LogMemory {
        if let memory = known[name] { return memory }
        guard known.count < Self.mostJobs else { return .none }
        let repository = request.repository
        let causes = try await job.read { try IncidentRows.fixedCauses(of: repository, in: $0) }
        let memory = try await logs.memory(ofSuccess: try await success(of: name), causes: causes)
        known[name] = memory
        return memory
    }

    /// The log of the same job in the workflow's last success before this run.
    private func success(of name: String) async throws -> LogFile? {
        let request = request
        guard let reader = client as? any WorkflowRunReader,
            let green = try await job.read({ try GreenRuns.lastRun(before: request, in: $0) })
        else { return nil }
        do throws(ForgeError) {
            let jobs = try await reader.jobs(of: green.id, attempt: green.attempt, in: request.repository)
            let same = jobs.first { $0.conclusion == "success" && (name == $0.name.raw || name.hasSuffix(" / \($0.name.raw)")) }
            guard let same, let bytes = try await reader.log(ofJob: same.id, in: request.repository, limit: limit), !bytes.isEmpty
            else { return nil }
            return LogFile(named: name, content: bytes)
        } catch .cancelled {
            throw ForgeError.cancelled
        } catch {
            return nil
        }
    }
}
