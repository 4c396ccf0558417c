import CLinux
import Glibc

/// Where a program is. Looked up in the child's `PATH`, not in ours, and never in the working directory.
enum ExecutablePath {
    static func find(_ invocation: Invocation) throws(SubprocessError) -> String {
        let name = invocation.executable
        let strings = [name] + invocation.arguments + invocation.environment.flatMap { [$0.key, $0.value] }
        if (strings + [invocation.workingDirectory ?? ""]).contains(where: { $0.utf8.contains(0) }) {
            throw .notStarted(executable: name, reason: "an argument, variable or directory contains a NUL byte")
        }
        if invocation.environment.keys.contains(where: { $0.isEmpty || $0.contains("=") }) {
            throw .notStarted(executable: name, reason: "the name of a variable is empty or contains '='")
        }
        if name.hasPrefix("/") { return name }
        guard !name.isEmpty, !name.contains("/") else {
            throw .notStarted(executable: name, reason: "a program is given as an absolute path or as a bare name")
        }
        let directories = (invocation.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        for directory in directories where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw .notFound(executable: name)
    }
}
