import Basics
import Forge
import HTTP
import Jobs
import TestSelection

/// A Fettle server that keeps recorded runs in its database and shows on the commit what is chosen and what came of it.
struct TestsServer: Sendable {
    static let option = CommandOption(
        "--server", value: "URL", help: "a Fettle server that keeps recorded runs instead of a file; it is shown FETTLE_TESTS_TOKEN")
    static let repositoryOption = CommandOption(
        "--repository", value: "FORGE:OWNER/NAME", help: "how that server's forge knows the repository, e.g. github:octo/demo")
    static let shownOption = CommandOption(
        "--shown-on", value: "SHA", help: "with --server, the commit whose check shows it (default: the one that is worked on)")

    private let base: String
    private let repository: RepositoryReference
    private let token: Secret
    private let http: any HTTPClient
    private let newID: @Sendable () -> String

    init(_ url: String, repository: String?, in context: CommandContext, http: any HTTPClient = CurlHTTPClient()) throws {
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw UsageError("'--server' is '\(url)'; it takes an address like https://fettle.example.com")
        }
        guard let reference = repository.flatMap(ReportedRepositories.reference) else {
            throw UsageError("--server needs --repository, written as github:owner/name or gitea:owner/name")
        }
        guard let token = try Configuration.loadOutsideRepository(environment: context.environment).testsToken else {
            throw UsageError("--server needs the server's token: set FETTLE_TESTS_TOKEN, or FETTLE_TESTS_TOKEN_FILE")
        }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.repository = reference
        self.token = token
        self.http = http
        let (clock, random) = (context.clock, context.random)
        newID = { random.identifier(at: clock.now) }
    }

    var name: String { base }

    /// What was recorded; empty when nothing was yet, with a problem when it cannot be had.
    func history() async -> (history: RunHistory, problem: String?) {
        let path = "/tests/history/\(repository.forge.rawValue)/\(repository.name.owner)/\(repository.name.name)"
        do {
            let response = try await http.send(
                ClientRequest(.get, base + path, headers: headers, deadline: .seconds(60), responseLimit: .mebibytes(512)))
            switch response.status {
            case 200: return (try RunHistory(parsing: response.body), nil)
            case 404 where Self.error(response) != nil: return (RunHistory(), nil)
            default: return (RunHistory(), Self.complaint(base + path, response))
            }
        } catch {
            return (RunHistory(), "\(base + path): \(error)")
        }
    }

    func send(_ notice: SelectionNotice, leftOut: RememberedSelection?, head: String) async throws {
        try await post(
            "/tests/selections",
            TestSelectionMessage(id: newID(), repository: repository, commit: CommitID(head), notice: notice, leftOut: leftOut))
    }

    func send(_ run: RecordedRun, coverage: CoverageNotice?, head: String) async throws {
        try await post(
            "/tests/runs", TestRunMessage(id: newID(), repository: repository, commit: CommitID(head), run: run, coverage: coverage))
    }

    // MARK: Asking

    private var headers: HTTPHeaders { ["Authorization": "Bearer \(token.reveal())", "Content-Type": "application/json"] }

    /// Sent up to three times: the message's id keeps it from being taken twice.
    private func post(_ path: String, _ message: some Encodable) async throws {
        let request = ClientRequest(
            .post, base + path, headers: headers, body: JSONValue(encoding: message).serialized(), deadline: .seconds(60))
        var fault = ""
        for _ in 0..<3 {
            do {
                let response = try await http.send(request)
                if response.status == 202 { return }
                fault = Self.complaint(base + path, response)
                guard response.status >= 500 else { break }
            } catch {
                fault = "\(base + path): \(error)"
            }
        }
        throw OperatorError(fault)
    }

    private static func error(_ response: ClientResponse) -> String? {
        (try? JSONValue(parsing: response.body))?["error"]?.string
    }

    private static func complaint(_ url: String, _ response: ClientResponse) -> String {
        if response.status == 404, error(response) == nil {
            return "\(url): there is no such page: the server has no FETTLE_TESTS_TOKEN, or is no Fettle"
        }
        return "\(url): \(response.status), \(error(response).map { String($0.prefix(300)) } ?? "without a reason")"
    }
}
