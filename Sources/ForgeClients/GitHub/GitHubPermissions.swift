/// A permission of a GitHub App, as a manifest and an installation write it: `checks`, `write`.
package struct GitHubPermission: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, Comparable {
        case read, write

        package static func < (a: Level, b: Level) -> Bool { a == .read && b == .write }
    }

    package let name: String
    package let level: Level

    package init(_ name: String, _ level: Level) {
        self.name = name
        self.level = level
    }
}

/// What the App must be granted and what it must be told: the one table for the manifest, for `fettle doctor` and for the guide.
///
/// A row an endpoint we call. A test makes every call of the client and keeps the rows equal to what was called.
/// Source: docs.github.com/rest/authentication/permissions-required-for-github-apps
package enum GitHubPermissions {
    /// What an operator wants the App to do. Each needs its permissions and no others.
    package enum Purpose: String, Sendable, CaseIterable {
        /// Reviews with comments, a summary and a check.
        case review
        /// Issues about failures.
        case issues
        /// Reading failed workflow runs and their logs.
        case workflowRuns
        /// Pull requests of our own, workflow files included.
        case proposals
        /// Deployments of previews.
        case deployments
    }

    package struct Endpoint: Sendable, Hashable {
        package let method: String
        /// Beneath the API base, with `{…}` for what varies.
        package let pattern: String
        package let purpose: Purpose
        /// `nil` for what the App does as itself.
        package let permission: GitHubPermission?

        init(_ method: String, _ pattern: String, _ purpose: Purpose, _ name: String? = nil, _ level: GitHubPermission.Level = .read) {
            self.method = method
            self.pattern = pattern
            self.purpose = purpose
            permission = name.map { GitHubPermission($0, level) }
        }
    }

    private static let repository = "/repos/{owner}/{name}"

    package static let endpoints: [Endpoint] = [
        Endpoint("GET", "/app", .review),
        Endpoint("POST", "/app/installations/{id}/access_tokens", .review),
        Endpoint("GET", "\(repository)/installation", .review),
        Endpoint("GET", "/app/hook/deliveries", .review),
        Endpoint("POST", "/app/hook/deliveries/{id}/attempts", .review),

        Endpoint("GET", "\(repository)/pulls/{number}", .review, "pull_requests"),
        Endpoint("GET", "\(repository)/pulls/{number}/files", .review, "pull_requests"),
        Endpoint("GET", "\(repository)/pulls/{number}/comments", .review, "pull_requests"),
        Endpoint("GET", "\(repository)/pulls/{number}/commits", .review, "pull_requests"),
        Endpoint("POST", "\(repository)/pulls/{number}/reviews", .review, "pull_requests", .write),
        // On a pull request's conversation this permission does; on an issue's `issues` is needed, see below.
        Endpoint("GET", "\(repository)/issues/{number}/comments", .review, "pull_requests"),
        Endpoint("POST", "\(repository)/issues/{number}/comments", .review, "pull_requests", .write),
        Endpoint("PATCH", "\(repository)/issues/comments/{id}", .review, "pull_requests", .write),
        Endpoint("POST", "\(repository)/pulls/{number}/comments/{id}/replies", .review, "pull_requests", .write),
        Endpoint("POST", "\(repository)/pulls/comments/{id}/reactions", .review, "pull_requests", .write),
        Endpoint("POST", "\(repository)/issues/comments/{id}/reactions", .review, "pull_requests", .write),
        Endpoint("GET", "\(repository)/contents/{path...}", .review, "contents"),
        Endpoint("GET", "\(repository)/compare/{range}", .review, "contents"),
        Endpoint("POST", "\(repository)/check-runs", .review, "checks", .write),
        Endpoint("PATCH", "\(repository)/check-runs/{id}", .review, "checks", .write),
        Endpoint("GET", "\(repository)/commits/{ref}/check-runs", .review, "checks"),
        Endpoint("GET", "\(repository)/check-runs/{id}/annotations", .review, "checks"),
        Endpoint("GET", "\(repository)/collaborators/{login}/permission", .review, "metadata"),

        // A review reads the issue that a change closes, where this is granted.
        Endpoint("GET", "\(repository)/issues/{number}", .issues, "issues"),
        Endpoint("GET", "\(repository)/issues", .issues, "issues"),
        Endpoint("POST", "\(repository)/issues", .issues, "issues", .write),
        Endpoint("PATCH", "\(repository)/issues/{number}", .issues, "issues", .write),

        Endpoint("GET", "\(repository)/actions/runs/{id}", .workflowRuns, "actions"),
        Endpoint("GET", "\(repository)/actions/runs/{id}/attempts/{attempt}/jobs", .workflowRuns, "actions"),
        Endpoint("GET", "\(repository)/actions/jobs/{id}/logs", .workflowRuns, "actions"),

        Endpoint("POST", "\(repository)/git/refs", .proposals, "contents", .write),
        Endpoint("PATCH", "\(repository)/git/refs/heads/{branch...}", .proposals, "contents", .write),
        Endpoint("GET", "\(repository)/git/commits/{sha}", .proposals, "contents"),
        Endpoint("POST", "\(repository)/git/trees", .proposals, "contents", .write),
        // A tree with a file beneath `.github/workflows` needs this besides `contents`.
        Endpoint("POST", "\(repository)/git/trees", .proposals, "workflows", .write),
        Endpoint("POST", "\(repository)/git/commits", .proposals, "contents", .write),
        Endpoint("POST", "\(repository)/pulls", .proposals, "pull_requests", .write),
        Endpoint("GET", "\(repository)/pulls", .proposals, "pull_requests"),
        Endpoint("PATCH", "\(repository)/pulls/{number}", .proposals, "pull_requests", .write),
        Endpoint("GET", repository, .proposals, "metadata"),
        Endpoint("GET", "\(repository)/branches/{branch...}", .proposals, "contents"),
        Endpoint("GET", "\(repository)/git/trees/{sha}", .proposals, "contents"),

        Endpoint("GET", "\(repository)/deployments", .deployments, "deployments"),
        Endpoint("GET", "\(repository)/deployments/{id}/statuses", .deployments, "deployments"),
        Endpoint("POST", "\(repository)/deployments", .deployments, "deployments", .write),
        Endpoint("POST", "\(repository)/deployments/{id}/statuses", .deployments, "deployments", .write),
    ]

    /// The least that these purposes need, sorted by name: the highest level of each permission.
    package static func needed(for purposes: Set<Purpose>) -> [GitHubPermission] {
        var levels: [String: GitHubPermission.Level] = ["metadata": .read]
        for endpoint in endpoints where purposes.contains(endpoint.purpose) {
            guard let permission = endpoint.permission else { continue }
            levels[permission.name] = max(levels[permission.name] ?? .read, permission.level)
        }
        return levels.sorted { $0.key < $1.key }.map { GitHubPermission($0.key, $0.value) }
    }

    /// What a manifest subscribes to. The two about installations come by themselves and may not be listed there.
    ///
    /// Source: docs.github.com/apps, "Registering a GitHub App from a manifest"; docs.github.com/webhooks, "installation"
    package static func events(for purposes: Set<Purpose>) -> [String] {
        var events: Set<String> = []
        if purposes.contains(.review) { events.formUnion(Self.reviewEvents) }
        if purposes.contains(.workflowRuns) { events.insert("workflow_run") }
        return events.sorted()
    }

    private static let reviewEvents = [
        "check_run", "issue_comment", "merge_group", "pull_request", "pull_request_review_comment", "pull_request_review_thread",
    ]

    /// Sent to every App without asking.
    package static let unaskedEvents = ["installation", "installation_repositories", "ping"]
}
