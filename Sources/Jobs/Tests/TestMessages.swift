import Basics
package import Forge
package import TestSelection

/// What a CI step sends after its tests ran: `POST /tests/runs`.
package struct TestRunMessage: Sendable, Hashable, Codable {
    package var version = 1
    /// Chosen by whoever sends: the same message sent again is recorded once.
    package var id: String
    /// `github:owner/name`
    package var repository: String
    /// Where the forge shows what came of it; `nil`: nowhere.
    package var commit: CommitID?
    package var run: RecordedRun
    /// Of the tested change; `nil` when none was measured.
    package var coverage: CoverageNotice?

    package init(
        id: String, repository: RepositoryReference, commit: CommitID?, run: RecordedRun, coverage: CoverageNotice? = nil
    ) {
        self.id = id
        self.commit = commit
        self.repository = TestHistories.key(repository)
        self.run = run
        self.coverage = coverage
    }
}

/// What a CI step sends when it has chosen tests: `POST /tests/selections`.
package struct TestSelectionMessage: Sendable, Hashable, Codable {
    package var version = 1
    package var id: String
    package var repository: String
    package var commit: CommitID?
    package var notice: SelectionNotice
    /// What is left out, to be judged by later whole runs; `nil` when everything runs.
    package var leftOut: RememberedSelection?

    package init(
        id: String, repository: RepositoryReference, commit: CommitID?, notice: SelectionNotice, leftOut: RememberedSelection?
    ) {
        self.id = id
        self.repository = TestHistories.key(repository)
        self.commit = commit
        self.notice = notice
        self.leftOut = leftOut
    }
}

/// Either message, checked: a job to be queued.
package struct TestsRequest: Sendable, Hashable, Codable {
    package enum Message: Sendable, Hashable, Codable {
        case run(TestRunMessage)
        case selection(TestSelectionMessage)
    }

    package static let kind = "tests"

    package let repository: RepositoryReference
    package let message: Message

    package struct Fault: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    package init(_ message: TestRunMessage) throws(Fault) {
        repository = try Self.repository(message.repository, version: message.version, id: message.id)
        if let fault = message.run.fault { throw Fault(description: fault) }
        self.message = .run(message)
    }

    package init(_ message: TestSelectionMessage) throws(Fault) {
        repository = try Self.repository(message.repository, version: message.version, id: message.id)
        self.message = .selection(message)
    }

    private static func repository(_ text: String, version: Int, id: String) throws(Fault) -> RepositoryReference {
        guard version == 1 else { throw Fault(description: "its version is \(version); this server reads version 1") }
        guard (8...100).contains(id.utf8.count) else { throw Fault(description: "its id has 8 to 100 bytes") }
        guard let reference = ReportedRepositories.reference(text) else {
            throw Fault(description: "its repository is no github:owner/name or gitea:owner/name")
        }
        return reference
    }

    private var id: String {
        switch message {
        case .run(let message): message.id
        case .selection(let message): message.id
        }
    }

    /// One at a time in a repository: each reads and writes its history.
    package var job: JobRequest {
        let place = TestHistories.key(repository)
        return JobRequest(
            kind: Self.kind, lane: .review, payload: JSONValue(encoding: self), uniqueKey: "\(Self.kind):\(place):\(id)",
            uniqueness: .forever, concurrencyKey: "\(Self.kind):\(place)", maxAttempts: 6)
    }
}
