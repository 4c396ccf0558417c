import Basics
import HTTP
import Jobs
import LLM
import Previews

/// What the operator wants: read once, checked at start, never consulted as text again.
struct Configuration: Sendable {
    struct GitHub: Sendable {
        enum Credential: Sendable {
            case app(id: String, privateKey: Secret)
            case token(Secret)
        }

        /// Without a trailing slash.
        var apiURL: String
        /// `nil`: deliveries are taken, nothing can be answered.
        var credential: Credential?
        /// Empty: no delivery can be verified, so none is taken.
        var webhookSecrets: [Secret]
    }

    struct Gitea: Sendable {
        /// Site root without a trailing slash.
        var url: String
        var token: Secret?
        var webhookSecrets: [Secret]
    }

    enum Model: Sendable {
        case none
        case openAI(url: String, key: Secret?, profile: ModelProfile)
        case anthropic(url: String, key: Secret?, profile: ModelProfile)
    }

    /// Beside which model: which others, and what they may cost.
    struct ModelUse: Sendable {
        var fallback: [String] = []
        var refuter: String?
        var tasks: [ModelTask: String] = [:]
        var prices = PriceTable([])
        var dailyLimits = Budget.Limits()
    }

    enum ReportFailure: Sendable {
        case disabled
        case token(Secret)
        case open
        /// The cluster says whose token it is.
        case tokenReview
    }

    /// The cluster whose runs are read.
    enum Kubernetes: Sendable, Hashable {
        case inCluster
        case kubeconfig(path: String, context: String?)
    }

    /// Environments of pull requests.
    struct Previews: Sendable {
        var allowsCommands: Bool
        var folder: String
        var cap: Int
        var idleHours: Int
        var domain: PreviewDomain?
        var compose: ComposeDriver.Provider?
        var ports: ClosedRange<Int>
        var nginx: NginxRoute.Settings?
        /// Holds a password.
        var database: (url: Secret, address: PostgreSQLAddress)?
        /// `nil`: none runs in the cluster.
        var kubernetes: KubernetesDriver.Settings?
    }

    struct Slack: Sendable {
        var url: String
        var token: Secret
        var channel: String
    }

    struct Notify: Sendable {
        var url: String
        var secret: Secret
    }

    enum DatabaseLocation: Sendable {
        case sqlite(path: String)
        /// A libpq connection string; holds a password.
        case postgreSQL(Secret)
    }

    /// When pull requests of our own are opened.
    enum Proposals: String, Sendable {
        case off, asked, installation
    }

    var listen: ListenAddress
    var database: DatabaseLocation
    /// `nil` when no GitHub setting is given.
    var github: GitHub?
    var gitea: Gitea?
    var model: Model
    /// For one question, all attempts together.
    var modelTimeout: Duration
    var modelUse = ModelUse()
    /// How long the record of a review is kept; `nil`: not at all.
    var reviewKeeping: Duration?
    var reportFailure: ReportFailure
    var proposals = Proposals.asked
    /// `nil`: no CI step may send its test runs.
    var testsToken: Secret?
    var previews: Previews
    /// Where issues about reported runs go.
    var reportedRepositories: ReportedRepositories
    /// `nil`: no run is read.
    var kubernetes: Kubernetes?
    var failures: FailureSettings
    /// `nil`: nobody is told by Slack.
    var slack: Slack?
    /// `nil`: no document is sent.
    var notify: Notify?
    var markerKey: Secret?
    var auditKey: Secret?
    /// How long a silent worker keeps its jobs.
    var lease: Duration
    var logLevel: Logger.Level
    /// What programs we run may know of our environment: paths, proxies and the way to a container engine; no secret.
    var surroundings: [String: String] = [:]

    /// Every secret value, for redaction of what we print and publish.
    var secrets: [Secret] {
        var all = (github?.webhookSecrets ?? []) + (gitea?.webhookSecrets ?? [])
        switch github?.credential {
        case .app(_, let key): all.append(key)
        case .token(let token): all.append(token)
        case nil: break
        }
        all += [gitea?.token, markerKey, auditKey, previews.database?.url].compactMap { $0 }
        switch model {
        case .openAI(_, let key, _), .anthropic(_, let key, _): all += [key].compactMap { $0 }
        case .none: break
        }
        all += [slack?.token, notify?.secret, testsToken].compactMap { $0 }
        if case .token(let token) = reportFailure { all.append(token) }
        if let registries = previews.kubernetes?.registries { all += PullSecret.credentials(in: registries.reveal()) }
        if case .postgreSQL(let url) = database { all.append(url) }
        return all
    }
}

/// One thing wrong with the configuration: where it stands, what is wrong, what to do.
struct ConfigurationFault: Sendable, Hashable, CustomStringConvertible {
    /// `FETTLE_LISTEN`, or `fettle.yml:3`.
    let origin: String
    let problem: String

    var description: String { "\(origin): \(problem)" }
}

/// All faults together, so that one start shows everything there is to mend.
struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    let faults: [ConfigurationFault]

    var description: String {
        "the configuration has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
            + faults.map { "  \($0)" }.joined(separator: "\n")
    }
}
