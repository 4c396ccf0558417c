import Basics
import FailureAnalysis
import Git
import HTTP
import Jobs
import LLM
import Previews

extension Configuration {
    /// The configuration, or all its faults at once.
    ///
    /// - Parameter readFile: reads a UTF-8 text file; its error is shown to the operator.
    init(environment: [String: String], file: [String: RawSettings.Setting], readFile: @escaping (String) throws -> String)
        throws(ConfigurationError)
    {
        var reader = ConfigurationReader(RawSettings(environment: environment, file: file, readFile: readFile), readFile)
        let configuration = reader.read()
        if !reader.faults.isEmpty { throw ConfigurationError(faults: reader.faults) }
        self = configuration
        let engines = ["HOME", "DOCKER_HOST", "DOCKER_CONFIG", "CONTAINERS_CONF", "XDG_RUNTIME_DIR"]
        surroundings = environment.filter { GitEnvironment.inherited.contains($0.key) || engines.contains($0.key) }
    }
}

/// Turns texts into values; notes each fault and reads on.
struct ConfigurationReader {
    let settings: RawSettings
    private let readFile: (String) throws -> String
    private(set) var faults: [ConfigurationFault]

    init(_ settings: RawSettings, _ readFile: @escaping (String) throws -> String) {
        self.settings = settings
        self.readFile = readFile
        faults = settings.faults
    }

    mutating func read() -> Configuration {
        Configuration(
            listen: listen(), database: database(), github: github(), gitea: gitea(), model: model(),
            modelTimeout: .seconds(integer(.modelTimeout) ?? 0), modelUse: modelUse(),
            reviewKeeping: integer(.reviewKeepDays).flatMap { $0 > 0 ? Duration.seconds($0 * 86_400) : nil },
            reportFailure: reportFailure(),
            proposals: Configuration.Proposals(rawValue: choice(.proposals) ?? "asked") ?? .asked, testsToken: secret(.testsToken),
            previews: previews(), reportedRepositories: reportedRepositories(), kubernetes: kubernetes(),
            failures: failures(), slack: slack(), notify: notify(), markerKey: longKey(.markerKey),
            auditKey: longKey(.auditKey), lease: .seconds(integer(.lease) ?? 15),
            logLevel: Logger.Level(rawValue: choice(.logLevel) ?? "info") ?? .info)
    }

    private mutating func listen() -> ListenAddress {
        let text = settings.text(.listen) ?? ""
        if let address = ListenAddress(text) { return address }
        let port = text.split(separator: ":").last.flatMap { Int($0) }
        if let port, text.contains(":"), !(0...65535).contains(port) {
            fault(.listen, "'\(text)': \(port) is no port; ports go from 0 (any free one) to 65535")
        } else {
            fault(.listen, "'\(text)' is no address and port; write it as 127.0.0.1:8080 or [::1]:8080")
        }
        return .anyLoopback
    }

    private mutating func database() -> Configuration.DatabaseLocation {
        let text = settings.text(.database) ?? ""
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") { return .postgreSQL(Secret(text)) }
        if text.hasPrefix("sqlite:"), text.count > "sqlite:".count { return .sqlite(path: String(text.dropFirst("sqlite:".count))) }
        fault(.database, "it must begin with sqlite: and a file name, or with postgres://")
        return .sqlite(path: "")
    }

    private mutating func github() -> Configuration.GitHub? {
        let keys: [ConfigurationKey] = [.githubURL, .githubAppID, .githubPrivateKeyFile, .githubToken, .githubWebhookSecret]
        guard keys.contains(where: { settings[$0] != nil }) else { return nil }
        return Configuration.GitHub(
            apiURL: url(.githubURL) ?? "", credential: githubCredential(), webhookSecrets: secrets(.githubWebhookSecret))
    }

    private mutating func githubCredential() -> Configuration.GitHub.Credential? {
        let id = nonEmpty(.githubAppID)
        let keyPath = nonEmpty(.githubPrivateKeyFile)
        switch (id, keyPath) {
        case (let id?, let path?):
            do {
                return .app(id: id, privateKey: Secret(try readFile(path)))
            } catch {
                fault(.githubPrivateKeyFile, "cannot read '\(path)': \(error)")
            }
        case (_?, nil):
            fault(.githubAppID, "an App needs its private key too: set \(ConfigurationKey.githubPrivateKeyFile.variable)")
        case (nil, _?):
            fault(.githubPrivateKeyFile, "a private key needs the App's id too: set \(ConfigurationKey.githubAppID.variable)")
        case (nil, nil):
            return secret(.githubToken).map { .token($0) }
        }
        return nil
    }

    private mutating func gitea() -> Configuration.Gitea? {
        let keys: [ConfigurationKey] = [.giteaURL, .giteaToken, .giteaWebhookSecret]
        guard keys.contains(where: { settings[$0] != nil }) else { return nil }
        guard settings[.giteaURL] != nil else {
            fault(.giteaURL, "missing: other Gitea settings are given; set it to the root of the site, e.g. https://git.example.com")
            return nil
        }
        return Configuration.Gitea(url: url(.giteaURL) ?? "", token: secret(.giteaToken), webhookSecrets: secrets(.giteaWebhookSecret))
    }

