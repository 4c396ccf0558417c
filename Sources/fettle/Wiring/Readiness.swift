import Basics

/// Whether deliveries can be taken, and if not, why: what `/readyz` answers.
struct Readiness: Sendable, Hashable {
    let problems: [String]

    var isReady: Bool { problems.isEmpty }

    /// What the configuration alone tells. An unconfigured forge does not count.
    init(_ configuration: Configuration) {
        var problems: [String] = []
        if configuration.github == nil, configuration.gitea == nil, case .disabled = configuration.reportFailure {
            problems.append("nothing is configured: no forge and no failure reports; 'fettle doctor' shows what to set")
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
