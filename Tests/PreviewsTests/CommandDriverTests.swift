import Basics
import Forge
import FoundationEssentials
import Previews
import Subprocess
import TestSupport
import Testing

/// The contract of the driver `command`, with real programs.
@Suite struct CommandDriverTests {
    private let folder: TemporaryFolder
    private let folders: PreviewFolders
    private let preview: PreviewIdentity

    init() throws {
        folder = try TemporaryFolder()
        folders = PreviewFolders(root: folder.path + "/previews")
        preview = PreviewIdentity(forge: .github, repository: try #require(RepositoryName("octo/demo")), number: 5)
    }

    private func driver(deadline: Duration = .seconds(20)) -> CommandDriver {
        let programs = PreviewPrograms(runner: SystemCommandRunner(), folders: folders, path: "/usr/bin:/bin", deadline: deadline)
        return CommandDriver(programs: programs, folders: folders)
    }

    private func order(_ up: String, down: String = "true", checkout: Bool = true) throws -> PreviewOrder {
        let path = try folders.newCheckout(for: preview)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let settings = PreviewSettings(driver: .command, up: ["sh", "-c", up], down: ["sh", "-c", down])
        return PreviewOrder(preview: preview, commit: PlayedPreview.commit(1), checkout: checkout ? path : nil, settings: settings)
    }

    @Test func `the last line printed is the address`() async throws {
        let address = try await driver().up(order("echo building; echo http://127.0.0.1:8080/x; echo"))
        #expect(address.url == "http://127.0.0.1:8080/x")
    }

    @Test func `programs run in the checkout and know the preview, and nothing else of ours`() async throws {
        let place = try order("pwd > seen; env >> seen; echo http://here")
        _ = try await driver().up(place)
        let seen = try String(contentsOfFile: try #require(place.checkout) + "/seen", encoding: .utf8).split(separator: "\n").map(
            String.init)
        #expect(seen.first == place.checkout)
        let names = Set(seen.dropFirst().compactMap { $0.split(separator: "=").first.map(String.init) })
        #expect(
            names.isSubset(of: ["PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_", "PREVIEW_REPO", "PREVIEW_NUMBER", "PREVIEW_SHA"]))
        #expect(seen.contains("PREVIEW_REPO=octo/demo"))
        #expect(seen.contains("PREVIEW_NUMBER=5"))
        #expect(seen.contains("PREVIEW_SHA=\(PlayedPreview.commit(1))"))
    }

    @Test func `a status other than zero is a failure with the end of standard error`() async throws {
        let failure = await #expect(throws: PreviewFailure.self) {
            try await driver().up(order("echo fine; echo 'it is \u{1B}[31mbroken\u{1B}[0m' >&2; exit 3"))
        }
        #expect(failure?.kind == .buildFailed)
        #expect(failure?.cause == "`up` ended with status 3.")
        #expect(failure?.excerpt.raw.contains("it is broken") == true)
        #expect(failure?.mayPass == false)
    }

    @Test(arguments: ["true", "echo done", "echo 'javascript:alert(1)'", "echo http://a; echo bye"])
    func `a last line that is no address is a failure that says so`(script: String) async throws {
        let failure = await #expect(throws: PreviewFailure.self) { try await driver().up(order(script)) }
        #expect(failure?.kind == .noAddress)
    }

    @Test func `a program that takes too long is ended`() async throws {
        let failure = await #expect(throws: PreviewFailure.self) { try await driver(deadline: .milliseconds(300)).up(order("sleep 600")) }
        #expect(failure?.kind == .timedOut)
    }

    @Test func `a program that is not there is named`() async throws {
        var place = try order("true")
        place = PreviewOrder(
            preview: preview, commit: place.commit, checkout: place.checkout,
            settings: PreviewSettings(driver: .command, up: ["no-such-program"], down: ["./nor-this"]))
        let failure = await #expect(throws: PreviewFailure.self) { try await driver().up(place) }
        #expect(failure?.kind == .misconfigured)
        #expect(failure?.cause.contains("no-such-program") == true)
        let other = await #expect(throws: PreviewFailure.self) { try await driver().down(place) }
        #expect(other?.kind == .misconfigured)
    }

    @Test func `down runs without a checkout too, and its failure is tried again`() async throws {
        try await driver().down(order("true", down: "pwd", checkout: false))
        let failure = await #expect(throws: PreviewFailure.self) { try await driver().down(order("true", down: "exit 1", checkout: false)) }
        #expect(failure?.mayPass == true)
    }

    @Test func `folders are private, old checkouts go with an update, and all goes at the end`() async throws {
        let first = try order("true")
        let second = try order("true")
        folders.keepOnly(try #require(second.checkout), of: preview)
        #expect(!FileManager.default.fileExists(atPath: try #require(first.checkout)))
        #expect(FileManager.default.fileExists(atPath: try #require(second.checkout)))
        folders.remove(preview)
        #expect(!FileManager.default.fileExists(atPath: folders.folder(of: preview)))
    }
}
