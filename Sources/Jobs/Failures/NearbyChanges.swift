import Basics
import FailureAnalysis
import Forge
import Policy

/// What else happened shortly before a failure: deployments of the repository, and pull requests merged since the last success.
struct NearbyChanges: Sendable {
    /// Deployments this long before the failure are told.
    private static let window = Duration.seconds(2 * 3600)
    private static let most = 5

    let redactor: Redactor

    /// The newest first; none of ours, which are previews.
    func deployments(
        through client: any ForgeClient, of repository: RepositoryReference, before time: Timestamp
    ) async throws(ForgeError) -> [UntrustedText] {
        guard let log = client as? any DeploymentLog else { return [] }
        let found = try await log.latestDeployments(30, in: repository).filter {
            $0.mark.isEmpty && $0.at <= time && $0.at >= time - Self.window
        }
        return found.prefix(Self.most).map { deployment in
            let minutes = (time - deployment.at).components.seconds / 60
            return clean(
                "\(deployment.commit.short) was deployed to \(deployment.environment.raw.prefix(100)) \(Count.of(minutes, "minute")) before"
            )
        }
    }

    /// By what the forges write into the commit of a merge: `Merge pull request #12`, `Merge pull request 'x' (#12)`, `Title (#12)`.
    func merges(in commits: [ForgeCommit]) -> [UntrustedText] {
        var numbers: [String] = []
        for commit in commits.reversed() {
            guard let number = Self.pullRequest(mergedBy: commit.message.raw), !numbers.contains(number) else { continue }
            numbers.append(number)
        }
        return numbers.prefix(Self.most).map { UntrustedText("pull request \($0) was merged since the last success") }
    }

    static func pullRequest(mergedBy message: String) -> String? {
        let title = message.prefix { !$0.isNewline }
        func number(_ text: Substring) -> String? {
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            return (1...9).contains(digits.count) ? String(digits) : nil
        }
        if let start = title.firstRange(of: "Merge pull request #") { return number(title[start.upperBound...]) }
        var rest = title
        var last: String?
        while let start = rest.firstRange(of: "(#") {
            rest = rest[start.upperBound...]
            if let found = number(rest), rest.dropFirst(found.count).hasPrefix(")") {
                let after = rest.dropFirst(found.count + 1)
                if after.isEmpty || title.hasPrefix("Merge pull request '") { last = found }
            }
        }
        return last
    }

    private func clean(_ text: String) -> UntrustedText { UntrustedText(redactor.redact(text).text) }
}
