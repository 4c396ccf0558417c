package import Basics
import FoundationEssentials
package import Subprocess

/// Where to fetch from, and with what.
package struct GitRemote: Sendable {
    /// `https://host/path`, `http://…` or `file:///…`, without user or password.
    package let url: String
    let token: Secret?
    /// The name sent along with the token; the forges take any.
    let user: String

    /// Throws on an address that git could take for an option, a command or a place for credentials.
    package init(url: String, token: Secret? = nil, user: String = "x-access-token") throws(GitError) {
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7f && $0 != "\\" }
        guard isPlain, url.utf8.count <= 2048, let scheme = Self.scheme(of: url), Self.schemes.contains(scheme) else {
            throw .invalidArgument("an address to fetch from begins with https://, http:// or file:// and holds no spaces")
        }
        let host = url.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" }
        guard !host.contains("@"), !host.isEmpty || scheme == "file" else {
            throw .invalidArgument("an address to fetch from names a host, and no user: the credential is given apart")
        }
        self.url = url
        self.token = token
        self.user = user
    }

    private static let schemes: Set<String> = ["https", "http", "file"]

    var transport: String { Self.scheme(of: url) ?? "" }

    private static func scheme(of url: String) -> String? {
        guard let end = url.firstRange(of: "://") else { return nil }
        return String(url[..<end.lowerBound])
    }

    /// Binds the credential to this scheme, host and port. Redirects are not followed with one: it would go along.
    func authorize(_ environment: inout CommandEnvironment) {
        guard let token, transport != "file" else { return }
        let host = url.dropFirst(transport.utf8.count + 3).prefix { $0 != "/" }
        let pair = Data("\(user):\(token.reveal())".utf8).base64EncodedString()
        environment.set("http.\(transport)://\(host)/.extraHeader", "Authorization: Basic \(pair)")
        environment.set("http.followRedirects", "false")
    }
}

/// What a fetch brings.
package struct FetchOptions: Sendable, Hashable {
    package enum Depth: Sendable, Hashable {
        case whole
        /// The newest commits only.
        case newest(Int)
        /// More commits below the present boundary.
        case deepen(by: Int)
        /// All that is missing below the boundary.
        case unshallow
    }

    package var depth: Depth
    /// Commits and trees, no file contents: enough for a history with names.
    package var withoutFiles: Bool
    package var deadline: Duration

    package init(depth: Depth = .whole, withoutFiles: Bool = false, deadline: Duration = .seconds(600)) {
        self.depth = depth
        self.withoutFiles = withoutFiles
        self.deadline = deadline
    }

    var arguments: [String] {
        let length: [String] =
            switch depth {
            case .whole: []
            case .newest(let count): ["--depth=\(max(1, count))"]
            case .deepen(let count): ["--deepen=\(max(1, count))"]
            case .unshallow: ["--unshallow"]
            }
        return length + (withoutFiles ? ["--filter=blob:none"] : [])
    }
}

extension GitRepository {
    /// Brings commits from a remote: full hashes, or names of refs (`refs/pull/7/head`, `refs/heads/main`). The repository opened stays
    /// as it is; what comes is readable through this value and is gone with it.
    ///
    /// `having` are commits known here, so that only what is missing travels.
    package func fetch(
        _ names: [String], from remote: GitRemote, options: FetchOptions = FetchOptions(), having: [ObjectID] = []
    ) async throws(GitError) {
        for id in having { _ = try await git.run(["update-ref", "refs/fettle/known/\(id.hex)", id.hex]) }
        try await git.fetch(names, from: remote, options: options)
    }

    /// Makes a bare repository at `path` (new, or one made by this function before) and brings `names` into it. Its refs are
    /// `refs/fettle/fetched/<name>`.
    package static func clone(
        _ names: [String], from remote: GitRemote, into path: String, options: FetchOptions = FetchOptions(),
        environment: GitEnvironment = GitEnvironment(), runner: any CommandRunner = SystemCommandRunner()
    ) async throws(GitError) -> GitRepository {
        guard path.hasPrefix("/") else { throw .invalidArgument("a clone is made at an absolute path") }
        let git = GitCommand(directory: path, environment: environment, runner: runner)
        try await git.initialize()
        try await git.fetch(names, from: remote, options: options)
        return try await open(at: path, environment: environment, runner: runner)
    }
}

extension GitCommand {
    func initialize() async throws(GitError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .failed(operation: "init", reason: UntrustedText("\(error)"))
        }
        _ = try await run(["init", "--quiet", "--bare", "--template="])
    }

    /// Each ref lands under `refs/fettle/fetched/`, so that what came stays reachable.
    func fetch(_ names: [String], from remote: GitRemote, options: FetchOptions) async throws(GitError) {
        var specifications: [String] = []
        for name in names {
            guard Self.isFetchable(name) else { throw .invalidArgument("'\(name.prefix(80))' is neither a full hash nor a full ref name") }
            specifications.append("+\(name):refs/fettle/fetched/\(name)")
        }
        var surroundings = CommandEnvironment(environment, home: directory, transports: remote.transport)
        remote.authorize(&surroundings)
        let fixed = [
            "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance", "--force",
        ]
        let invocation = Invocation(
            "git", ["--git-dir=\(directory)"] + fixed + options.arguments + ["--end-of-options", remote.url] + specifications,
            environment: surroundings.all, workingDirectory: directory, deadline: options.deadline)
        let done: Completion
        do {
            done = try await runner.run(invocation)
        } catch {
            throw .subprocess(error)
        }
        guard done.succeeded else { throw .remoteFailed(url: remote.url, reason: done.complaint) }
    }

    /// A full hash, or `refs/…` of characters that mean nothing to git or a pattern. Source: git-scm.com/docs/git-check-ref-format
    private static func isFetchable(_ name: String) -> Bool {
        if ObjectID(name) != nil { return true }
        let forbidden: Set<Character> = ["~", "^", ":", "?", "*", "[", "\\", "+"]
        return name.hasPrefix("refs/") && name.utf8.count <= 1024 && !name.contains("..") && !name.contains("@{") && !name.hasSuffix("/")
            && name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f } && !name.contains { forbidden.contains($0) }
    }
}
