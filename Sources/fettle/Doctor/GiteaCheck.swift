import Forge
import ForgeClients

/// Gitea takes our token.
struct GiteaCheck: DoctorCheck {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        guard let gitea = configuration.gitea else { return [Diagnosis("gitea", .absent, "not configured")] }
        guard let token = gitea.token else {
            return [
                Diagnosis("gitea", .notice, "deliveries are taken, but nothing can be answered: no token", fix: "set FETTLE_GITEA_TOKEN")
            ]
        }
        let settings = GiteaSettings(url: gitea.url, token: token)
        let access = GiteaAccess(settings, http: tools.http, clock: tools.clock, random: tools.random)
        do {
            return [Diagnosis("gitea", .good, "signed in as \(try await access.signedInAs())")]
        } catch {
            return [Diagnosis("gitea", .bad, "\(error)", fix: Self.fix(error))]
        }
    }

    static func fix(_ error: ForgeError) -> String? {
        switch error {
        case .unauthorized: "make a new token for the account and set FETTLE_GITEA_TOKEN"
        case .forbidden: "give the token the scopes write:issue, write:repository and read:user"
        case .unreachable: "check FETTLE_GITEA_URL, DNS, proxy and firewall"
        case .notFound: "FETTLE_GITEA_URL must be the root of the site, without /api/v1"
        default: nil
        }
    }
}
