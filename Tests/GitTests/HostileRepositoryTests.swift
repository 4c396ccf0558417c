import Basics
import FoundationEssentials
import Git
import Subprocess
import Synchronization
import TestSupport
import Testing

@Suite struct HostileRepositoryTests {
    /// Every setting of a repository that git is known to run something for while reading.
    @Test func `nothing a repository configures is ever run`() async throws {
        let scratch = try await ScratchRepository()
        let old = try await scratch.record("one", [".gitattributes": "* diff=evil filter=evil\n", "a": "1\n"])
        let new = try await scratch.record("two", ["a": "2\n"])
        let proof = "\(scratch.path)/ran"
        let evil = "touch \(proof)"
        for key in [
            "core.fsmonitor", "core.pager", "pager.log", "pager.diff", "diff.external", "diff.evil.textconv", "diff.evil.command",
            "filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "core.sshCommand", "core.gitProxy", "core.askPass",
            "core.editor", "gpg.program", "credential.helper", "core.alternateRefsCommand", "remote.origin.uploadpack", "alias.log",
            "alias.diff-tree", "alias.merge-base", "uploadpack.packObjectsHook", "core.hooksPath",
        ] { try await scratch.git("config", key, evil) }
        try await scratch.git("config", "log.showSignature", "true")
        try await scratch.git("config", "extensions.partialClone", "origin")
        try await scratch.git("config", "core.repositoryFormatVersion", "1")
        try await scratch.git("config", "remote.origin.promisor", "true")
        try await scratch.git("config", "remote.origin.url", "ext::sh -c touch% \(proof)")
        try await scratch.git("config", "protocol.ext.allow", "always")
        try await readEverything(try await scratch.open(), old, new)
        // An object that is missing would be fetched by a partial clone.
        let blob = try await scratch.git("rev-parse", "\(new.hex):a").dropLast()
        try FileManager.default.removeItem(atPath: "\(scratch.path)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
        let repository = try await scratch.open()
        await #expect(throws: GitError.self) { try await repository.diff(from: old, to: new) }
        await #expect(throws: GitError.self) { try await repository.file("a", at: new) }
        #expect(!FileManager.default.fileExists(atPath: proof))
    }

    private func readEverything(_ repository: GitRepository, _ old: ObjectID, _ new: ObjectID) async throws {
        #expect(try await repository.resolve("HEAD") == new)
        #expect(try await repository.mergeBase(old, new) == old)
        #expect(String(decoding: try await repository.diff(from: old, to: new), as: UTF8.self).contains("-1\n+2\n"))
        #expect(try await repository.changedPaths(from: old, to: new).count == 1)
        #expect(try await repository.history(HistoryQuery(from: new)).count == 2)
        #expect(try await repository.blame("a", at: new).count == 1)
        #expect(try await repository.file("a", at: new) == Array("2\n".utf8))
        #expect(try await repository.files(at: new).count == 2)
    }

    @Test func `a repository of another owner is readable: its settings have no force anyway`() async throws {
        let scratch = try await ScratchRepository()
        let old = try await scratch.record("one", ["a": "1\n", "b": "2\n"])
        let new = try await scratch.record("two", ["a": "2\n"])
        let chown = Invocation("chown", ["--recursive", "65534:65534", scratch.path], environment: ["PATH": "/usr/bin:/bin"])
        guard try await SystemCommandRunner().run(chown).succeeded else { return }
        try await readEverything(try await scratch.open(), old, new)
    }

    @Test func `display settings of the repository do not change what we read`() async throws {
        let scratch = try await ScratchRepository()
        let old = try await scratch.record("one", ["d/é": "1\n"])
        let new = try await scratch.record("two", ["d/é": "2\n"])
        let plain = try await scratch.open().diff(from: old, to: new)
        for (key, value) in [
            ("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"), ("color.ui", "always"), ("diff.context", "0"),
            ("diff.renames", "false"),
            ("core.quotePath", "true"), ("core.abbrev", "4"), ("diff.relative", "true"), ("log.follow", "true"),
            ("diff.orderFile", "/dev/zero"),
        ] { try await scratch.git("config", key, value) }
        #expect(try await scratch.open().diff(from: old, to: new) == plain)
    }
}

@Suite struct FetchTests {
    private func remote(_ scratch: ScratchRepository) throws -> GitRemote { try GitRemote(url: "file://\(scratch.path)") }

