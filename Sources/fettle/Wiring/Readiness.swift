import Basics

/// Whether deliveries can be taken, and if not, why: what `/readyz` answers.
struct Readiness: Sendable, Hashable {
    let problems: [String]

    private static let shortestSecret = 16

    var isReady: Bool { problems.isEmpty }

    /// What will surprise somebody although deliveries can be taken: said in the log at start.
    static func surprises(in configuration: Configuration) -> [String] {
        var surprises: [String] = []
        if let github = configuration.github, github.credential == nil {
            surprises.append("GitHub's deliveries are taken, but no job can answer them: give an App or FETTLE_GITHUB_TOKEN")
        }
        if let gitea = configuration.gitea, gitea.token == nil {
            surprises.append("Gitea's deliveries are taken, but no job can answer them: give FETTLE_GITEA_TOKEN")
        }
        for (forge, secrets) in [("GitHub", configuration.github?.webhookSecrets), ("Gitea", configuration.gitea?.webhookSecrets)]
        where secrets?.contains(where: { $0.reveal().utf8.count < shortestSecret }) == true {
            surprises.append(
                "\(forge)'s webhook secret is short: whoever sees one delivery can guess it in peace; make one with `openssl rand -hex 32`")
        }
        if case .postgreSQL = configuration.database, configuration.auditKey == nil {
            surprises.append(
                "the audit log is chained but its checkpoints are not signed: give every replica the same FETTLE_AUDIT_KEY, kept out of the database"
            )
        }
        return surprises
    }

    /// What the configuration alone tells. An unconfigured forge does not count.
    init(_ configuration: Configuration) {
        var problems: [String] = []
        if configuration.github == nil, configuration.gitea == nil, case .disabled = configuration.reportFailure {
            problems.append(
                "nothing is configured: for GitHub set FETTLE_GITHUB_APP_ID, FETTLE_GITHUB_PRIVATE_KEY_FILE and FETTLE_GITHUB_WEBHOOK_SECRET_FILE; for Gitea FETTLE_GITEA_URL, FETTLE_GITEA_TOKEN_FILE and FETTLE_GITEA_WEBHOOK_SECRET_FILE"
            )
        }
        if let github = configuration.github, github.credential != nil, github.webhookSecrets.isEmpty {
            problems.append("GitHub has credentials and no webhook secret: set \(ConfigurationKey.githubWebhookSecret.variable)")
        }
        if let gitea = configuration.gitea, gitea.token != nil, gitea.webhookSecrets.isEmpty {
            problems.append("Gitea has a token and no webhook secret: set \(ConfigurationKey.giteaWebhookSecret.variable)")
        }
        self.problems = problems
    }

    private init(problems: [String]) {
        self.problems = problems
    }

    func adding(_ problem: String?) -> Readiness { Readiness(problems: problems + (problem.map { [$0] } ?? [])) }
}
