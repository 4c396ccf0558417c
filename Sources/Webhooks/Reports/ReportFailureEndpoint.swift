package import Basics
package import HTTP
package import Jobs
package import Kubernetes

/// `POST /report-failure`: who asks, for which run; a job row before any answer; the job's own answer if it comes in time.
package struct ReportFailureEndpoint: Sendable {
    /// Who may ask.
    package enum Guardian: Sendable {
        /// Nobody chose: nobody may.
        case closed
        case open
        case token(Secret)
        /// Service accounts, each for runs of its own namespace.
        case tokenReview(KubernetesClient)
    }

    /// A request is a few names: more is not one.
    package static let bodyLimit = ByteCount.kibibytes(16)
    /// Whoever asks is a step of a pipeline: it must not wait for long.
    package static let patience = Duration.seconds(25)

    private let guardian: Guardian
    private let readsCluster: Bool
    private let repositories: ReportedRepositories
    private let queue: JobQueue
    /// Where people find a job, e.g. `http://127.0.0.1:8080/jobs/`.
    private let jobPages: String
    private let clock: any Clock

    package init(
        guardian: Guardian, readsCluster: Bool, repositories: ReportedRepositories, queue: JobQueue, jobPages: String, clock: any Clock
    ) {
        self.guardian = guardian
        self.readsCluster = readsCluster
        self.repositories = repositories
        self.queue = queue
        self.jobPages = jobPages
        self.clock = clock
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let start = clock.uptime
        let caller: ObjectName?
        switch await admit(request) {
        case .refused(let response): return response
        case .admitted(let namespace): caller = namespace
        }
        guard request.body.count <= Self.bodyLimit.bytes else { return Self.answer(413, "error", "the body is longer than 16 KiB") }
        let run: RunReference
        switch ReportBody.read(request.body) {
        case .success(let reference): run = reference
        case .failure(let fault): return Self.answer(400, "error", fault.reason)
        }
        if let caller, caller != run.namespace {
            return Self.answer(403, "error", "a service account of namespace \(caller) may report runs of that namespace only")
        }
        guard readsCluster else {
            return Self.answer(
                200, "error", "no cluster is configured: set FETTLE_KUBERNETES=in-cluster, or FETTLE_KUBECONFIG to a kubeconfig file")
        }
        if repositories.standard == nil, repositories.allowed.isEmpty {
            return Self.answer(200, "error", "no repository is configured for issues: set FETTLE_REPORT_FAILURE_REPOSITORY")
        }
        return await enqueue(run, start)
    }

    // MARK: Who asks

    private enum Admission {
        case admitted(onlyNamespace: ObjectName?)
        case refused(HTTPResponse)
    }

    private func admit(_ request: HTTPRequest) async -> Admission {
        let shown = BearerToken.shown(in: request.headers)
        switch guardian {
        case .open: return .admitted(onlyNamespace: nil)
        case .closed:
            return .refused(
                Self.answer(
                    403, "error",
                    "nobody may report: set FETTLE_REPORT_FAILURE_TOKEN_FILE, FETTLE_REPORT_FAILURE_TOKEN_REVIEW=true or FETTLE_REPORT_FAILURE_OPEN=true"
                ))
        case .token(let token):
            guard let shown, BearerToken.areEqual(shown, token) else {
                return .refused(Self.unknown)
            }
            return .admitted(onlyNamespace: nil)
        case .tokenReview(let cluster):
            guard let shown else { return .refused(Self.unknown) }
            do throws(ClusterError) {
                guard let account = try await cluster.review(shown).account else { return .refused(Self.unknown) }
                return .admitted(onlyNamespace: account.namespace)
            } catch {
                return .refused(Self.answer(error.mayPass ? 503 : 500, "error", "your token cannot be checked: \(error)"))
            }
        }
    }

    private static var unknown: HTTPResponse {
        var response = answer(401, "error", "show the right token: Authorization: Bearer …")
        response.headers.add("WWW-Authenticate", "Bearer")
        return response
    }

    // MARK: What came of it

    private func enqueue(_ run: RunReference, _ start: Duration) async -> HTTPResponse {
        let asked = clock.now
        let job: JobID
        do {
            // Without an allow-list the repository is known already, and the job waits in its line from the start.
            let repository = repositories.allowed.isEmpty ? repositories.standard : nil
            job = try await queue.enqueue(ReportFailureRequest(run: run, repository: repository).job).id
        } catch {
            var response = Self.answer(503, "error", "not stored, so not accepted: ask again later")
            response.headers.add("Retry-After", "30")
            return response
        }
        var wait = Duration.milliseconds(20)
        while clock.uptime - start + wait < Self.patience {
            // A database that does not answer now, and a caller that has gone, change nothing: the job stands.
            guard (try? await clock.sleep(for: wait)) != nil else { break }
            if let found = try? await answer(to: run, job, since: asked) {
                return Self.answer(200, found.status.rawValue, found.result)
            }
            wait = min(wait * 2, .milliseconds(500))
        }
        return Self.answer(202, "accepted", jobPages + job.rawValue)
    }

    private func answer(to run: RunReference, _ job: JobID, since asked: Timestamp) async throws -> FailureReports.Answer? {
        let stored = try await FailureReports.find(run, in: queue)
        if let stored, stored.job == job.rawValue || stored.at >= asked { return stored.answer }
        // A job that was stopped by hand writes no answer.
        guard let record = try await queue.job(job), record.progress.state == .cancelled || record.progress.state == .failed else {
            return nil
        }
        return FailureReports.Answer(.error, "the job was stopped: \(jobPages)\(job)")
    }

    private static func answer(_ code: Int, _ status: String, _ result: String) -> HTTPResponse {
        .json(code, ["status": .string(status), "result": .string(result)])
    }
}
