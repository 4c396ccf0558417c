import Basics
import Forge
import ForgeClients
import HTTP
import TestSupport
import Testing

struct GitHubRetryTests {
    private static let sha = GitHubDecodingTests.sha
    private static let pull: JSONValue = [
        "title": "t", "state": "open", "user": ["login": "mona"], "head": ["sha": .string(sha), "ref": "f", "repo": nil],
        "base": ["sha": .string(sha), "ref": "main", "repo": ["full_name": "octo/demo"]],
    ]
    private let clock = JumpingClock()

    private var reference: PullRequestReference {
        get throws {
            PullRequestReference(
                repository: RepositoryReference(forge: .github, name: try #require(RepositoryName("octo/demo"))), number: 7)
        }
    }

    private func client(_ http: ScriptedHTTPClient, patience: Duration = .seconds(90)) async throws -> any ForgeClient {
        let settings = GitHubSettings(url: "https://forge.test/api/v3/", credential: .token(Secret("ghp_x")), patience: patience)
        return try await GitHubAccess(settings, http: http, clock: clock, random: SeededRandom(seed: 1)).client(for: reference.repository)
    }

    private func thrown(_ body: () async throws -> Void) async -> ForgeError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ForgeError
        }
    }

    @Test func `a request goes to the Enterprise base with version, form and credential`() async throws {
        let http = ScriptedHTTPClient([.success(.json(200, Self.pull))])
        let pull = try await client(http).pullRequest(reference)
        #expect(pull.isFromFork)
        let request = try #require(http.requests.first)
        #expect(request.url == "https://forge.test/api/v3/repos/octo/demo/pulls/7")
        #expect(request.headers["Authorization"] == "Bearer ghp_x")
        #expect(request.headers["Accept"] == "application/vnd.github+json")
        #expect(request.headers["X-GitHub-Api-Version"] == "2022-11-28")
        #expect(request.headers["User-Agent"] == "fettle")
    }

    @Test func `a read is tried three times when the server fails`() async throws {
        let failing = ScriptedHTTPClient([
            .success(.json(502, [:])), .failure(.interrupted(host: "h", reason: "reset")), .success(.json(200, Self.pull)),
        ])
        _ = try await client(failing).pullRequest(reference)
        #expect(failing.requests.count == 3)
        let dead = ScriptedHTTPClient([.success(.json(500, [:]))])
        let error = await thrown { _ = try await client(dead).pullRequest(reference) }
        #expect(error == .serverFailed(host: "forge.test", status: 500))
        #expect(dead.requests.count == 3)
    }

    @Test(arguments: [
        Result<ClientResponse, HTTPClientError>.success(.json(502, [:])), .failure(.interrupted(host: "h", reason: "reset")),
        .failure(.timedOut(host: "h", after: .seconds(30))), .failure(.cancelled),
    ])
    func `a write whose answer was lost is ambiguous and not sent again`(outcome: Result<ClientResponse, HTTPClientError>) async throws {
        let http = ScriptedHTTPClient([outcome])
        let error = await thrown { _ = try await client(http).createComment(on: reference, PublishableText(checked: "hello")) }
        guard case .ambiguous = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(http.requests.count == 1)
    }

    @Test func `a write that was never sent is sent again`() async throws {
        let http = ScriptedHTTPClient([.failure(.notConnected(host: "h", reason: "refused")), .success(.json(201, ["id": 5]))])
        #expect(try await client(http).createComment(on: reference, PublishableText(checked: "hello")) == 5)
        #expect(http.requests.count == 2)
    }

