import Basics
package import Forge
import Generators
package import Policy

/// A repository to look at: the App was newly given it.
package struct ProposeSetupRequest: Sendable, Hashable, Codable {
    package static let kind = "propose-setup"

    package let repository: RepositoryReference

    package init(repository: RepositoryReference) {
        self.repository = repository
    }

    package var job: JobRequest {
        JobRequest(
            kind: Self.kind, lane: .analysis, payload: JSONValue(encoding: self), uniqueKey: SetupDesk.key(repository),
            concurrencyKey: SetupDesk.key(repository), maxAttempts: 4)
    }
}

/// Proposes CI to a repository that has none, once: whoever closes the pull request is not asked again.
package struct ProposeSetup: JobHandler {
    package let kind = ProposeSetupRequest.kind
    private let forges: any ForgeAccess
    private let redactor: Redactor
    private let marker: EffectMarker?

    package init(forges: any ForgeAccess, redactor: Redactor, marker: EffectMarker?) {
        self.forges = forges
        self.redactor = redactor
        self.marker = marker
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let request = try job.request(as: ProposeSetupRequest.self)
        let client = try await forges.client(for: request.repository)
        let desk = SetupDesk(client: client, repository: request.repository, redactor: redactor, marker: marker, job: job)
        let outcome = try await desk.propose(isAskedFor: false)
        try await desk.record(outcome)
        return .done
    }
}

extension SetupDesk {
    func record(_ outcome: SetupOutcome) async throws {
        let because: String =
            switch outcome {
            case .proposed(let number, let files): "pull request \(number): \(files.joined(separator: ", "))"
            case .upToDate: "nothing differs"
            case .nothing(let notes): notes.joined(separator: "; ")
            case .conflicts(let conflicts): conflicts.map(\.message).joined(separator: "; ")
            case .refused(let reason), .leftAlone(let reason): reason
            }
        try await job.audit(
            "setup.\(outcome.word)", subject: repository.key,
            detail: ["because": .string(redactor.redact(String(because.prefix(1000))).text)])
    }
}
