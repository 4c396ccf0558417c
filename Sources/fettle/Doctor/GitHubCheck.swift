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
            return [Diagnosis("github", .good, "signed in as \(try await access.signedInAs())")]
        } catch let error as ForgeError {
            return [Diagnosis("github", .bad, "\(error)", fix: Self.fix(error))]
        } catch {
            return [Diagnosis("github", .bad, "\(error)")]
        }
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
