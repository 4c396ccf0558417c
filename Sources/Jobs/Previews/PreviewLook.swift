import Basics
import Forge
import Previews
import Review

/// What the forge shows of one pull request, and what its base branch asks for.
struct PreviewLook: Sendable {
    enum Seen: Sendable {
        case pull(PullRequest, PreviewFacts, PreviewSettingsReading)
        /// With the reason; waiting will not help.
        case unreadable(String)
    }

    let world: PreviewWorld

    private static let settingsFile = ".fettle.yml"

    func look(at reference: PullRequestReference) async throws(ForgeError) -> Seen {
        let client: any ForgeClient
        let pull: PullRequest
        do throws(ForgeError) {
            client = try await world.forges.client(for: reference.repository)
            pull = try await client.pullRequest(reference)
        } catch {
            switch error {
            case .forbidden, .notFound: return .unreadable("the forge does not show it to us any more")
            default: throw error
            }
        }
        let reading = pull.state == .open ? try await settings(of: pull, client) : PreviewSettingsReading(settings: nil, faults: [])
        let touches = try await touchesPaths(reading.settings, pull, client)
        return .pull(pull, PreviewFacts(pull, touchesPaths: touches), reading)
    }

    func settings(of pull: PullRequest, _ client: any ForgeClient) async throws(ForgeError) -> PreviewSettingsReading {
        do throws(ForgeError) {
            let bytes = try await client.file(
                Self.settingsFile, at: pull.base.commit, in: pull.reference.repository, limit: .kibibytes(256))
            return PreviewSettingsReader.read(bytes ?? [], defaults: world.defaults)
        } catch .tooLarge {
            return PreviewSettingsReading(settings: nil, faults: [.init(line: 1, message: "the file is larger than 256 KiB")])
        }
    }

    private func touchesPaths(_ settings: PreviewSettings?, _ pull: PullRequest, _ client: any ForgeClient) async throws(ForgeError) -> Bool
    {
        guard case .paths(let lines)? = settings?.policy.when, pull.state == .open else { return false }
        let patterns = PathPatterns(lines)
        let changed = try await client.changedFiles(of: pull.reference)
        // What the forge leaves out of a very long list may be what is looked for.
        return changed.isTruncated || changed.files.contains { patterns.matches($0.path.raw) }
    }
}
