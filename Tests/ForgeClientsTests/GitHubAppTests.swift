import Basics
import Crypto
import Forge
import ForgeClients
import HTTP
import Synchronization
import TestSupport
import Testing

struct GitHubAppTests {
    private let clock = JumpingClock()
    /// One for all tests: making an RSA key takes a tenth of a second.
    private static let shared = Result { try SigningKey(pem: SigningKey.generatePEM(.rs256)) }
    private let key: SigningKey

    init() throws {
        key = try Self.shared.get()
    }

    private func repository(_ installation: Int64?) throws -> RepositoryReference {
        RepositoryReference(forge: .github, name: try #require(RepositoryName("octo/demo")), installation: installation)
    }

    private func access(_ http: any HTTPClient) -> GitHubAccess {
        GitHubAccess(
            GitHubSettings(url: "https://api.test", credential: .app(id: "42", key: key)), http: http, clock: clock,
            random: SeededRandom(seed: 1))
    }

    /// Issues tokens `t0`, `t1`, … that end an hour later, and answers everything else with `rest`.
    private func forge(_ rest: @escaping @Sendable (ClientRequest) -> ClientResponse) -> ScriptedHTTPClient {
        let issued = Issued()
        let clock = clock
        return ScriptedHTTPClient { request, _ in
            if request.url.hasSuffix("/access_tokens") {
                let expires = (clock.now + .seconds(3600)).iso8601
                return .success(.json(201, ["token": .string("t\(issued.next())"), "expires_at": .string(expires)]))
            }
            if request.url.hasSuffix("/installation") { return .success(.json(200, ["id": 9])) }
            if request.url.hasSuffix("/app") { return .success(.json(200, ["id": 42, "slug": "fettle-app"])) }
            return .success(rest(request))
        }
    }

    private final class Issued: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    @Test func `the App signs in with a token of nine minutes, begun a minute ago`() async throws {
        let http = forge { _ in .json(200, []) }
        _ = try await access(http).client(for: repository(777)).comments(on: PullRequestReference(repository: repository(777), number: 1))
        let request = try #require(http.requests.first)
        #expect(request.url == "https://api.test/app/installations/777/access_tokens")
        let token = try #require(request.headers["Authorization"]?.dropFirst("Bearer ".count))
        let claims = try JSONWebToken.verify(String(token), with: key.verificationKey, at: clock.now)
        #expect(claims["iss"]?.string == "42")
        #expect(claims["iat"]?.int == Int(clock.now.seconds) - 60)
        #expect(claims["exp"]?.int == Int(clock.now.seconds) + 540)
        #expect(http.requests.last?.headers["Authorization"] == "Bearer t0")
    }

    @Test func `an installation token is made once for all, and again five minutes before its end`() async throws {
        let http = forge { _ in .json(200, []) }
        let access = access(http)
        let reference = PullRequestReference(repository: try repository(777), number: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await access.client(for: reference.repository).comments(on: reference) } }
            try await group.waitForAll()
        }
        let tokensMade = { http.requests.filter { $0.url.hasSuffix("/access_tokens") }.count }
        #expect(tokensMade() == 1)
        clock.advance(by: .seconds(3299))
        _ = try await access.client(for: reference.repository).comments(on: reference)
        #expect(tokensMade() == 1)
        clock.advance(by: .seconds(2))
        _ = try await access.client(for: reference.repository).comments(on: reference)
        #expect(tokensMade() == 2)
        #expect(http.requests.last?.headers["Authorization"] == "Bearer t1")
    }

    @Test func `a token the forge no longer takes is replaced once`() async throws {
        let http = forge { request in
            request.headers["Authorization"] == "Bearer t0" ? .json(401, ["message": "Bad credentials"]) : .json(200, [])
        }
        let reference = PullRequestReference(repository: try repository(777), number: 1)
        #expect(try await access(http).client(for: reference.repository).comments(on: reference).isEmpty)
        let refusing = forge { _ in .json(401, ["message": "Bad credentials"]) }
        await #expect(throws: ForgeError.unauthorized(host: "api.test", reason: "Bad credentials")) {
            try await access(refusing).client(for: reference.repository).comments(on: reference)
        }
        #expect(refusing.requests.count == 4)
    }

    @Test func `an unknown installation is looked up once`() async throws {
        let http = forge { _ in .json(200, []) }
        let access = access(http)
        let reference = PullRequestReference(repository: try repository(nil), number: 1)
        for _ in 0..<2 { _ = try await access.client(for: reference.repository).comments(on: reference) }
        #expect(http.requests.filter { $0.url.hasSuffix("/repos/octo/demo/installation") }.count == 1)
        #expect(http.requests.contains { $0.url.hasSuffix("/app/installations/9/access_tokens") })
    }

    @Test func `our own comments are known by the App's account, asked for once and only when there are comments`() async throws {
        let comments: JSONValue = [
            ["id": 1, "user": ["login": "fettle-app[bot]", "type": "Bot"], "body": "ours"],
            ["id": 2, "user": ["login": "fettle-app", "type": "User"], "body": "a name like ours"], ["id": 3, "user": nil, "body": nil],
        ]
        let http = forge { request in .json(200, request.url.contains("issues/1/") ? comments : []) }
        let client = try await access(http).client(for: repository(777))
        #expect(try await client.comments(on: PullRequestReference(repository: repository(777), number: 2)).isEmpty)
        #expect(!http.requests.contains { $0.url.hasSuffix("/app") })
        for _ in 0..<2 {
            let read = try await client.comments(on: PullRequestReference(repository: repository(777), number: 1))
            #expect(read.map(\.isOurs) == [true, false, false])
        }
        #expect(http.requests.filter { $0.url.hasSuffix("/app") }.count == 1)
    }

    @Test func `annotations beyond fifty follow in further calls`() async throws {
        let http = forge { _ in .json(201, ["id": 3]) }
        let text = PublishableText(checked: "t")
        let annotations = (1...120).map {
            CheckDraft.Annotation(path: "a", startLine: $0, endLine: $0, level: .warning, title: text, message: text)
        }
        let draft = CheckDraft(
            name: "fettle / review", commit: try #require(CommitID(GitHubDecodingTests.sha)), status: .completed(.neutral), title: text,
            summary: text, annotations: annotations, externalID: "k")
        #expect(try await access(http).client(for: repository(777)).createCheck(in: repository(777), draft) == 3)
        let calls = http.requests.filter { $0.url.contains("check-runs") }
        #expect(calls.map(\.method) == [.post, .patch, .patch])
        let sizes = try calls.map { try JSONValue(parsing: $0.body ?? [])["output"]?["annotations"]?.array?.count }
        #expect(sizes == [50, 50, 20])
    }
}
