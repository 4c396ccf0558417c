import Basics
import Crypto
import Dashboard
import ForgeClients
import HTTP
import Synchronization

/// Registers a GitHub App from a page on this machine, while none is configured: our manifest, GitHub's page, a code back, credentials on disk.
///
/// Source: docs.github.com/apps, "Registering a GitHub App from a manifest"
final class GitHubSetup: Sendable {
    static let path = "/setup/github"
    static let returnPath = "/setup/github/registered"

    /// What an operator is sent to GitHub with must come back within the hour that GitHub's code lives, and once.
    private static let patience = Duration.seconds(3600)
    private static let mostOpen = 16

    private let api: String
    private let purposes: Set<GitHubPermissions.Purpose>
    private let files: SetupFiles
    private let http: any HTTPClient
    private let clock: any Clock
    private let logger: Logger
    private let gate = LoopbackGuard()
    private let open = Mutex<[(state: String, until: Duration)]>([])

    /// `nil` where an App or a token is configured already.
    init?(_ configuration: Configuration, settingsFile: String, http: any HTTPClient, clock: any Clock, logger: Logger) {
        guard configuration.github?.credential == nil else { return nil }
        api = configuration.github?.apiURL ?? ConfigurationKey.githubURL.defaultText ?? ""
        purposes = configuration.gitHubPurposes
        files = SetupFiles(settings: settingsFile)
        self.http = http
        self.clock = clock
        self.logger = logger
    }

    func add(to router: inout Router) {
        router.get(Self.path) { await self.respond(to: $0, self.offer) }
        router.get(Self.returnPath) { await self.respond(to: $0, self.finish) }
    }

    private func respond(to request: HTTPRequest, _ answer: (HTTPRequest) async -> SetupPage) async -> HTTPResponse {
        if let refusal = gate.refusal(of: request) { return refusal }
        return await answer(request).response
    }

    /// First the questions; with their answers the form that goes to GitHub.
    private func offer(_ request: HTTPRequest) async -> SetupPage {
        let problem = files.problem
        guard let site = request.queryValue("site") else { return .questions(problem: problem) }
        let answers = SetupAnswers(
            site: site, name: request.queryValue("name") ?? "", organization: request.queryValue("organization") ?? "")
        if let problem = problem ?? answers.problem { return .questions(problem: problem) }
        guard let state = try? SecureRandom.hex(bytes: 32), let host = request.headers["Host"] else {
            return .questions(problem: "no random numbers, or no Host header: nothing can be offered")
        }
        remember(state)
        let manifest = GitHubManifest.document(
            name: answers.name, site: answers.site, webhook: answers.site + "/webhooks/github",
            redirect: "http://\(host)\(Self.returnPath)",
            purposes: purposes)
        let permissions = GitHubPermissions.needed(for: purposes).map { "\($0.name): \($0.level.rawValue)" }
        return .form(
            action: answers.registration(at: GitHubSite.of(api: api)) + "?state=\(state)", manifest: manifest.text,
            permissions: permissions, events: GitHubPermissions.events(for: purposes))
    }

    /// Back from GitHub: the state must be one of ours, the code is exchanged, what came is written.
    private func finish(_ request: HTTPRequest) async -> SetupPage {
        guard let state = request.queryValue("state"), take(state) else {
            return .failed("this was not begun here, or over an hour ago, or is over already: begin again at \(Self.path)")
        }
        guard let code = request.queryValue("code"), !code.isEmpty, code.utf8.count <= 200 else {
            return .failed("GitHub sent no code: begin again at \(Self.path)")
        }
        // Before the exchange: GitHub tells the key once.
        if let problem = files.problem { return .failed(problem) }
        do {
            let app = try await GitHubRegisteredApp.exchange(code: code, api: api, http: http)
            let written = try files.write(app, api: api)
            logger.info("a GitHub App was registered", ["app.id": .integer(app.id), "app.slug": .string(app.slug)])
            let site = GitHubSite.of(api: api)
            return .done(
                app: app.slug, page: app.page.hasPrefix(site + "/") ? app.page : site,
                install: "\(site)/apps/\(PercentEncoding.encode(app.slug))/installations/new",
                files: written.paths, addition: written.addition)
        } catch {
            logger.warning("a GitHub App's registration could not be finished", ["error": .string("\(error)")])
            return .failed("\(error)")
        }
    }

    private func remember(_ state: String) {
        let now = clock.uptime
        open.withLock { open in
            open.removeAll { $0.until <= now }
            if open.count >= Self.mostOpen { open.removeFirst() }
            open.append((state, now + Self.patience))
        }
    }

    /// Whether it was ours and still good; afterwards it is neither.
    private func take(_ state: String) -> Bool {
        let now = clock.uptime
        let given = Array(state.utf8)
        return open.withLock { open in
            guard let index = open.firstIndex(where: { $0.until > now && ConstantTime.areEqual(Array($0.state.utf8), given) }) else {
                return false
            }
            open.remove(at: index)
            return true
        }
    }
}

extension Configuration {
    /// What the App is registered for; `fettle doctor` looks for these permissions.
    static let gitHubPurposes: Set<GitHubPermissions.Purpose> = [.review, .workflowRuns, .issues]

    /// To write code is asked for only where the operator wants newly given repositories to be offered CI; `/generate` says what it lacks.
    var gitHubPurposes: Set<GitHubPermissions.Purpose> {
        proposals == .installation ? Self.gitHubPurposes.union([.proposals]) : Self.gitHubPurposes
    }
}

enum GitHubSite {
    /// Where people look at it: the API's address without what only the API has.
    static func of(api: String) -> String {
        if api == "https://api.github.com" { return "https://github.com" }
        return api.hasSuffix("/api/v3") ? String(api.dropLast("/api/v3".count)) : api
    }
}
