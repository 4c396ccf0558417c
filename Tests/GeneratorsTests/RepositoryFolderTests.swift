import Generators
import Glibc
import Testing

@Suite struct RepositoryFolderTests {
    private func temporaryFolder() throws -> String {
        var template = Array("/tmp/fettle-generators-XXXXXX".utf8CString)
        return String(cString: try #require(mkdtemp(&template)))
    }

    private func write(_ text: String, _ path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    @Test func `links are not followed, neither listed nor read`() throws {
        let folder = try temporaryFolder()
        defer { for name in ["a.txt", "link", "out"] { unlink("\(folder)/\(name)") }; rmdir(folder) }
        try write("here", folder + "/a.txt")
        symlink("/etc/passwd", folder + "/link")
        symlink("/etc", folder + "/out")
        let files = try RepositoryFolder(folder)
        #expect(files.paths == ["a.txt"])
        #expect(Set(files.skipped.map(\.path)) == ["link", "out"])
        #expect(files.bytes(of: "a.txt").map { String(decoding: $0, as: UTF8.self) } == "here")
        #expect(files.bytes(of: "link") == nil && files.bytes(of: "out/passwd") == nil && files.bytes(of: "../etc/passwd") == nil)
    }

    @Test func `pipes, large files and too many files are left out`() throws {
        let folder = try temporaryFolder()
        defer { for name in ["a", "b", "c", "pipe"] { unlink("\(folder)/\(name)") }; rmdir(folder) }
        try write(String(repeating: "x", count: 100), folder + "/a")
        try write("", folder + "/b")
        try write("", folder + "/c")
        mkfifo(folder + "/pipe", 0o600)
        var limits = RepositoryFolder.Limits()
        limits.bytesPerFile = 50
        let files = try RepositoryFolder(folder, limits: limits)
        #expect(files.paths == ["a", "b", "c"] && files.bytes(of: "a") == nil)
        limits.files = 2
        #expect(try RepositoryFolder(folder, limits: limits).paths.count == 2)
        #expect(throws: RepositoryFolder.Unreadable.self) { try RepositoryFolder(folder + "/nothing") }
    }
}
