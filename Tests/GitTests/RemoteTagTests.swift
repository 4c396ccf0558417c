import Git
import TestSupport
import Testing

@Suite struct RemoteTagTests {
    @Test func `tags come with the commits they lead to, annotated or not`() async throws {
        let repository = try await ScratchRepository()
        let first = try await repository.commit("one", ["a": "1"])
        try await repository.git("tag", "v1.0.0")
        let second = try await repository.commit("two", ["a": "2"])
        try await repository.git("tag", "--annotate", "v1.1.0", "-m", "release")
        let tags = try await GitRemote(url: "file://" + repository.path).tags()
        #expect(tags.map(\.name) == ["v1.0.0", "v1.1.0"])
        #expect(tags.map(\.commit.hex) == [first, second])
    }

    @Test func `a repository that is not there is an error, and nonsense in a listing is left out`() async throws {
        let remote = try GitRemote(url: "file:///nonexistent/fettle")
        await #expect(throws: GitError.self) { try await remote.tags() }
        let id = String(repeating: "a", count: 40)
        #expect(GitRemote.tags(inListing: "x\n\(id)\trefs/heads/main\n\(id)\trefs/tags/v1\nzz\trefs/tags/v2\n").map(\.name) == ["v1"])
    }
}
