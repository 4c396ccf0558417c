package import Basics
package import Forge

/// Deliveries about comments.
extension SandboxForge {
    /// Somebody's comment in the conversation, made and told in one. `nil` when there is no such pull request or issue.
    package func commentDelivery(
        _ body: String, on reference: PullRequestReference, id: String, secret: Secret, author: String = "mona"
    ) -> SandboxDelivery? {
        let name = reference.repository.name
        let comment = comment(on: reference.number, in: name, body, author: author)
        let isGitea = reference.repository.forge == .gitea
        return change(name) { repository -> SandboxDelivery? in
            let isPull = repository.pulls[reference.number] != nil
            guard isPull || repository.issues[reference.number] != nil else { return nil }
            let made = SandboxComment(id: comment, number: reference.number, author: author, body: body)
            var issue: [String: JSONValue] = ["number": .integer(Int64(reference.number)), "title": "…"]
            if isPull { issue["pull_request"] = ["merged": false] }
            var payload: [String: JSONValue] = [
                "action": "created", "issue": .object(issue), "repository": GitHubFace.json(repository),
            ]
            if isGitea {
                payload["comment"] = GiteaFace.json(made)
                payload["is_pull"] = .bool(isPull)
                payload["sender"] = GiteaFace.account(author)
                return .gitea(event: "issue_comment", payload: .object(payload), id: id, secret: secret)
            }
            payload["comment"] = GitHubFace.json(made)
            payload["sender"] = SandboxIdentity.account(author)
            payload["installation"] = ["id": .integer(GitHubFace.installation)]
            return .github(event: "issue_comment", payload: .object(payload), id: id, secret: secret)
        } ?? nil
    }

    /// Somebody's answer in a thread. Gitea tells it as a review without the comment. `nil` when there is no such thread.
    package func answerDelivery(
        _ body: String, inThread thread: Int64, on reference: PullRequestReference, id: String, secret: Secret, author: String = "mona"
    ) -> SandboxDelivery? {
        let name = reference.repository.name
        guard let comment = answer(thread, on: reference.number, in: name, body, author: author) else { return nil }
        let isGitea = reference.repository.forge == .gitea
        return change(name) { repository -> SandboxDelivery? in
            guard let pull = repository.pulls[reference.number] else { return nil }
            if isGitea {
                let payload: JSONValue = [
                    "action": "reviewed", "number": .integer(Int64(pull.number)), "pull_request": GiteaFace.json(pull, in: repository),
                    "repository": GitHubFace.json(repository), "sender": GiteaFace.account(author),
                    "review": ["type": "pull_request_review_comment", "content": .string(body)],
                ]
                return .gitea(event: "pull_request_comment", payload: payload, id: id, secret: secret)
            }
            let payload: JSONValue = [
                "action": "created", "pull_request": GitHubFace.json(pull, in: repository), "repository": GitHubFace.json(repository),
                "sender": SandboxIdentity.account(author), "installation": ["id": .integer(GitHubFace.installation)],
                "comment": [
                    "id": .integer(comment), "in_reply_to_id": .integer(thread), "body": .string(body), "path": "src/payments.py",
                    "user": SandboxIdentity.account(author),
                ],
            ]
            return .github(event: "pull_request_review_comment", payload: payload, id: id, secret: secret)
        } ?? nil
    }

    /// Somebody resolved a thread. Gitea tells nobody.
    package func resolvedDelivery(
        thread: Int64, on reference: PullRequestReference, isResolved: Bool = true, id: String, secret: Secret, sender: String = "mona"
    ) -> SandboxDelivery? {
        change(reference.repository.name) { repository -> SandboxDelivery? in
            guard let pull = repository.pulls[reference.number] else { return nil }
            let payload: JSONValue = [
                "action": isResolved ? "resolved" : "unresolved", "pull_request": GitHubFace.json(pull, in: repository),
                "repository": GitHubFace.json(repository), "sender": SandboxIdentity.account(sender),
                "installation": ["id": .integer(GitHubFace.installation)],
                "thread": ["node_id": "t", "comments": [["id": .integer(thread)]]],
            ]
            return .github(event: "pull_request_review_thread", payload: payload, id: id, secret: secret)
        } ?? nil
    }
}
