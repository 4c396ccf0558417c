import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/issues
extension GitHubClient: IssueTracker {
    package func issues(labelled label: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeIssue] {
        let query = Self.fullPage + [(name: "labels", value: label), (name: "state", value: "all")]
        let wires = try await api.pages(GitHubIssueWire.self, ForgeCall(.get, path(repository, "issues"), query: query)).elements
            .filter { $0.pullRequest == nil }
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in wire.issue(isOurs: isOurs) }
    }

    package func createIssue(in repository: RepositoryReference, _ draft: IssueDraft) async throws(ForgeError) -> Int {
        var body: [String: JSONValue] = [
            "title": .string(draft.title.text), "body": .string(draft.body.text), "labels": .array(draft.labels.map { .string($0) }),
        ]
        if !draft.assignees.isEmpty { body["assignees"] = .array(draft.assignees.map { .string($0) }) }
        let call = ForgeCall(.post, path(repository, "issues"), body: .object(body))
        return try await api.read(GitHubNumberWire.self, call).number.value
    }

    package func updateIssue(
        _ number: Int, in repository: RepositoryReference, title: PublishableText?, body: PublishableText?, isOpen: Bool?
    ) async throws(ForgeError) {
        var changes: [String: JSONValue] = [:]
        if let title { changes["title"] = .string(title.text) }
        if let body { changes["body"] = .string(body.text) }
        if let isOpen { changes["state"] = isOpen ? "open" : "closed" }
        _ = try await api.send(ForgeCall(.patch, path(repository, "issues/\(number)"), body: .object(changes)))
    }

    package func issueComments(_ number: Int, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeComment] {
        try await comments(number: number, in: repository)
    }

    package func createIssueComment(_ number: Int, in repository: RepositoryReference, _ body: PublishableText) async throws(ForgeError)
        -> Int64
    {
        try await createComment(number: number, in: repository, body)
    }
}

struct GitHubIssueWire: Decodable {
    struct Label: Decodable {
        let name: String?

        /// GitHub documents labels as objects or plain names.
        init(from decoder: any Decoder) throws {
            if let plain = try? decoder.singleValueContainer().decode(String.self) {
                name = plain
            } else {
                name = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .name)
            }
        }

        enum CodingKeys: String, CodingKey {
            case name
        }
    }

    let number: ItemNumber
    let title: String
    let body: String?
    let user: GitHubAccountWire?
    let labels: [Label]?
    let state: String
    let pullRequest: Anything?

    enum CodingKeys: String, CodingKey {
        case number, title, body, user, labels, state
        case pullRequest = "pull_request"
    }

    func issue(isOurs: Bool) -> ForgeIssue {
        ForgeIssue(
            number: number.value, title: UntrustedText(title), body: UntrustedText(body ?? ""),
            labels: (labels ?? []).compactMap { $0.name.map { UntrustedText($0) } }, isOpen: state == "open", isOurs: isOurs)
    }
}
