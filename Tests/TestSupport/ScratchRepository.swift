import Basics
import FoundationEssentials
import Subprocess

/// A real repository made by real git, removed with its test.
package final class ScratchRepository: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let path: String
    private let runner = SystemCommandRunner()

    package init() async throws {
        path = "/tmp/fettle-tests-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await git("init", "--quiet", "--initial-branch=main")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    package func git(_ arguments: String..., at time: Int = 1_700_000_000) async throws -> String {
        let environment = [
            "PATH": "/usr/bin:/bin", "HOME": path, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "C O Mitter",
            "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_AUTHOR_DATE": "\(time) +0000", "GIT_COMMITTER_DATE": "\(time) +0000",
        ]
        let done = try await runner.run(Invocation("git", arguments, environment: environment, workingDirectory: path))
        guard done.succeeded else { throw Failure(description: "git \(arguments): \(done.complaint.raw)") }
        return String(decoding: done.output, as: UTF8.self)
    }

    package func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/\(folder)", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// Makes a symbolic link that holds `target` as it is given.
    package func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    /// Writes the files (`nil` removes one) and commits everything; the commit's hash.
    @discardableResult
    package func commit(_ message: String, _ files: [String: String?], at time: Int = 1_700_000_000) async throws -> String {
        for (name, text) in files {
            if let text { try write(name, text) } else { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        }
        try await git("add", "--all")
        try await git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", message, at: time)
        return String(try await git("rev-parse", "HEAD").dropLast())
    }
}
