import Jobs
import Previews

/// One setting: its name in the environment, its place in `fettle.yml`, what it takes and what it means.
///
/// This table is the only list of settings. The reader, the JSON Schema and the README's table are made from it.
struct ConfigurationKey: Sendable {
    enum Kind: Sendable, Equatable {
        case text
        case secret
        /// One or two secrets, comma-separated (`a,b` while rotating); in a file one a line.
        case secrets
        case url
        case path
        case flag
        case choice([String])
        case integer(ClosedRange<Int>)
    }

    /// As in `FETTLE_GITHUB_URL`.
    let variable: String
    /// As in `github.url`.
    let path: String
    let kind: Kind
    let defaultText: String?
    let example: String
    let meaning: String
    /// Variables of the agent this replaces, read when `variable` is unset.
    let aliases: [String]

    private init(
        _ variable: String, _ path: String, _ kind: Kind, default defaultText: String? = nil, example: String, aliases: [String] = [],
        _ meaning: String
    ) {
        self.variable = variable
        self.path = path
        self.kind = kind
        self.defaultText = defaultText
        self.example = example
        self.aliases = aliases
        self.meaning = meaning
    }

    /// Secrets may come from a file named by `…_FILE`.
    var fileVariable: String? { kind == .secret || kind == .secrets ? variable + "_FILE" : nil }
}

