import Basics
import Forge
import ForgeClients

/// GitHub takes our credential, and the App has the permissions it needs.
struct GitHubCheck: DoctorCheck {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        guard configuration.github != nil else { return [Diagnosis("github", .absent, "not configured")] }
        do {
            guard let settings = try configuration.gitHubSettings() else {
                return [
                    Diagnosis(
                        "github", .notice, "deliveries are taken, but nothing can be answered: no credential",
                        fix: "set FETTLE_GITHUB_APP_ID and FETTLE_GITHUB_PRIVATE_KEY_FILE, or FETTLE_GITHUB_TOKEN")
                ]
            }
            let access = GitHubAccess(settings, http: tools.http, clock: tools.clock, random: tools.random)
            let signedIn = Diagnosis("github", .good, "signed in as \(try await access.signedInAs())")
            return [signedIn] + Self.rights(try await access.grants(), for: configuration.gitHubPurposes)
                + (try await Self.deliveries(access, tools.clock))
        } catch let error as ForgeError {
            return [Diagnosis("github", .bad, "\(error)", fix: Self.fix(error))]
        } catch {
            return [Diagnosis("github", .bad, "\(error)")]
        }
    }

    /// What the App lacks of what we use.
    static func rights(_ grants: GitHubGrants?, for purposes: Set<GitHubPermissions.Purpose> = Configuration.gitHubPurposes) -> [Diagnosis]
    {
        guard let grants else { return [] }
        let permissions = grants.missingPermissions(for: purposes).map { "\($0.name): \($0.level.rawValue)" }
        let events = grants.missingEvents(for: purposes)
        if permissions.isEmpty, events.isEmpty {
            return [Diagnosis("github rights", .good, "the App has every permission and event it needs")]
        }
        var found: [Diagnosis] = []
        if !permissions.isEmpty {
            found.append(
                Diagnosis(
                    "github rights", .bad, "the App lacks \(permissions.joined(separator: ", "))",
                    fix: "on the App's page, Permissions & events: add them, then accept the change on each installation"))
        }
        if !events.isEmpty {
            found.append(
                Diagnosis(
                    "github rights", .bad, "the App is not told of \(events.joined(separator: ", "))",
                    fix: "on the App's page, Permissions & events, Subscribe to events: tick them"))
        }
        return found
    }

    /// How the newest deliveries were answered: the forge's side of a wrong secret or address.
    static func deliveries(_ access: GitHubAccess, _ clock: any Clock) async throws(ForgeError) -> [Diagnosis] {
        let recent = try await access.deliveries(since: clock.now - .seconds(3 * 24 * 3600))
        guard let newest = recent.max(by: { ($0.time, $0.id) < ($1.time, $1.id) }) else { return [] }
        let subject = "github deliveries"
        if newest.succeeded { return [Diagnosis(subject, .good, "the newest was taken")] }
        let status = newest.status
        guard status != 0 else {
            return [
                Diagnosis(
                    subject, .bad, "GitHub could not reach this server with the newest",
                    fix: "check the App's webhook URL, DNS, the proxy in front and its certificate")
            ]
        }
        if status == 401 {
            return [
                Diagnosis(
                    subject, .bad, "the newest was answered 401: it was signed with another secret than the one configured here",
                    fix: "set the same secret on the App's page and in FETTLE_GITHUB_WEBHOOK_SECRET")
            ]
        }
        return [
            Diagnosis(
                subject, .bad, "the newest was answered \(status)",
                fix: status == 404 ? "the App's webhook URL ends in /webhooks/github" : "look at this server's log and at the proxy's")
        ]
    }

    static func fix(_ error: ForgeError) -> String? {
        switch error {
        case .unauthorized: "check the App id and that the private key belongs to it, or the token; and this machine's clock"
        case .forbidden: "give the App or token the permission named, and accept it on the installation"
        case .unreachable: "check FETTLE_GITHUB_URL, DNS, proxy and firewall"
        case .notFound: "FETTLE_GITHUB_URL must be the API's base: https://api.github.com, or https://HOST/api/v3 on Enterprise"
        default: nil
        }
    }
}
