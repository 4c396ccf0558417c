/// What git may know of the machine: where programs are, how the network is reached. Made once by the executable.
package struct GitEnvironment: Sendable {
    /// Variables handed to git as they are.
    package var variables: [String: String]

    /// Names taken over from our own environment. Everything else stays out: tracing would print credentials, `GIT_DIR` and its kin
    /// would redirect us.
    package static let inherited = [
        "PATH", "http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE",
        "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_EXEC_PATH", "LD_LIBRARY_PATH",
    ]

    package init(inheriting environment: [String: String] = [:]) {
        variables = environment.filter { Self.inherited.contains($0.key) }
    }
}

/// The whole environment of one git command.
///
/// Source: git-scm.com/docs/git (environment variables), git-scm.com/docs/git-config (GIT_CONFIG_COUNT)
struct CommandEnvironment {
    private var variables: [String: String]
    private var settings: [(key: String, value: String)] = []

    /// `transports` are the protocols git may speak, colon-separated; empty forbids all, and with them every lazy fetch.
    init(_ base: GitEnvironment, home: String, transports: String) {
        variables = base.variables
        variables["HOME"] = home
        variables["LC_ALL"] = "C"
        variables["GIT_CONFIG_NOSYSTEM"] = "1"
        variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
        variables["GIT_ATTR_NOSYSTEM"] = "1"
        variables["GIT_NO_REPLACE_OBJECTS"] = "1"
        variables["GIT_OPTIONAL_LOCKS"] = "0"
        variables["GIT_TERMINAL_PROMPT"] = "0"
        variables["GIT_ASKPASS"] = "/bin/false"
        variables["GIT_SSH_COMMAND"] = "/bin/false"
        variables["GIT_PAGER"] = "cat"
        variables["GIT_LITERAL_PATHSPECS"] = "1"
        variables["GIT_ALLOW_PROTOCOL"] = transports.isEmpty ? "none" : transports
    }

    /// A configuration value for this one command, unseen in its arguments.
    mutating func set(_ key: String, _ value: String) {
        settings.append((key, value))
    }

    var all: [String: String] {
        var all = variables
        all["GIT_CONFIG_COUNT"] = "\(settings.count)"
        for (index, setting) in settings.enumerated() {
            all["GIT_CONFIG_KEY_\(index)"] = setting.key
            all["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        return all
    }
}