    private mutating func model() -> Configuration.Model {
        let hasURL = settings[.modelURL] != nil
        let provider = choice(.modelProvider) ?? (hasURL ? "openai" : "none")
        let (window, answer) = (integer(.modelContext), integer(.modelLongestAnswer))
        if let window, let answer, answer > window / 2 {
            fault(.modelLongestAnswer, "over half of the context window leaves no room to ask; lower it or raise FETTLE_LLM_CONTEXT")
        }
        let address = hasURL ? url(.modelURL) ?? "" : nil
        if provider == "none" { return .none }
        guard let name = nonEmpty(.modelName) else {
            fault(.modelName, "missing: say which model to ask, as its server names it")
            return .none
        }
        let key = secret(.modelKey)
        let profile = ModelProfile(name: name, contextWindow: TokenCount(window ?? 0), longestAnswer: TokenCount(answer ?? 0))
        if provider == "anthropic" {
            return .anthropic(url: address ?? "https://api.anthropic.com", key: key, profile: profile)
        }
        var base = address ?? "https://api.openai.com/v1"
        if settings[.modelURL]?.origin == "LITELLM_URL", !base.hasSuffix("/v1") { base += "/v1" }
        return .openAI(url: base, key: key, profile: profile)
    }

    private mutating func modelUse() -> Configuration.ModelUse {
        var use = Configuration.ModelUse()
        if let names = nonEmpty(.modelFallback) {
            use.fallback = names.split(separator: ",").map { $0.trimmingCharacters() }.filter { !$0.isEmpty }
            if use.fallback.count > 2 { fault(.modelFallback, "more than two models; one question is asked at most three times") }
        }
        use.refuter = nonEmpty(.modelRefuter)
        for entry in (nonEmpty(.modelTasks) ?? "").split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters() }
            guard parts.count == 2, let task = ModelTask(rawValue: parts[0]), !parts[1].isEmpty else {
                fault(.modelTasks, "'\(entry.trimmingCharacters())' is no TASK=MODEL; the tasks are \(ModelTask.words)")
                continue
            }
            use.tasks[task] = parts[1]
        }
        if let text = nonEmpty(.modelPrices) {
            do { use.prices = try PriceList.read(text) } catch { fault(.modelPrices, error.problem) }
        }
        if settings[.dailyTokens] != nil { use.dailyLimits.tokens = integer(.dailyTokens).map { TokenCount($0) } }
        if let text = nonEmpty(.dailyMoney) {
            use.dailyLimits.money = USD(decimal: text)
            if use.dailyLimits.money == nil { fault(.dailyMoney, "'\(text)' is no amount of dollars; write it as 5 or 5.50") }
            if settings[.modelPrices] == nil { fault(.dailyMoney, "without FETTLE_LLM_PRICES nothing has a price") }
        }
        return use
    }

    private mutating func previews() -> Configuration.Previews {
        let text = nonEmpty(.previewDomain)
        let domain = text.flatMap { PreviewDomain($0) }
        if let text, domain == nil { fault(.previewDomain, "'\(text)' is no domain; write it as previews.example.com") }
        let compose = choice(.previewCompose).flatMap { word in
            word == "none"
                ? nil
                : ComposeDriver.Provider(
                    compose: word.split(separator: " ").map(String.init), engine: word.hasPrefix("docker") ? "docker" : "podman")
        }
        return Configuration.Previews(
            allowsCommands: flag(.previewCommands), folder: nonEmpty(.previewFolder) ?? ConfigurationKey.previewFolder.defaultText ?? "",
            cap: integer(.previewCap) ?? 0, idleHours: integer(.previewIdle) ?? 0, domain: domain, compose: compose, ports: previewPorts(),
            nginx: previewNginx(domain), database: previewDatabase(), kubernetes: previewKubernetes(domain))
    }

    private mutating func previewPorts() -> ClosedRange<Int> {
        let text = settings.text(.previewPorts) ?? ""
        let ends = text.split(separator: "-").compactMap { Int($0) }
        if ends.count == 2, (1024...65535).contains(ends[0]), (ends[0]...65535).contains(ends[1]) { return ends[0]...ends[1] }
        fault(.previewPorts, "'\(text)' is no range of ports from 1024 to 65535; write it as 42000-42999")
        return 42000...42999
    }

    private mutating func previewNginx(_ domain: PreviewDomain?) -> NginxRoute.Settings? {
        let (certificate, key) = (path(.previewCertificate), path(.previewCertificateKey))
        if (certificate == nil) != (key == nil) { fault(.previewCertificate, "certificate and key are given together, or neither") }
        let (port, configuration) = (integer(.previewNginxPort) ?? 80, path(.previewNginxConfiguration))
        guard let folder = path(.previewNginx) else { return nil }
        if domain == nil, settings[.previewDomain] == nil { fault(.previewNginx, "fragments need FETTLE_PREVIEW_DOMAIN too") }
        return NginxRoute.Settings(folder: folder, configuration: configuration, certificate: certificate, certificateKey: key, port: port)
    }

    /// Absolute, and of characters that mean nothing to nginx.
    private mutating func path(_ key: ConfigurationKey) -> String? {
        guard let text = nonEmpty(key) else { return nil }
        let isPlain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !";{}\"'\\$".utf8.contains($0) }
        if text.hasPrefix("/"), isPlain { return text }
        fault(key, "'\(text)' is no absolute path of plain characters")
        return nil
    }

    private mutating func previewDatabase() -> (url: Secret, address: PostgreSQLAddress)? {
        guard let url = secret(.previewDatabase) else { return nil }
        if let address = PostgreSQLAddress(url.reveal()) { return (url, address) }
        fault(.previewDatabase, "it must begin with postgres:// and name a host")
        return nil
    }

    private mutating func failures() -> FailureSettings {
        let incidents = IncidentSettings(
            greensToClose: integer(.failureGreens) ?? 1, recurrence: choice(.failureRecurrence) == "new" ? .openNew : .reopen)
        return FailureSettings(
            incidents: incidents, labels: names(.failureLabels), assignees: names(.failureAssignees),
            noticeCooldown: .seconds(integer(.notifyCooldown) ?? 900))
    }

    /// Comma-separated, empty parts left out.
    private func names(_ key: ConfigurationKey) -> [String] {
        (settings.text(key) ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    private mutating func slack() -> Configuration.Slack? {
        let url = url(.slackURL) ?? ""
        guard let token = secret(.slackToken) else {
            if settings[.slackChannel] != nil { fault(.slackToken, "missing: a channel is given; set the bot's token too") }
            return nil
        }
        guard let channel = nonEmpty(.slackChannel) else {
            fault(.slackChannel, "missing: a Slack token is given; name the channel to write to")
            return nil
        }
        return Configuration.Slack(url: url, token: token, channel: channel)
    }

    private mutating func notify() -> Configuration.Notify? {
        guard settings[.notifyURL] != nil, let url = url(.notifyURL) else {
            if settings[.notifySecret] != nil { fault(.notifyURL, "missing: a secret is given; set the address to send to") }
            return nil
        }
        guard let secret = longKey(.notifySecret) else {
            fault(.notifySecret, "missing: without it nobody could tell our documents from others'; make one with: openssl rand -hex 32")
            return nil
        }
        return Configuration.Notify(url: url, secret: secret)
    }

    private mutating func longKey(_ setting: ConfigurationKey) -> Secret? {
        guard let key = secret(setting) else { return nil }
        if key.reveal().utf8.count < 32 { fault(setting, "shorter than 32 characters; make one with: openssl rand -hex 32") }
        return key
    }

    // MARK: Kinds

    mutating func nonEmpty(_ key: ConfigurationKey) -> String? {
        guard let text = settings[key]?.text else { return nil }
        if text.isEmpty { fault(key, "empty; give it a value or leave it out") }
        return text.isEmpty ? nil : text
    }

    mutating func secret(_ key: ConfigurationKey) -> Secret? {
        nonEmpty(key).map { Secret(settings[key]?.isFileContent == true ? $0 : $0.trimmed) }
    }

    private mutating func secrets(_ key: ConfigurationKey) -> [Secret] {
        guard let setting = settings[key] else { return [] }
        let separator: Character = setting.isFileContent ? "\n" : ","
        let parts = setting.text.split(separator: separator, omittingEmptySubsequences: false).map { String($0).trimmed }
        if parts.contains("") {
            fault(key, "it has an empty part; an empty secret would let anybody sign. Give one secret, or two separated by a comma")
            return []
        }
        if parts.count > 2 { fault(key, "it has \(parts.count) parts; at most two secrets are taken, the new one and the one it replaces") }
        return parts.map(Secret.init)
    }

    /// An absolute address without its trailing slashes.
    private mutating func url(_ key: ConfigurationKey) -> String? {
        guard var text = settings.text(key)?.trimmed else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        if let rest, !rest.isEmpty, !rest.hasPrefix("/"), !text.utf8.contains(where: { $0 <= 32 || $0 == 127 }) { return text }
        fault(key, "'\(text)' is no address; it begins with https:// or http:// and names a host")
        return nil
    }

    mutating func choice(_ key: ConfigurationKey) -> String? {
        guard case .choice(let choices) = key.kind, let text = settings.text(key) else { return nil }
        if choices.contains(text) { return text }
        fault(key, "'\(text)' is not one of \(choices.joined(separator: ", "))")
        return nil
    }

    private mutating func integer(_ key: ConfigurationKey) -> Int? {
        guard case .integer(let range) = key.kind else { return nil }
        let text = settings.text(key)?.trimmed ?? ""
        if let number = Int(text), range.contains(number) { return number }
        fault(key, "'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    mutating func flag(_ key: ConfigurationKey) -> Bool {
        let text = settings.text(key) ?? "false"
        if text != "true", text != "false" { fault(key, "'\(text)' is neither true nor false") }
        return text == "true"
    }

    mutating func fault(_ key: ConfigurationKey, _ problem: String) {
        faults.append(ConfigurationFault(origin: settings.origin(key), problem: problem))
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
