import Basics
import FailureAnalysis
import Forge
import Kubernetes

extension FinishedRun {
    /// A run in a cluster, read and explained.
    init(_ account: RunAccount, _ accounts: [FailureAccount], in repository: RepositoryReference) {
        let moment = account.moment
        var jobs = account.succeededTasks.filter { $0 != account.jobName }.map {
            Job(attempt: RunAttempt(run: moment, attempt: 1, job: $0), outcome: .succeeded)
        }
        if !accounts.isEmpty {
            jobs.append(Job(attempt: RunAttempt(run: moment, attempt: 1, job: account.jobName), outcome: .failed(accounts)))
        }
        self.init(
            repository: repository, title: account.reference.description, address: nil, branch: account.source.branch ?? "",
            commit: account.source.commit ?? "", pullRequest: account.source.pullRequest, isFork: account.source.isFork, jobs: jobs)
    }
}

extension RunAccount {
    /// When the run was made; its uid tells apart those of one second. Rises from run to run.
    fileprivate var moment: Int64 {
        let start = createdAt.flatMap { Timestamp(iso8601: $0) }?.microseconds ?? 0
        let salt = (uid ?? "").utf8.reduce(Int64(7)) { ($0 &* 31 &+ Int64($1)) % 999_983 }
        return start.addingReportingOverflow(salt).partialValue
    }

    /// What the class is when no log tells it.
    var failureClass: FailureClass {
        guard case .failed(let cause) = outcome else { return .unknown }
        return switch cause {
        case .outOfMemory: .outOfMemory
        case .timeout: .timeout
        case .imagePull, .quota, .unschedulable, .evicted: .infrastructure
        case .missingServiceAccount, .containerConfiguration, .podNotCreated, .invalidRun: .configuration
        case .exit, .crashLoop, .unknown: .unknown
        }
    }
}