    @Test func `a shallow clone says so, and deepening it finds the ancestor without touching the original`() async throws {
        let source = try await ScratchRepository()
        try await source.git("config", "uploadpack.allowAnySHA1InWant", "true")
        let root = try await source.record("root", ["a": "0\n"])
        for number in 1...5 { try await source.record("main \(number)", ["a": "\(number)\n"], at: 1_700_000_000 + number) }
        let main = try await source.record("main 6", ["a": "6\n"], at: 1_700_000_006)
        try await source.git("checkout", "--quiet", "-b", "side", root.hex)
        let side = try await source.record("side", ["b": "1\n"], at: 1_700_000_007)
        let place = try await ScratchRepository()
        try await place.git("fetch", "--quiet", "--depth=1", "file://\(source.path)", main.hex, side.hex)
        let original = try await place.git("count-objects", "-v")
        let repository = try await place.open()
        #expect(repository.isShallow)
        await #expect(throws: GitError.historyCutOff(operation: "finding the common ancestor")) {
            try await repository.mergeBase(main, side)
        }
        #expect(try await repository.history(HistoryQuery(from: main)).map(\.paths) == [[]])
        try await repository.fetch(
            [main.hex, side.hex], from: remote(source), options: FetchOptions(depth: .deepen(by: 3)), having: [main, side])
        #expect(try await repository.history(HistoryQuery(from: main)).count == 4)
        try await repository.fetch(
            [main.hex, side.hex], from: remote(source), options: FetchOptions(depth: .unshallow), having: [main, side])
        #expect(!repository.isShallow)
        #expect(try await repository.mergeBase(main, side) == root)
        #expect(try await place.git("count-objects", "-v") == original)
    }

    @Test func `a clone without file contents has the history and says what is missing`() async throws {
        let source = try await ScratchRepository()
        try await source.git("config", "uploadpack.allowFilter", "true")
        try await source.record("one", ["a": "1\n"])
        let head = try await source.record("two", ["a": "2\n"])
        let place = try await ScratchRepository()
        let repository = try await GitRepository.clone(
            ["refs/heads/main"], from: remote(source), into: "\(place.path)/clone", options: FetchOptions(withoutFiles: true))
        #expect(try await repository.resolve("refs/fettle/fetched/refs/heads/main") == head)
        #expect(try await repository.history(HistoryQuery(from: head)).map(\.paths) == [["a"], ["a"]])
        await #expect(throws: GitError.missingObject("file a")) { try await repository.file("a", at: head) }
    }

    @Test func `a whole clone is read like any other and can be brought up to date`() async throws {
        let source = try await ScratchRepository()
        try await source.record("one", ["a": "1\n"])
        let place = try await ScratchRepository()
        _ = try await GitRepository.clone(["refs/heads/main"], from: remote(source), into: "\(place.path)/clone")
        let next = try await source.record("two", ["a": "2\n"])
        let repository = try await GitRepository.clone(["refs/heads/main"], from: remote(source), into: "\(place.path)/clone")
        #expect(try await repository.file("a", at: next) == Array("2\n".utf8))
    }

    @Test(arguments: [
        "ext::sh -c id", "ssh://host/x", "-x", "https://user:pw@host/x", "https:///x", "http://a b/", "file", "", "git@host:x",
        "HTTPS://h/x",
    ])
    func `an address that could run or leak something is refused`(url: String) {
        #expect(throws: GitError.self) { try GitRemote(url: url) }
    }

    @Test(arguments: [
        "main", "--upload-pack=x", "refs/heads/*", "refs/heads/a:refs/heads/b", "refs/heads/../x", "+refs/heads/a", "refs/heads/a b",
    ])
    func `a name that is no full ref and no full hash is not fetched`(name: String) async throws {
        let source = try await ScratchRepository()
        try await source.record("one", [:])
        let repository = try await source.open()
        await #expect(throws: GitError.self) { try await repository.fetch([name], from: remote(source)) }
    }

    @Test func `a token is nowhere in the arguments and bound to its host`() async throws {
        let runner = RecordingRunner()
        let remote = try GitRemote(url: "https://forge.example:8443/o/r.git", token: Secret("hunter2"))
        await #expect(throws: GitError.self) {
            try await GitRepository.clone(["refs/heads/main"], from: remote, into: "/tmp/fettle-tests-none", runner: runner)
        }
        try? FileManager.default.removeItem(atPath: "/tmp/fettle-tests-none")
        let fetch = try #require(runner.seen.last)
        #expect(fetch.arguments.contains("fetch"))
        let encoded = Data("x-access-token:hunter2".utf8).base64EncodedString()
        #expect(!fetch.arguments.contains { $0.contains("hunter2") || $0.contains(encoded) })
        #expect(fetch.environment["GIT_CONFIG_KEY_0"] == "http.https://forge.example:8443/.extraHeader")
        #expect(fetch.environment["GIT_CONFIG_VALUE_0"] == "Authorization: Basic \(encoded)")
        #expect(fetch.environment["GIT_CONFIG_KEY_1"] == "http.followRedirects")
        #expect(fetch.environment["GIT_ALLOW_PROTOCOL"] == "https")
    }

    /// Runs nothing: every command succeeds, and fetch fails.
    private final class RecordingRunner: CommandRunner {
        private let invocations = Mutex<[Invocation]>([])
        var seen: [Invocation] { invocations.withLock { $0 } }

        func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion {
            invocations.withLock { $0.append(invocation) }
            return Completion(ending: .exited(invocation.arguments.contains("fetch") ? 128 : 0), output: [])
        }
    }
}
