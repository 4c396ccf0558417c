import Basics
package import Forge
import HTTP

/// Check runs. Only an App or a workflow's token may write them: with a person's token a commit status stands in.
///
/// Source: docs.github.com/rest/checks/runs; a call takes 50 annotations and each update adds to those before.
extension GitHubClient {
    static let annotationsPerCall = 50

    package func createCheck(in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) -> Int64 {
        guard mayWriteChecks else { return try await createStatus(in: repository, draft) }
        var body = Self.state(draft)
        body["head_sha"] = .string(draft.commit.hex)
        body["output"] = Self.output(draft, draft.annotations.prefix(Self.annotationsPerCall))
        let call = ForgeCall(.post, path(repository, "check-runs"), body: .object(body))
        let id = try await api.read(GitHubIDWire.self, call).id
        try await append(draft.annotations.dropFirst(Self.annotationsPerCall), of: draft, to: id, in: repository)
        return id
    }

    package func updateCheck(_ id: Int64, in repository: RepositoryReference, _ draft: CheckDraft) async throws(ForgeError) {
        guard mayWriteChecks else {
            _ = try await createStatus(in: repository, draft)
            return
        }
        var body = Self.state(draft)
        body["output"] = Self.output(draft, draft.annotations.prefix(Self.annotationsPerCall))
        _ = try await api.send(ForgeCall(.patch, path(repository, "check-runs/\(id)"), body: .object(body)))
        try await append(draft.annotations.dropFirst(Self.annotationsPerCall), of: draft, to: id, in: repository)
    }

    package func checks(on commit: CommitID, in repository: RepositoryReference, externalID: String) async throws(ForgeError) -> [Int64] {
        guard mayWriteChecks else { return try await statuses(on: commit, in: repository, externalID: externalID) }
        var query = Self.fullPage + [(name: "filter", value: "all")]
        if let app = try await identity.ours().appID { query.append((name: "app_id", value: "\(app)")) }
        let call = ForgeCall(.get, path(repository, "commits/\(commit)/check-runs"), query: query)
        let runs = try await api.pages(GitHubCheckRunsWire.self, call) { $0.checkRuns }.elements
        return runs.filter { $0.externalID == externalID }.map(\.id)
    }

    private func append(
        _ annotations: ArraySlice<CheckDraft.Annotation>, of draft: CheckDraft, to id: Int64, in repository: RepositoryReference
    ) async throws(ForgeError) {
        var rest = annotations
        while !rest.isEmpty {
            let body: JSONValue = ["output": Self.output(draft, rest.prefix(Self.annotationsPerCall))]
            _ = try await api.send(ForgeCall(.patch, path(repository, "check-runs/\(id)"), body: body))
            rest = rest.dropFirst(Self.annotationsPerCall)
        }
    }

    private static func state(_ draft: CheckDraft) -> [String: JSONValue] {
        var body: [String: JSONValue] = ["name": .string(draft.name), "external_id": .string(draft.externalID)]
        switch draft.status {
        case .inProgress: body["status"] = "in_progress"
        case .completed(let conclusion):
            body["status"] = "completed"
            body["conclusion"] = .string(conclusion.rawValue)
        }
        return body
    }

    private static func output(_ draft: CheckDraft, _ annotations: ArraySlice<CheckDraft.Annotation>) -> JSONValue {
        var output: [String: JSONValue] = ["title": .string(draft.title.text), "summary": .string(draft.summary.text)]
        if !annotations.isEmpty { output["annotations"] = .array(annotations.map(wire)) }
        return .object(output)
    }

    private static func wire(_ annotation: CheckDraft.Annotation) -> JSONValue {
        [
            "path": .string(annotation.path), "start_line": .integer(Int64(annotation.startLine)),
            "end_line": .integer(Int64(annotation.endLine)), "annotation_level": .string(annotation.level.rawValue),
            "title": .string(annotation.title.text), "message": .string(annotation.message.text),
        ]
    }
}

struct GitHubCheckRunsWire: Decodable {
    struct Run: Decodable {
        let id: Int64
        let externalID: String?

        enum CodingKeys: String, CodingKey {
            case id
            case externalID = "external_id"
        }
    }

    let checkRuns: [Run]

    enum CodingKeys: String, CodingKey {
        case checkRuns = "check_runs"
    }
}
