import Basics
import Forge
import HTTP

extension GitHubFace {
    static func addChecks(to routes: inout SandboxRoutes) {
        routes.on(.post, "\(repositoryPath)/check-runs") { state, call in
            guard call.who.isApp else { throw SandboxRefusal(status: 403, message: "You must authenticate via a GitHub App.") }
            let repository = try call.repository(state)
            guard let commit = call.body["head_sha"]?.string.flatMap({ repository.commit($0) }) else {
                throw SandboxRefusal.invalid("No commit found for SHA")
            }
            var check = SandboxCheck(
                id: state.takeID(), name: try call.text("name"), commit: commit.id, externalID: "", status: "queued", title: "",
                summary: "",
                annotations: [])
            try apply(call.body, to: &check)
            state.repositories[repository.name]?.checks.append(check)
            return .json(201, json(check))
        }
        routes.on(.patch, "\(repositoryPath)/check-runs/{id}") { state, call in
            var repository = try call.repository(state)
            let id = try call.number("id")
            guard let index = repository.checks.firstIndex(where: { $0.id == Int64(id) }) else { throw SandboxRefusal.notFound }
            try apply(call.body, to: &repository.checks[index])
            state.repositories[repository.name] = repository
            return .json(200, json(repository.checks[index]))
        }
        routes.on(.get, "\(repositoryPath)/commits/{ref}/check-runs") { state, call in
            let repository = try call.repository(state)
            let commit = repository.commit(try call.parameter("ref"))?.id
            let found = repository.checks.filter { $0.commit == commit }.map(json)
            return call.page(found) { ["total_count": .integer(Int64(found.count)), "check_runs": $0] }
        }
        routes.on(.get, "\(repositoryPath)/check-runs/{id}/annotations") { state, call in
            let repository = try call.repository(state)
            let id = try call.number("id")
            guard let check = repository.checks.first(where: { $0.id == Int64(id) }) else { throw SandboxRefusal.notFound }
            return call.page(check.annotations)
        }
        routes.on(.post, "\(repositoryPath)/statuses/{sha}") { state, call in
            let repository = try call.repository(state)
            guard let commit = repository.commit(try call.parameter("sha")) else { throw SandboxRefusal.notFound }
            let status = try makeStatus(call, id: state.takeID(), commit: commit.id)
            state.repositories[repository.name]?.statuses.append(status)
            return .json(201, json(status))
        }
        routes.on(.get, "\(repositoryPath)/commits/{ref}/statuses") { state, call in
            let repository = try call.repository(state)
            let commit = repository.commit(try call.parameter("ref"))?.id
            return call.page(repository.statuses.filter { $0.commit == commit }.reversed().map(json))
        }
    }

    static func makeStatus(_ call: SandboxCall, id: Int64, commit: CommitID) throws -> SandboxStatus {
        let state = try call.text("state")
        guard ["error", "failure", "pending", "success", "warning"].contains(state) else {
            throw SandboxRefusal.invalid(["field": "state", "code": "invalid"])
        }
        let description = call.body["description"]?.string ?? ""
        guard description.unicodeScalars.count <= 140 else { throw SandboxRefusal.invalid(["field": "description", "code": "too_long"]) }
        return SandboxStatus(
            id: id, commit: commit, author: call.who.login, context: call.body["context"]?.string ?? "default", state: state,
            description: description, targetURL: call.body["target_url"]?.string ?? "")
    }

    private static func apply(_ body: JSONValue, to check: inout SandboxCheck) throws {
        let output = body["output"]
        let annotations = output?["annotations"]?.array ?? []
        guard annotations.count <= 50 else { throw SandboxRefusal.invalid("output.annotations: no more than 50 items are allowed") }
        if let name = body["name"]?.string { check.name = name }
        if let externalID = body["external_id"]?.string { check.externalID = externalID }
        if let conclusion = body["conclusion"]?.string {
            check.conclusion = conclusion
            check.status = "completed"
        } else if let status = body["status"]?.string {
            guard status != "completed" else { throw SandboxRefusal.invalid("conclusion is needed when status is completed") }
            check.status = status
            check.conclusion = nil
        }
        if let title = output?["title"]?.string { check.title = title }
        if let summary = output?["summary"]?.string { check.summary = summary }
        check.annotations += annotations
    }

    private static func json(_ check: SandboxCheck) -> JSONValue {
        [
            "id": .integer(check.id), "name": .string(check.name), "head_sha": .string(check.commit.hex),
            "external_id": .string(check.externalID), "status": .string(check.status),
            "conclusion": check.conclusion.map { .string($0) } ?? nil,
            "app": check.isForeign
                ? ["id": .integer(appID + 1), "slug": "ci"] : ["id": .integer(appID), "slug": .string(SandboxIdentity.appSlug)],
            "output": [
                "title": .string(check.title), "summary": .string(check.summary),
                "annotations_count": .integer(Int64(check.annotations.count)),
            ],
        ]
    }

    static func json(_ status: SandboxStatus) -> JSONValue {
        [
            "id": .integer(status.id), "state": .string(status.state), "status": .string(status.state), "context": .string(status.context),
            "description": .string(status.description), "target_url": .string(status.targetURL),
            "creator": SandboxIdentity.account(status.author),
        ]
    }
}