extension ConfigurationKey {
    static let listen = ConfigurationKey(
        "FETTLE_LISTEN", "listen", .text, default: "127.0.0.1:8080", example: "0.0.0.0:8080",
        "address and port to listen on; port 0 takes any free one. `PORT=n` means `0.0.0.0:n` when this is unset")
    static let database = ConfigurationKey(
        "FETTLE_DATABASE", "database", .text, default: "sqlite:fettle.sqlite", example: "postgres://fettle@db/fettle",
        "`sqlite:FILE` (one process) or `postgres://…` (any number of replicas)")
    static let githubURL = ConfigurationKey(
        "FETTLE_GITHUB_URL", "github.url", .url, default: "https://api.github.com", example: "https://github.example.com/api/v3",
        "base of GitHub's API; for an Enterprise server it ends in `/api/v3`")
    static let githubAppID = ConfigurationKey(
        "FETTLE_GITHUB_APP_ID", "github.app_id", .text, example: "12345", "id or client id of the GitHub App; the App wins over the token")
    static let githubPrivateKeyFile = ConfigurationKey(
        "FETTLE_GITHUB_PRIVATE_KEY_FILE", "github.private_key_file", .path, example: "/run/secrets/app.pem",
        "the App's private key (PEM, RSA)")
    static let githubToken = ConfigurationKey(
        "FETTLE_GITHUB_TOKEN", "github.token", .secret, example: "ghp_…", "a token, where there is no App")
    static let githubWebhookSecret = ConfigurationKey(
        "FETTLE_GITHUB_WEBHOOK_SECRET", "github.webhook_secret", .secrets, example: "new,old",
        "secret of the webhook; two while one replaces the other")
    static let giteaURL = ConfigurationKey(
        "FETTLE_GITEA_URL", "gitea.url", .url, example: "https://git.example.com", "root of the Gitea or Forgejo site; `/api/v1` is added")
    static let giteaToken = ConfigurationKey(
        "FETTLE_GITEA_TOKEN", "gitea.token", .secret, example: "…", "token of the account that comments")
    static let giteaWebhookSecret = ConfigurationKey(
        "FETTLE_GITEA_WEBHOOK_SECRET", "gitea.webhook_secret", .secrets, example: "new,old",
        "secret of the webhook; two while one replaces the other")
    static let modelProvider = ConfigurationKey(
        "FETTLE_LLM_PROVIDER", "llm.provider", .choice(["none", "openai", "anthropic"]), example: "openai",
        "kind of model server (`openai` when a URL is set, else `none`); every OpenAI-compatible server is `openai`")
    static let modelURL = ConfigurationKey(
        "FETTLE_LLM_URL", "llm.url", .url, example: "http://127.0.0.1:11434/v1", aliases: ["LITELLM_URL"],
        "OpenAI-compatible base with `/v1`; Anthropic's without")
    static let modelKey = ConfigurationKey(
        "FETTLE_LLM_API_KEY", "llm.api_key", .secret, example: "sk-…", aliases: ["LITELLM_API_KEY"], "key of the model server")
    static let modelName = ConfigurationKey(
        "FETTLE_LLM_MODEL", "llm.model", .text, example: "qwen2.5-coder:14b", aliases: ["LITELLM_MODEL"],
        "the model to ask, as its server names it")
    static let modelTimeout = ConfigurationKey(
        "FETTLE_LLM_TIMEOUT", "llm.timeout", .integer(1...3600), default: "120", example: "300",
        "seconds for one question to the model: connecting, sending, waiting and every retry")
    static let modelContext = ConfigurationKey(
        "FETTLE_LLM_CONTEXT", "llm.context", .integer(2048...10_000_000), default: "32768", example: "8192",
        "the model's context window in tokens, question and answer together")
    static let modelLongestAnswer = ConfigurationKey(
        "FETTLE_LLM_LONGEST_ANSWER", "llm.longest_answer", .integer(256...1_000_000), default: "4096", example: "2048",
        "tokens the model may answer with")
    static let modelFallback = ConfigurationKey(
        "FETTLE_LLM_FALLBACK", "llm.fallback", .text, example: "qwen2.5-coder:7b,llama3.1:8b",
        "at most two other models of the same server, comma-separated: asked in this order when the first one fails")
    static let modelRefuter = ConfigurationKey(
        "FETTLE_LLM_REFUTER", "llm.refuter", .text, example: "qwen2.5-coder:32b",
        "a model of the same server that looks at each review's findings a second time and may take them back")
    static let modelTasks = ConfigurationKey(
        "FETTLE_LLM_TASKS", "llm.tasks", .text, example: "ask=llama3.1:8b,failures=qwen2.5-coder:7b",
        "other models of the same server for single tasks, comma-separated: `TASK=MODEL` with \(ModelTask.words)")
    static let modelPrices = ConfigurationKey(
        "FETTLE_LLM_PRICES", "llm.prices", .text, example: "gpt-4.1*=2/8@2026-01-01",
        "dollars for a million tokens in and out, with the day each price is valid from, comma-separated: `MODEL=IN/OUT@DAY`; a model may end in `*`"
    )
    static let dailyTokens = ConfigurationKey(
        "FETTLE_LLM_DAILY_TOKENS", "llm.daily_tokens", .integer(1...2_000_000_000), example: "2000000",
        "the most tokens that a repository's reviews and answers may take in a day (UTC); room is taken before each call")
    static let dailyMoney = ConfigurationKey(
        "FETTLE_LLM_DAILY_USD", "llm.daily_usd", .text, example: "5.00",
        "the same in dollars; needs FETTLE_LLM_PRICES")
    static let reviewKeepDays = ConfigurationKey(
        "FETTLE_REVIEW_KEEP_DAYS", "review.keep_days", .integer(0...3650), default: "30", example: "0",
        "days for which the record of a review (it holds code) is kept for `fettle review --replay`; 0: none is kept")
    static let proposals = ConfigurationKey(
        "FETTLE_PROPOSALS", "proposals", .choice(["off", "asked", "installation"]), default: "asked", example: "installation",
        "pull requests of our own with generated CI files: never (`off`), when `/generate` asks for one (`asked`), or also in repositories without CI that the App is newly given (`installation`); needs `contents`, `pull_requests` and `workflows: write`"
    )
    static let reportFailureToken = ConfigurationKey(
        "FETTLE_REPORT_FAILURE_TOKEN", "report_failure.token", .secret, example: "…", "bearer token that `/report-failure` asks for")
    static let reportFailureOpen = ConfigurationKey(
        "FETTLE_REPORT_FAILURE_OPEN", "report_failure.open", .flag, default: "false", example: "true",
        "`true`: `/report-failure` answers without a token, by explicit choice")
    static let testsToken = ConfigurationKey(
        "FETTLE_TESTS_TOKEN", "tests.token", .secret, example: "…",
        "bearer token that `/tests/…` asks for, and that `fettle tests --server` shows: CI steps keep recorded test runs in the server's database by it; without it there are no such routes"
    )
    static let previewCommands = ConfigurationKey(
        "FETTLE_PREVIEW_ALLOW_COMMAND", "preview.allow_command", .flag, default: "false", example: "true",
        "`true`: repositories may run programs of their own on this machine for previews (`preview.driver: command`)")
    static let previewFolder = ConfigurationKey(
        "FETTLE_PREVIEW_FOLDER", "preview.folder", .path, default: "fettle-previews", example: "/var/lib/fettle/previews",
        "where checkouts and logs of previews lie")
    static let previewCap = ConfigurationKey(
        "FETTLE_PREVIEW_CAP", "preview.cap", .integer(1...100), default: "5", example: "10",
        "previews of one repository at a time; a repository can ask for fewer, and for more up to 20")
    static let previewIdle = ConfigurationKey(
        "FETTLE_PREVIEW_TTL", "preview.ttl", .integer(1...336), default: "72", example: "24",
        "hours without a push or a command after which a preview goes")
    static let previewDomain = ConfigurationKey(
        "FETTLE_PREVIEW_DOMAIN", "preview.domain", .text, example: "previews.example.com",
        "domain whose wildcard record points here: a preview answers at `pr-N.REPOSITORY.DOMAIN`")
    static let previewCompose = ConfigurationKey(
        "FETTLE_PREVIEW_COMPOSE", "preview.compose", .choice(["none", "docker compose", "podman compose", "podman-compose"]),
        default: "none",
        example: "podman-compose", "the program that runs compose files for previews (`preview.driver: compose`)")
    static let previewPorts = ConfigurationKey(
        "FETTLE_PREVIEW_PORTS", "preview.ports", .text, default: "42000-42999", example: "30000-30099",
        "ports of this machine that are allotted to compose previews")
    static let previewNginx = ConfigurationKey(
        "FETTLE_PREVIEW_NGINX", "preview.nginx", .path, example: "/etc/nginx/previews",
        "folder for nginx fragments (`include FOLDER/*.conf;`), so that compose previews answer under `FETTLE_PREVIEW_DOMAIN`")
    static let previewNginxConfiguration = ConfigurationKey(
        "FETTLE_PREVIEW_NGINX_CONFIG", "preview.nginx_config", .path, example: "/etc/nginx/nginx.conf",
        "nginx's own configuration, where it is not the one it was built with")
    static let previewNginxPort = ConfigurationKey(
        "FETTLE_PREVIEW_NGINX_PORT", "preview.nginx_port", .integer(1...65535), default: "80", example: "443",
        "port that the fragments listen on")
    static let previewCertificate = ConfigurationKey(
        "FETTLE_PREVIEW_CERTIFICATE", "preview.certificate", .path, example: "/etc/ssl/previews.pem",
        "certificate of the previews' domain, for nginx; without it plain HTTP")
    static let previewCertificateKey = ConfigurationKey(
        "FETTLE_PREVIEW_CERTIFICATE_KEY", "preview.certificate_key", .path, example: "/etc/ssl/previews.key", "its key, by path")
    static let previewDatabase = ConfigurationKey(
        "FETTLE_PREVIEW_DATABASE", "preview.database", .secret, example: "postgres://previews@db/previews",
        "PostgreSQL database set aside for previews: each gets a schema and a role of its own, dropped with it")
    static let previewKubernetes = ConfigurationKey(
        "FETTLE_PREVIEW_KUBERNETES", "preview.kubernetes", .flag, default: "false", example: "true",
        "`true`: previews may run in the cluster, each in a namespace of its own (`preview.driver: kubernetes`)")
    static let previewImage = ConfigurationKey(
        "FETTLE_PREVIEW_IMAGE", "preview.image", .text, default: PreviewImage.usual,
        example: "registry.example.com/{owner}/{repository}:{sha}",
        "how the image is called that CI pushes for each head; gaps: `{owner}`, `{repository}`, `{number}`, `{sha}`, `{short}` (12 digits)")
    static let previewIngressClass = ConfigurationKey(
        "FETTLE_PREVIEW_INGRESS_CLASS", "preview.ingress_class", .text, example: "nginx",
        "class of the ingresses of previews; without it the cluster's default")
    static let previewIngressNamespace = ConfigurationKey(
        "FETTLE_PREVIEW_INGRESS_NAMESPACE", "preview.ingress_namespace", .text, default: "ingress-nginx", example: "traefik",
        "namespace of the ingress controller, the only one that reaches previews")
    static let previewTLS = ConfigurationKey(
        "FETTLE_PREVIEW_TLS", "preview.tls", .text, default: "none", example: "issuer:letsencrypt",
        "certificates of previews in the cluster: `none` (plain HTTP), `controller` (the ingress controller's own) or `issuer:NAME` (cert-manager)"
    )
    static let previewGrant = ConfigurationKey(
        "FETTLE_PREVIEW_GRANT", "preview.grant", .text, example: "fettle-preview:fettle:fettle",
        "`ROLE:NAMESPACE:ACCOUNT`: the ClusterRole that is bound to our service account in each preview's namespace; without it the rights are bound already"
    )
    static let previewRegistries = ConfigurationKey(
        "FETTLE_PREVIEW_REGISTRIES", "preview.registries", .secret, example: "{\"auths\": {\"ghcr.io\": {\"auth\": \"…\"}}}",
        "a Docker `config.json` by which the nodes pull images of previews; give it the right to read alone")
    static let failureLabels = ConfigurationKey(
        "FETTLE_FAILURES_LABELS", "failures.labels", .text, default: "ci-failure", example: "ci-failure,bug",
        "labels of issues for failed runs, comma-separated; by the first we find them again")
    static let failureAssignees = ConfigurationKey(
        "FETTLE_FAILURES_ASSIGNEES", "failures.assignees", .text, example: "mona,hubot",
        "logins such an issue is assigned to, comma-separated")
    static let failureGreens = ConfigurationKey(
        "FETTLE_FAILURES_GREENS", "failures.greens", .integer(1...50), default: "1", example: "3",
        "successes in a row, on every branch and job it broke, before an issue is closed")
    static let failureRecurrence = ConfigurationKey(
        "FETTLE_FAILURES_RECURRENCE", "failures.recurrence", .choice(["reopen", "new"]), default: "reopen", example: "new",
        "what becomes of a closed issue's cause that is back: the issue is opened again, or a new one is written")
    static let slackToken = ConfigurationKey(
        "FETTLE_SLACK_TOKEN", "slack.token", .secret, example: "xoxb-…",
        "token of a Slack bot with `chat:write`; it tells of broken and fixed runs")
    static let slackChannel = ConfigurationKey(
        "FETTLE_SLACK_CHANNEL", "slack.channel", .text, example: "C0123456789", "channel it writes to, one thread for each incident")
    static let slackURL = ConfigurationKey(
        "FETTLE_SLACK_URL", "slack.url", .url, default: "https://slack.com/api", example: "https://slack.com/api", "base of Slack's Web API"
    )
    static let notifyURL = ConfigurationKey(
        "FETTLE_NOTIFY_URL", "notify.url", .url, example: "https://hooks.example.com/fettle",
        "address that gets a signed JSON document when a run breaks or is fixed")
    static let notifySecret = ConfigurationKey(
        "FETTLE_NOTIFY_SECRET", "notify.secret", .secret, example: "32 or more characters",
        "signs those documents after the Standard Webhooks scheme")
    static let notifyCooldown = ConfigurationKey(
        "FETTLE_NOTIFY_COOLDOWN", "notify.cooldown", .integer(0...86_400), default: "900", example: "0",
        "seconds between two messages about one incident; its beginning is always told")
    static let reportFailureTokenReview = ConfigurationKey(
        "FETTLE_REPORT_FAILURE_TOKEN_REVIEW", "report_failure.token_review", .flag, default: "false", example: "true",
        "`true`: callers show their service account's token; the cluster checks it, and they may report runs of their own namespace")
    static let reportFailureRepository = ConfigurationKey(
        "FETTLE_REPORT_FAILURE_REPOSITORY", "report_failure.repository", .text, example: "gitea:owner/name",
        "where issues about reported runs are opened (`GITEA_OWNER` with `GITEA_REPO` are read too)")
    static let reportFailureAllowed = ConfigurationKey(
        "FETTLE_REPORT_FAILURE_ALLOWED", "report_failure.allowed", .text, example: "gitea:owner/*,github:owner/name",
        "repositories that a run's own annotations and parameters may choose instead; none when empty")
    static let kubernetes = ConfigurationKey(
        "FETTLE_KUBERNETES", "kubernetes.access", .choice(["none", "in-cluster", "kubeconfig"]), example: "in-cluster",
        "the cluster whose runs are read and where previews run: `in-cluster` is the pod's own service account (`kubeconfig` when a file is named, else `none`)"
    )
    static let kubeconfig = ConfigurationKey(
        "FETTLE_KUBECONFIG", "kubernetes.kubeconfig", .path, example: "/etc/fettle/kubeconfig",
        "a kubeconfig with a token or client certificate; helper programs in it are not run")
    static let kubernetesContext = ConfigurationKey(
        "FETTLE_KUBERNETES_CONTEXT", "kubernetes.context", .text, example: "production", "the kubeconfig's context, else its current one")
    static let markerKey = ConfigurationKey(
        "FETTLE_MARKER_KEY", "marker_key", .secret, example: "32 or more characters",
        "signs the hidden marks by which we know our own comments (made at first start and kept in the database)")
    static let auditKey = ConfigurationKey(
        "FETTLE_AUDIT_KEY", "audit_key", .secret, example: "32 or more characters",
        "signs the checkpoints of the audit log (made at first start in a file beside an embedded database)")
    static let lease = ConfigurationKey(
        "FETTLE_LEASE", "lease", .integer(1...600), default: "15", example: "60",
        "seconds without a sign of life after which a replica's jobs are taken over; it gives one three times as often")
    static let logLevel = ConfigurationKey(
        "FETTLE_LOG_LEVEL", "log_level", .choice(["debug", "info", "warning", "error"]), default: "info", example: "debug",
        "least important log line to write")

    static let all: [ConfigurationKey] = [
        listen, database, githubURL, githubAppID, githubPrivateKeyFile, githubToken, githubWebhookSecret, giteaURL, giteaToken,
        giteaWebhookSecret, modelProvider, modelURL, modelKey, modelName, modelTimeout, modelContext, modelLongestAnswer,
        modelFallback, modelRefuter, modelTasks, modelPrices, dailyTokens, dailyMoney, reviewKeepDays, proposals,
        reportFailureToken, reportFailureOpen, reportFailureTokenReview, reportFailureRepository, reportFailureAllowed, testsToken,
        kubernetes,
        kubeconfig, kubernetesContext, previewCommands, previewFolder, previewCap, previewIdle, previewDomain,
        previewCompose, previewPorts, previewNginx, previewNginxConfiguration, previewNginxPort, previewCertificate, previewCertificateKey,
        previewDatabase, previewKubernetes, previewImage, previewIngressClass, previewIngressNamespace, previewTLS, previewGrant,
        previewRegistries,
        failureLabels, failureAssignees, failureGreens, failureRecurrence, slackToken, slackChannel,
        slackURL, notifyURL, notifySecret, notifyCooldown, markerKey, auditKey, lease, logLevel,
    ]
}
