import CLinux
import Glibc

/// The call of `posix_spawn` with everything a child must not inherit taken away.
enum Spawn {
    /// Starts the program in a process group of its own. Returns its id, or the error number.
    static func start(
        _ invocation: Invocation, path: String, input: Int32, output: Int32, errorOutput: Int32
    ) -> Result<pid_t, SpawnFailure> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
        if let directory = invocation.workingDirectory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        // Also what other code of the process opened without close-on-exec.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        setSignals(&attributes)

        let words = [path] + invocation.arguments
        let variables = invocation.environment.map { "\($0.key)=\($0.value)" }.sorted()
        return withCStrings(words) { argv in
            withCStrings(variables) { environment in
                var pid: pid_t = 0
                let status = posix_spawn(&pid, path, &actions, &attributes, argv, environment)
                return status == 0 ? .success(pid) : .failure(SpawnFailure(number: status))
            }
        }
    }

    /// Signals blocked or ignored here would stay so in the child: it gets none blocked and all at their defaults.
    private static func setSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    }

    private static func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}

struct SpawnFailure: Error {
    let number: Int32
}
