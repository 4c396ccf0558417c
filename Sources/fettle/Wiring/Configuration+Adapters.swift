import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import Jobs
import LLM
import LLMClients
import Notifiers
import Review
import Storage

/// Each setting's adapter: the one place where a port meets its implementation.
extension Configuration {
    /// The database, with all tables in place.
    func openDatabase() async throws -> any Database {
        let database: any Database
        switch self.database {
        case .sqlite(let path): database = try SQLiteDatabase(path == ":memory:" ? .memory : .file(path: path))
        case .postgreSQL(let url): database = PostgreSQLDatabase(url.reveal())
        }
        try await database.migrate(Self.migrations)
        return database
    }

    static let migrations: [Migration] =
        QueueSchema.migrations + HookRegister.migrations + ReviewRecords.migrations + ReviewMemory.migrations + ReviewBundles.migrations
        + BudgetLedger.migrations + PreviewRecords.migrations + IncidentRows.migrations + FailureReports.migrations
        + TestHistories.migrations

    func languageModel(http: any HTTPClient, clock: any Clock, random: any RandomSource) -> (any LanguageModel)? {
        switch model {
        case .none: nil
        case .openAI(let url, let key, let profile):
            OpenAIModel(url: url, key: key, profile: profile, http: http, clock: clock, random: random)
        case .anthropic(let url, let key, let profile):
            AnthropicModel(url: url, key: key, profile: profile, http: http, clock: clock, random: random)
        }
    }

    /// Another model of the same server.
    private func languageModel(named name: String, http: any HTTPClient, clock: any Clock, random: any RandomSource)
        -> (any LanguageModel)?
    {
        var other = self
        switch model {
        case .none: return nil
        case .openAI(let url, let key, var profile):
            profile.name = name
            other.model = .openAI(url: url, key: key, profile: profile)
        case .anthropic(let url, let key, var profile):
            profile.name = name
            other.model = .anthropic(url: url, key: key, profile: profile)
        }
        return other.languageModel(http: http, clock: clock, random: random)
    }

    /// The model of a task with those that step in for it; `nil` when none is configured.
    func languageModel(for task: ModelTask, http: any HTTPClient, clock: any Clock, random: any RandomSource) -> (any LanguageModel)? {
        guard let main = languageModel(http: http, clock: clock, random: random) else { return nil }
        let first = modelUse.tasks[task].flatMap { languageModel(named: $0, http: http, clock: clock, random: random) }
        let others = modelUse.fallback.compactMap { languageModel(named: $0, http: http, clock: clock, random: random) }
        let chain = [first, main].compactMap { $0 } + others
        return RoutedModel(chain, for: ModelRouter.Work(task.rawValue), clock: clock) ?? main
    }

    /// The models of reviews and answers, and what they may cost.
    func reviewModels(http: any HTTPClient, clock: any Clock, random: any RandomSource) -> ReviewModels {
        guard let main = languageModel(for: .review, http: http, clock: clock, random: random) else { return .none }
        let tasks = modelUse.tasks.keys.compactMap { task in
            languageModel(for: task, http: http, clock: clock, random: random).map { (task, $0) }
        }
        return ReviewModels(
            main: main, tasks: Dictionary(tasks) { first, _ in first },
            refuter: modelUse.refuter.flatMap { languageModel(named: $0, http: http, clock: clock, random: random) },
            prices: modelUse.prices, limits: modelUse.dailyLimits)
    }

    /// Quiet defaults, with the operator's patience for the model.
    var reviewSettings: ReviewSettings {
        var settings = ReviewSettings()
        settings.modelDeadline = modelTimeout
        return settings
    }

    /// Where changes of incidents are told.
    func noticeSinks(http: any HTTPClient, clock: any Clock) -> [any NoticeSink] {
        var sinks: [any NoticeSink] = []
        if let slack { sinks.append(SlackSink(url: slack.url, token: slack.token, channel: slack.channel, http: http)) }
        if let notify { sinks.append(WebhookSink(url: notify.url, secret: notify.secret, http: http, clock: clock)) }
        return sinks
    }

    /// GitHub's settings as its client takes them; `nil` without credentials.
    func gitHubSettings() throws(ConfigurationError) -> GitHubSettings? {
        guard let github else { return nil }
        switch github.credential {
        case nil: return nil
        case .token(let token): return GitHubSettings(url: github.apiURL, credential: .token(token))
        case .app(let id, let pem):
            do {
                return GitHubSettings(url: github.apiURL, credential: .app(id: id, key: try SigningKey(pem: pem)))
            } catch {
                throw ConfigurationError(faults: [
                    ConfigurationFault(origin: ConfigurationKey.githubPrivateKeyFile.variable, problem: "\(error)")
                ])
            }
        }
    }

    func forges(http: any HTTPClient, clock: any Clock, random: any RandomSource, logger: Logger) throws -> ForgeDirectory {
        var members: [ForgeKind: any ForgeAccess] = [:]
        if let settings = try gitHubSettings() {
            members[.github] = GitHubAccess(settings, http: http, clock: clock, random: random, log: logger)
        }
        if let gitea, let token = gitea.token {
            members[.gitea] = GiteaAccess(
                GiteaSettings(url: gitea.url, token: token), http: http, clock: clock, random: random, log: logger)
        }
        return ForgeDirectory(members)
    }

    /// The doors for deliveries: one for each forge that is configured.
    var doors: [ForgeDoor] {
        var doors: [ForgeDoor] = []
        if let github {
            doors.append(
                ForgeDoor(path: "/webhooks/github", dialect: GitHubWebhookDialect(), secrets: github.webhookSecrets, host: github.apiURL))
        }
        if let gitea {
            doors.append(ForgeDoor(path: "/webhooks/gitea", dialect: GiteaWebhookDialect(), secrets: gitea.webhookSecrets, host: gitea.url))
        }
        return doors
    }
}

/// Where one forge's deliveries come in.
struct ForgeDoor: Sendable {
    let path: String
    let dialect: any WebhookDialect
    let secrets: [Secret]
    /// Tells apart deliveries of two forges of one kind.
    let host: String
}

extension ConfigurationFault: Error {}
