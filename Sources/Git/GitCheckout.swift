import Basics
import FoundationEssentials
package import Subprocess

extension GitRepository {
    /// A fresh work tree of one commit at `path`, which must not exist: its own repository with that commit alone, no remote, no hooks and
    /// no credential in it. Submodules and large-file storage are not fetched; no filter runs.
    ///
    /// `reference` (`refs/pull/7/head`) is tried where the remote gives no commit by its id; when it points to another commit by now, that
    /// is an error.
    package static func checkOut(
        _ commit: ObjectID, orFrom reference: String? = nil, of remote: GitRemote, into path: String,
        deadline: Duration = .seconds(300), environment: GitEnvironment = GitEnvironment(),
        runner: any CommandRunner = SystemCommandRunner()
    ) async throws(GitError) {
        guard path.hasPrefix("/"), !FileManager.default.fileExists(atPath: path) else {
            throw .invalidArgument("a checkout is made at a new absolute path")
        }
        let git = GitCommand(directory: path + "/.git", environment: environment, runner: runner)
        try await git.initialize()
        _ = try await git.run(["config", "core.bare", "false"])
        let options = FetchOptions(depth: .newest(1), deadline: deadline)
        do {
            try await git.fetch([commit.hex], from: remote, options: options)
        } catch {
            guard let reference, case .remoteFailed = error else { throw error }
            try await git.fetch([reference], from: remote, options: options)
        }
        _ = try await git.run(["--work-tree=\(path)", "checkout", "--quiet", "--force", "--detach", commit.hex], deadline: deadline)
    }
}