    @Test func `a primary limit is waited for until its reset`() async throws {
        let limited = ClientResponse.json(
            403, ["message": "API rate limit exceeded"], headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000040"])
        let http = ScriptedHTTPClient([.success(limited), .success(.json(200, Self.pull))])
        _ = try await client(http).pullRequest(reference)
        #expect(clock.sleeps == [.seconds(41)])
    }

    @Test func `a secondary limit is waited for as long as it says, writes included`() async throws {
        let limited = ClientResponse.json(429, ["message": "You have exceeded a secondary rate limit."], headers: ["retry-after": "7"])
        let http = ScriptedHTTPClient([.success(limited), .success(limited), .success(.json(201, ["id": 6]))])
        #expect(try await client(http).createComment(on: reference, PublishableText(checked: "hello")) == 6)
        #expect(clock.sleeps == [.seconds(7), .seconds(14)])
    }

    @Test func `a secondary limit without a time is waited for a minute`() async throws {
        let limited = ClientResponse.json(403, ["message": "You have exceeded a secondary rate limit. Please wait."])
        let http = ScriptedHTTPClient([.success(limited), .success(.json(200, Self.pull))])
        _ = try await client(http).pullRequest(reference)
        #expect(clock.sleeps == [.seconds(60)])
    }

    @Test func `beyond its patience a call fails with the time to come back`() async throws {
        let limited = ClientResponse.json(429, [:], headers: ["retry-after": "100"])
        let http = ScriptedHTTPClient([.success(limited)])
        let error = await thrown { _ = try await client(http, patience: .seconds(99)).pullRequest(reference) }
        #expect(error == .rateLimited(retryAfter: .seconds(100)))
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a missing permission is named in the forge's words`() async throws {
        let refused = ClientResponse.json(
            403, ["message": "Resource not accessible by integration"], headers: ["X-Accepted-GitHub-Permissions": "pull_requests=write"])
        let error = await thrown { _ = try await client(ScriptedHTTPClient([.success(refused)])).pullRequest(reference) }
        #expect(error == .forbidden(resource: "GET /repos/octo/demo/pulls/7", needs: "pull_requests=write"))
        #expect(error?.description.contains("Grant that") == true)
    }

    @Test func `a refusal carries the forge's reasons`() async throws {
        let refused = ClientResponse.json(
            422,
            ["message": "Validation Failed", "errors": [["resource": "Issue", "field": "body", "code": "missing_field"], "and more"]])
        let error = await thrown {
            _ = try await client(ScriptedHTTPClient([.success(refused)])).createComment(on: reference, PublishableText(checked: ""))
        }
        guard case .refused(_, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == "422 Validation Failed: Issue body missing_field; and more")
    }

    @Test func `every page is read, from this server only`() async throws {
        let page: (Int, String?) -> ClientResponse = { id, next in
            let headers: HTTPHeaders = next.map { ["Link": "<https://forge.test/first>; rel=\"prev\", <\($0)>; rel=\"next\""] } ?? [:]
            return .json(200, [["id": .integer(Int64(id)), "user": nil, "body": "x"]], headers: headers)
        }
        let http = ScriptedHTTPClient([
            .success(page(1, "https://forge.test/api/v3/more?page=2")), .success(page(2, "https://elsewhere.test/api/v3/more?page=3")),
            .success(page(3, nil)),
        ])
        #expect(try await client(http).comments(on: reference).map(\.id) == [1, 2])
        #expect(
            http.requests.map(\.url) == [
                "https://forge.test/api/v3/repos/octo/demo/issues/7/comments?per_page=100", "https://forge.test/api/v3/more?page=2",
            ])
    }

    @Test func `an unchanged answer is taken from memory by its ETag`() async throws {
        let http = ScriptedHTTPClient([
            .success(.json(200, Self.pull, headers: ["ETag": "\"v1\""])), .success(ClientResponse(status: 304, headers: [:], body: [])),
        ])
        let client = try await client(http)
        let first = try await client.pullRequest(reference)
        #expect(try await client.pullRequest(reference) == first)
        #expect(http.requests.map { $0.headers["If-None-Match"] } == [nil, "\"v1\""])
    }

    @Test func `a moved repository is followed on the same server, never elsewhere`() async throws {
        let moved = ClientResponse(status: 301, headers: ["Location": "https://forge.test/api/v3/repositories/1/pulls/7"], body: [])
        let http = ScriptedHTTPClient([.success(moved), .success(.json(200, Self.pull))])
        _ = try await client(http).pullRequest(reference)
        #expect(http.requests.last?.url == "https://forge.test/api/v3/repositories/1/pulls/7")
        let away = ClientResponse(status: 301, headers: ["Location": "https://elsewhere.test/x"], body: [])
        let tempting = ScriptedHTTPClient([.success(away)])
        #expect(await thrown { _ = try await client(tempting).pullRequest(reference) } != nil)
        #expect(tempting.requests.count == 1)
    }

    @Test(arguments: ["../../../user", "a//b", "", "./a", "a/..", "a\0b"])
    func `a path no repository holds is asked of nobody`(path: String) async throws {
        let http = ScriptedHTTPClient([.success(.json(200, [:]))])
        let commit = try #require(CommitID(Self.sha))
        let file = try await client(http).file(path, at: commit, in: reference.repository, limit: 100)
        #expect(file == nil)
        #expect(http.requests.isEmpty)
    }

    @Test func `a refusal longer than the answer may be is still read`() async throws {
        let gone = ScriptedHTTPClient { request, _ in
            let response = ClientResponse.json(404, ["message": "Not Found", "documentation_url": "https://docs.github.com/rest"])
            return response.body.count > request.responseLimit.bytes
                ? .failure(.responseTooLarge(host: "h", limit: request.responseLimit.bytes)) : .success(response)
        }
        let commit = try #require(CommitID(Self.sha))
        #expect(try await client(gone).file("a.txt", at: commit, in: reference.repository, limit: 10) == nil)
    }

    @Test func `a reply that lacks a field names it`() async throws {
        let error = await thrown { _ = try await client(ScriptedHTTPClient([.success(.json(200, ["title": "t"]))])).pullRequest(reference) }
        #expect(error == .malformedReply(resource: "GET /repos/octo/demo/pulls/7", reason: "state: missing"))
    }
}
