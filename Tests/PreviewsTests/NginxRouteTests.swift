import Basics
import Forge
import FoundationEssentials
import Previews
import Subprocess
import Synchronization
import TestSupport
import Testing

/// Remembers what would have been run, and answers as it is told.
private final class RecordingRunner: CommandRunner {
    private let calls = Mutex<[[String]]>([])
    private let refuses: String?

    init(refusing word: String? = nil) {
        refuses = word
    }

    var words: [[String]] { calls.withLock { $0 } }

    func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion {
        calls.withLock { $0.append([invocation.executable] + invocation.arguments) }
        let isRefused = refuses.map { invocation.arguments.contains($0) } ?? false
        return Completion(ending: .exited(isRefused ? 1 : 0), output: [], errorOutput: isRefused ? Array("emerg: no".utf8) : [])
    }
}

@Suite struct NginxRouteTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func order(_ repository: String = "octo/demo") throws -> PreviewOrder {
        let preview = PreviewIdentity(forge: .github, repository: try #require(RepositoryName(repository)), number: 5)
        let domain = try #require(PreviewDomain("previews.test"))
        return PreviewOrder(
            preview: preview, commit: PlayedPreview.commit(1), checkout: nil, settings: PreviewSettings(driver: .compose),
            host: domain.host(of: preview))
    }

    private func route(_ runner: RecordingRunner, certificate: Bool = false) -> NginxRoute {
        let settings = NginxRoute.Settings(
            folder: folder.path, certificate: certificate ? "/c.pem" : nil, certificateKey: certificate ? "/c.key" : nil,
            port: certificate ? 443 : 8081)
        return NginxRoute(settings: settings, runner: runner, path: "/usr/bin")
    }

    private var fragments: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    @Test func `a fragment is written, tested and loaded, and gone afterwards`() async throws {
        let runner = RecordingRunner()
        let place = try order()
        let address = try await route(runner).publish(place, port: 42001, address: "127.0.0.1")
        #expect(address.url == "http://pr-5.demo.previews.test:8081/")
        #expect(runner.words == [["nginx", "-t"], ["nginx", "-s", "reload"]])
        let text = try String(contentsOfFile: folder.path + "/" + (try #require(fragments.first)), encoding: .utf8)
        #expect(text.contains("server_name pr-5.demo.previews.test;"))
        #expect(text.contains("proxy_pass http://127.0.0.1:42001;"))
        try await route(runner).withdraw(place.preview)
        try await route(runner).withdraw(place.preview)
        #expect(fragments.isEmpty)
        #expect(runner.words.count == 3)
    }

    @Test func `with a certificate the address is secure`() async throws {
        let address = try await route(RecordingRunner(), certificate: true).publish(order(), port: 42001, address: "127.0.0.1")
        #expect(address.url == "https://pr-5.demo.previews.test/")
    }

    @Test func `a fragment that does not stand the test is taken back, and the next preview is not harmed`() async throws {
        let failure = await #expect(throws: PreviewFailure.self) {
            try await route(RecordingRunner(refusing: "-t")).publish(order(), port: 42001, address: "127.0.0.1")
        }
        #expect(failure?.excerpt.raw.contains("emerg") == true)
        #expect(fragments.isEmpty)
    }

    @Test func `another owner's preview of the same name cannot take the host name`() async throws {
        let runner = RecordingRunner()
        _ = try await route(runner).publish(order(), port: 42001, address: "127.0.0.1")
        let failure = await #expect(throws: PreviewFailure.self) {
            try await route(runner).publish(order("mallory/demo"), port: 42002, address: "127.0.0.1")
        }
        #expect(failure?.kind == .portConflict)
    }
}
