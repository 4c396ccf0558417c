import Basics
import Forge
import HTTP

/// The sandbox as GitHub words itself. Source of every shape: docs.github.com/rest
enum GitHubFace {
    /// The one installation there is.
    static let installation: Int64 = 777
    static let appID: Int64 = 42

    static func add(to routes: inout SandboxRoutes) {
        addApp(to: &routes)
        addPullRequests(to: &routes)
        addConversations(to: &routes)
        addReviews(to: &routes)
        addChecks(to: &routes)
        addIssues(to: &routes)
        addRuns(to: &routes)
        addChanges(to: &routes)
        addTrees(to: &routes)
        addDeliveries(to: &routes)
    }

    static let repositoryPath = "/repos/{owner}/{name}"

    private static func addApp(to routes: inout SandboxRoutes) {
        routes.on(.get, "/app") { _, _ in
            .json(
                200,
                [
                    "id": .integer(appID), "slug": .string(SandboxIdentity.appSlug),
                    "permissions": ["checks": "write", "contents": "read", "metadata": "read", "pull_requests": "write"],
                    "events": [
                        "check_run", "issue_comment", "merge_group", "pull_request", "pull_request_review_comment",
                        "pull_request_review_thread",
                    ],
                ])
        }
        // The code is the whole credential. A sandbox App's key is nobody's.
        routes.onOpen(.post, "/app-manifests/{code}/conversions") { _, call in
            guard try call.parameter("code") == "good-code" else { throw SandboxRefusal.notFound }
            return .json(
                201,
                [
                    "id": .integer(appID), "slug": .string(SandboxIdentity.appSlug),
                    "html_url": .string("\(call.base)/apps/\(SandboxIdentity.appSlug)"),
                    "pem": "-----BEGIN RSA PRIVATE KEY-----\nsandbox\n-----END RSA PRIVATE KEY-----\n",
                    "webhook_secret": "sandbox-webhook-secret",
                    "client_id": "Iv1.sandbox", "client_secret": "unused", "name": "fettle",
                ])
        }
        routes.on(.get, "/user") { _, call in
            guard !call.who.isApp else { throw SandboxRefusal(status: 403, message: "Resource not accessible by integration") }
            return .json(200, call.who.json)
        }
        routes.on(.post, "/app/installations/{id}/access_tokens") { state, call in
            // Far enough away for any demo; the sandbox itself never looks at it.
            .json(201, ["token": .string("ghs_sandbox\(state.takeID())"), "expires_at": "2099-01-01T00:00:00Z"])
        }
        routes.on(.get, "\(repositoryPath)/installation") { state, call in
            _ = try call.repository(state)
            return .json(200, ["id": .integer(installation)])
        }
        routes.on(.get, repositoryPath) { state, call in .json(200, json(try call.repository(state))) }
    }

    static func json(_ repository: SandboxRepository) -> JSONValue {
        [
            "id": .integer(repository.id), "name": .string(repository.name.name), "full_name": .string(repository.name.description),
            "private": false, "default_branch": .string(repository.defaultBranch), "owner": SandboxIdentity.account(repository.name.owner),
        ]
    }
}
