import Basics
import FoundationEssentials
import Git
import Subprocess
import TestSupport
import Testing

@Suite struct GitRepositoryTests {
    @Test func `branches, tags, short hashes and expressions resolve to the commit they name`() async throws {
        let scratch = try await ScratchRepository()
        let first = try await scratch.record("one", ["a": "1\n"])
        let second = try await scratch.record("two", ["a": "2\n"])
        try await scratch.git("tag", "-a", "v1", "-m", "x", first.hex)
        let repository = try await scratch.open()
        for (name, commit) in [
            ("HEAD", second), ("main", second), ("v1", first), ("HEAD~1", first), (first.short, first), (first.hex, first),
        ] {
            #expect(try await repository.resolve(name) == commit, "\(name)")
        }
        await #expect(throws: GitError.unknownRevision("nowhere")) { try await repository.resolve("nowhere") }
        await #expect(throws: GitError.self) { try await repository.resolve(String(repeating: "0", count: 40)) }
    }

    @Test(arguments: ["", "-x", "--upload-pack=touch /tmp/x", "a\nb", "a\0b", String(repeating: "a", count: 2000)])
    func `a revision that could be an option is refused`(revision: String) async throws {
        let scratch = try await ScratchRepository()
        try await scratch.record("one", [:])
        let repository = try await scratch.open()
        await #expect(throws: GitError.self) { try await repository.resolve(revision) }
    }

    @Test func `a directory that is no repository says so`() async {
        await #expect(throws: GitError.self) { try await GitRepository.open(at: "/usr/share") }
        await #expect(throws: GitError.self) { try await GitRepository.open(at: "/no/such") }
    }

    @Test func `a subdirectory, a bare clone and a linked work tree all open`() async throws {
        let scratch = try await ScratchRepository()
        let commit = try await scratch.record("one", ["deep/er/a": "1\n"])
        try await scratch.git("clone", "--quiet", "--bare", ".", "bare.git")
        try await scratch.git("worktree", "add", "--quiet", "linked")
        for place in ["deep/er", "bare.git", "linked"] {
            let repository = try await GitRepository.open(at: "\(scratch.path)/\(place)")
            #expect(try await repository.resolve("HEAD") == commit, "\(place)")
            #expect(try await repository.file("deep/er/a", at: commit) == Array("1\n".utf8))
        }
    }

    @Test func `the diff shows renames, modes, odd names and missing newlines`() async throws {
        let scratch = try await ScratchRepository()
        let body = (0..<30).map { "line \($0)\n" }.joined()
        let old = try await scratch.record("one", ["a.txt": body, "é \"q\".txt": "x\n", "end": "1"])
        let new = try await scratch.record("two", ["a.txt": nil, "b.txt": body + "more\n", "é \"q\".txt": "y\n", "end": "2"])
        let repository = try await scratch.open()
        let text = String(decoding: try await repository.diff(from: old, to: new), as: UTF8.self)
        #expect(text.contains("rename from a.txt\nrename to b.txt\n"))
        #expect(text.contains(#"+++ "b/é \"q\".txt""#))
        #expect(text.contains("-1\n\\ No newline at end of file\n+2\n"))
        let changes = try await repository.changedPaths(from: old, to: new)
        #expect(changes.map(\.path) == ["b.txt", "end", "é \"q\".txt"])
        #expect(changes[0].status == .renamed && changes[0].previousPath == "a.txt" && changes[0].newMode == "100644")
        let one = try await repository.diff(from: old, to: new, options: DiffOptions(paths: ["end"]))
        #expect(String(decoding: one, as: UTF8.self).components(separatedBy: "diff --git").count == 2)
    }

    @Test func `a file an attribute hides from diffs is shown all the same`() async throws {
        let scratch = try await ScratchRepository()
        let old = try await scratch.record("one", [".gitattributes": "evil.js -diff binary\n", "evil.js": "a\n"])
        let new = try await scratch.record("two", ["evil.js": "b\n"])
        let diff = try await scratch.open().diff(from: old, to: new)
        #expect(String(decoding: diff, as: UTF8.self).contains("-a\n+b\n"))
    }

