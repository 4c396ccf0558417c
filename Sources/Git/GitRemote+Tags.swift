import Basics
package import Subprocess

/// A tag of a remote repository and the commit it leads to.
package struct RemoteTag: Sendable, Hashable {
    package let name: String
    /// Of an annotated tag the commit it names, not the tag object.
    package let commit: ObjectID
}

extension GitRemote {
    /// The tags that are there now; nothing is fetched. Annotated tags are followed to their commits.
    ///
    /// Source: git-scm.com/docs/git-ls-remote (a name ending in `^{}` is the object that the tag before it leads to)
    package func tags(
        environment: GitEnvironment = GitEnvironment(), runner: any CommandRunner = SystemCommandRunner(), deadline: Duration = .seconds(30)
    ) async throws(GitError) -> [RemoteTag] {
        var surroundings = CommandEnvironment(environment, home: "/", transports: transport)
        authorize(&surroundings)
        let invocation = Invocation(
            "git", ["ls-remote", "--tags", "--quiet", "--end-of-options", url], environment: surroundings.all, workingDirectory: "/",
            deadline: deadline, outputLimit: .mebibytes(16))
        let done: Completion
        do {
            done = try await runner.run(invocation)
        } catch {
            throw .subprocess(error)
        }
        guard done.succeeded else { throw .remoteFailed(url: url, reason: done.complaint) }
        return Self.tags(inListing: String(decoding: done.output, as: UTF8.self))
    }

    /// Lines of `HASH<tab>refs/tags/NAME`; what is not of this form is left out.
    package static func tags(inListing text: String) -> [RemoteTag] {
        var direct: [String: ObjectID] = [:]
        var followed: [String: ObjectID] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let parts = Substring(line).split(separator: "\t")
            guard parts.count == 2, let id = ObjectID(String(parts[0])), parts[1].hasPrefix("refs/tags/") else { continue }
            let name = parts[1].dropFirst("refs/tags/".count)
            if name.hasSuffix("^{}") { followed[String(name.dropLast(3))] = id } else { direct[String(name)] = id }
        }
        return direct.map { RemoteTag(name: $0.key, commit: followed[$0.key] ?? $0.value) }.sorted { $0.name < $1.name }
    }
}
