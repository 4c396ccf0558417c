import Basics
package import Forge
import HTTP

extension GiteaClient: IssueTracker {
    package func issues(labelled label: String, in repository: RepositoryReference) async throws(ForgeError) -> [ForgeIssue] {
        let query = Self.fullPage + [(name: "labels", value: label), (name: "state", value: "all"), (name: "type", value: "issues")]
        let wires = try await api.pages(GiteaIssueWire.self, ForgeCall(.get, path(repository, "issues"), query: query)).elements
            // A server ignores labels it does not know and lists everything.
            .filter { issue in issue.labels?.contains { $0.name == label } == true }
        let ours = try await isOurs(wires.map(\.user))
        return zip(wires, ours).map { wire, isOurs in wire.issue(isOurs: isOurs) }
    }

    package func createIssue(in repository: RepositoryReference, _ draft: IssueDraft) async throws(ForgeError) -> Int {
        var labels: [JSONValue] = []
        for label in draft.labels { labels.append(.integer(try await labelID(label, in: repository))) }
        var body: [String: JSONValue] = [
            "title": .string(draft.title.text), "body": .string(draft.body.text), "labels": .array(labels),
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

    /// Issues take labels by number; an unknown name is made first, in grey.
    private func labelID(_ name: String, in repository: RepositoryReference) async throws(ForgeError) -> Int64 {
        let known = try await api.pages(GiteaLabelWire.self, ForgeCall(.get, path(repository, "labels"), query: Self.fullPage)).elements
        if let label = known.first(where: { $0.name == name }) { return label.id }
        let body: JSONValue = ["name": .string(name), "color": "#ededed"]
        return try await api.read(GiteaLabelWire.self, ForgeCall(.post, path(repository, "labels"), body: body)).id
    }
}

struct GiteaLabelWire: Decodable {
    let id: Int64
    let name: String
}

struct GiteaIssueWire: Decodable {
    let number: ItemNumber
    let title: String
    let body: String?
    let user: GiteaAccountWire?
    let labels: [GiteaLabelWire]?
    let state: String

    func issue(isOurs: Bool) -> ForgeIssue {
        ForgeIssue(
            number: number.value, title: UntrustedText(title), body: UntrustedText(body ?? ""),
            labels: (labels ?? []).map { UntrustedText($0.name) }, isOpen: state == "open", isOurs: isOurs)
    }
}