    @Test func `files are read at a revision; directories, links and missing paths are no files`() async throws {
        let scratch = try await ScratchRepository()
        try await scratch.git("config", "core.symlinks", "true")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: "/etc/passwd")
        let commit = try await scratch.record("one", ["d/a": "text", "empty": ""])
        try await scratch.record("two", ["d/a": "other"])
        let repository = try await scratch.open()
        #expect(try await repository.file("d/a", at: commit) == Array("text".utf8))
        #expect(try await repository.file("empty", at: commit) == [])
        for path in ["d", "link", "nothing", "", "../d/a", "/d/a"] {
            #expect(try await repository.file(path, at: commit) == nil, "\(path)")
        }
        await #expect(throws: GitError.tooLarge(path: "d/a", size: 4, limit: 3)) { try await repository.file("d/a", at: commit, limit: 3) }
        let entries = try await repository.files(at: commit)
        #expect(entries.map(\.path) == ["d/a", "empty", "link"])
        #expect(entries.map(\.kind) == [.file, .file, .link])
        await #expect(throws: GitError.self) { try await repository.files(at: commit, limit: 2) }
    }

    @Test func `the common ancestor is found, and unrelated histories have none`() async throws {
        let scratch = try await ScratchRepository()
        let root = try await scratch.record("root", ["a": "1\n"])
        let main = try await scratch.record("main", ["b": "1\n"])
        try await scratch.git("checkout", "--quiet", "-b", "side", root.hex)
        let side = try await scratch.record("side", ["c": "1\n"])
        try await scratch.git("checkout", "--quiet", "--orphan", "lone")
        let lone = try await scratch.record("lone", ["d": "1\n"])
        let repository = try await scratch.open()
        #expect(try await repository.mergeBase(main, side) == root)
        #expect(try await repository.mergeBase(main, lone) == nil)
    }

    @Test func `history names the files of each commit, and no subject or file name can forge another`() async throws {
        let scratch = try await ScratchRepository()
        let first = try await scratch.record("one", ["a": "1\n"], at: 1_700_000_000)
        let second = try await scratch.record("two \u{1}\u{2} //", ["x y": "1\n", "\u{1}b": "1\n", "é\n.txt": "1\n"], at: 1_700_000_100)
        let third = try await scratch.record("", [:], at: 1_700_000_200)
        let fourth = try await scratch.record("four", ["x y": nil, "z": "1\n"], at: 1_700_000_300)
        let repository = try await scratch.open()
        let entries = try await repository.history(HistoryQuery(from: fourth))
        #expect(entries.map(\.commit) == [fourth, third, second, first])
        #expect(entries.map { Set($0.paths) } == [["x y", "z"], [], ["x y", "\u{1}b", "é\n.txt"], ["a"]])
        #expect(entries[0].parents == [third])
        #expect(entries[3].time == Timestamp(seconds: 1_700_000_000))
        #expect(entries[2].author.raw == "A U Thor")
        let some = HistoryQuery(from: fourth, excluding: [first], limit: 2, since: Timestamp(seconds: 1_700_000_100), paths: ["x y"])
        #expect(try await repository.history(some).map(\.commit) == [fourth, second])
    }

    @Test func `blame names the commit of each line`() async throws {
        let scratch = try await ScratchRepository()
        let first = try await scratch.record("one", ["a": "1\n2\n3\n"], at: 1_700_000_000)
        let second = try await scratch.record("two", ["a": "1\nX\n3\n"], at: 1_700_000_100)
        let repository = try await scratch.open()
        let lines = try await repository.blame("a", at: second)
        #expect(lines.map(\.commit) == [first, second, first])
        #expect(lines.map(\.line) == [1, 2, 3])
        #expect(lines[1].email.raw == "a@example.org" && lines[1].summary.raw == "two" && !lines[1].isBoundary)
        #expect(try await repository.blame("a", at: second, lines: 2...2).map(\.commit) == [second])
    }

    @Test func `the scratch directory goes with the repository`() async throws {
        let scratch = try await ScratchRepository()
        try await scratch.record("one", [:])
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/tmp", withIntermediateDirectories: true)
        do {
            let repository = try await GitRepository.open(at: scratch.path, scratch: "\(scratch.path)/tmp")
            _ = try await repository.resolve("HEAD")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/tmp").count == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/tmp").isEmpty)
    }

    @Test func `a directory tells what lies in it, and one that did not change has one id in both commits`() async throws {
        let scratch = try await ScratchRepository()
        let first = try await scratch.record("one", ["deep/er/a": "1\n", "deep/b": "2\n", "deep.c": "3\n"])
        let second = try await scratch.record("two", ["deep.c": "4\n"])
        let repository = try await scratch.open()
        let (old, new) = (try await repository.tree(of: first), try await repository.tree(of: second))
        #expect(old != new)
        let (before, after) = (try await repository.directory(old), try await repository.directory(new))
        #expect(after.map(\.name) == ["deep.c", "deep"] && after.map(\.kind) == [.file, nil])
        #expect(before[0].id != after[0].id && before[1].id == after[1].id)
        #expect(try await repository.directory(after[1].id).map(\.name) == ["b", "er"])
        await #expect(throws: GitError.self) { try await repository.directory(after[0].id) }
    }

    @Test func `objects that are not here are told from those that are`() async throws {
        let scratch = try await ScratchRepository()
        let commit = try await scratch.record("one", ["a": "1\n"])
        let repository = try await scratch.open()
        let nothing = try #require(ObjectID(String(repeating: "1", count: 40)))
        #expect(try await repository.absent([commit, nothing]) == [nothing])
    }
}
