package import Forge

/// Which repository gets the issue about a reported run.
///
/// A run's own annotations and parameters are claims of whoever may start runs: they choose only among what the operator allows.
package struct ReportedRepositories: Sendable, Hashable {
    /// `github:owner/name`, or `github:owner/*`.
    package struct Pattern: Sendable, Hashable {
        let forge: ForgeKind
        let owner: String
        /// `nil`: every repository of the owner.
        let name: String?

        package init?(_ text: String) {
            let isAll = text.hasSuffix("/*")
            guard let reference = ReportedRepositories.reference(isAll ? String(text.dropLast()) + "any" : text) else { return nil }
            forge = reference.forge
            owner = reference.name.owner
            name = isAll ? nil : reference.name.name
        }

        /// Forges compare names without case.
        func matches(_ repository: RepositoryReference) -> Bool {
            repository.forge == forge && repository.name.owner.lowercased() == owner.lowercased()
                && (name.map { $0.lowercased() == repository.name.name.lowercased() } ?? true)
        }
    }

    package enum Choice: Sendable, Hashable {
        case repository(RepositoryReference)
        case none(because: String)
    }

    package let standard: RepositoryReference?
    package let allowed: [Pattern]

    package init(standard: RepositoryReference?, allowed: [Pattern]) {
        self.standard = standard
        self.allowed = allowed
    }

    /// Reads `gitea:owner/name`.
    package static func reference(_ text: String) -> RepositoryReference? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let forge = ForgeKind(rawValue: parts[0]), let name = RepositoryName(parts[1]) else { return nil }
        return RepositoryReference(forge: forge, name: name)
    }

    /// The first claimed repository that is allowed, else the standard one.
    ///
    /// - Parameter hosts: of the forges that are configured, e.g. `github.com`.
    package func choose(claimed addresses: [String], hosts: [ForgeKind: String]) -> Choice {
        let claimed = addresses.compactMap { Self.reference($0) ?? Self.repository(at: $0, hosts) }
        if let found = claimed.first(where: { claim in allowed.contains { $0.matches(claim) } }) { return .repository(found) }
        if let standard { return .repository(standard) }
        guard let claim = claimed.first else {
            return .none(because: "no repository is configured for issues: set FETTLE_REPORT_FAILURE_REPOSITORY")
        }
        return .none(
            because:
                "the run names \(claim.forge.rawValue):\(claim.name), which is not allowed: set FETTLE_REPORT_FAILURE_ALLOWED or FETTLE_REPORT_FAILURE_REPOSITORY"
        )
    }

    /// From `https://host/owner/name.git`, `ssh://git@host/owner/name` or `git@host:owner/name.git`.
    static func repository(at address: String, _ hosts: [ForgeKind: String]) -> RepositoryReference? {
        var rest = address[...]
        if let scheme = rest.firstRange(of: "://") {
            guard ["https", "http", "ssh", "git"].contains(String(rest[..<scheme.lowerBound])) else { return nil }
            rest = rest[scheme.upperBound...]
        } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
            rest = rest[..<colon] + "/" + rest[rest.index(after: colon)...]
        }
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        var host = rest[..<slash]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        if let colon = host.firstIndex(of: ":") { host = host[..<colon] }
        var path = rest[rest.index(after: slash)...]
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        guard let forge = hosts.first(where: { $0.value == host.lowercased() })?.key, let name = RepositoryName(String(path)) else {
            return nil
        }
        return RepositoryReference(forge: forge, name: name)
    }
}
