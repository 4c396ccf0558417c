package import Basics

/// A program to run, and the bounds it runs in.
package struct Invocation: Sendable, Hashable {
    /// An absolute path, or a name looked up in the `PATH` of `environment` (`/usr/local/bin:/usr/bin:/bin` when it has none).
    package var executable: String
    /// Without the program's own name.
    package var arguments: [String]
    /// The whole environment: nothing is inherited.
    package var environment: [String: String]
    /// `nil` keeps ours.
    package var workingDirectory: String?
    package var input: [UInt8]
    /// From start to the end of the last output.
    package var deadline: Duration
    /// More on standard output is an error: a cut output must not pass for a whole one.
    package var outputLimit: ByteCount
    /// More on standard error is dropped and counted.
    package var errorOutputLimit: ByteCount
    /// `nil`: what the program leaves behind in its process group ends with it.
    package var leftRunning: LeftRunning?

    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], workingDirectory: String? = nil,
        input: [UInt8] = [], deadline: Duration = .seconds(60), outputLimit: ByteCount = .mebibytes(64),
        errorOutputLimit: ByteCount = .kibibytes(64), leftRunning: LeftRunning? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.deadline = deadline
        self.outputLimit = outputLimit
        self.errorOutputLimit = errorOutputLimit
        self.leftRunning = leftRunning
    }

    /// For programs that start servers: what they leave running when they exit with status 0 lives on, and writes to these files, which
    /// are made anew and appended to. A `Completion` then has the last bytes of each, up to the limits.
    package struct LeftRunning: Sendable, Hashable {
        package var output: String
        package var errorOutput: String

        package init(output: String, errorOutput: String) {
            self.output = output
            self.errorOutput = errorOutput
        }
    }
}

/// How a program ended by itself, and what it wrote.
package struct Completion: Sendable, Hashable {
    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let ending: Ending
    package let output: [UInt8]
    /// The first bytes, up to the limit.
    package let errorOutput: [UInt8]
    /// Bytes of standard error beyond the limit.
    package let errorOutputDropped: Int

    package init(ending: Ending, output: [UInt8], errorOutput: [UInt8] = [], errorOutputDropped: Int = 0) {
        self.ending = ending
        self.output = output
        self.errorOutput = errorOutput
        self.errorOutputDropped = errorOutputDropped
    }

    package var succeeded: Bool { ending == .exited(0) }
    /// Standard error as text, for messages to the operator.
    package var complaint: UntrustedText { UntrustedText(String(decoding: errorOutput, as: UTF8.self)) }
}

/// Why a program gave no completion. A non-zero exit status is a completion.
package enum SubprocessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No such program in the path.
    case notFound(executable: String)
    case notStarted(executable: String, reason: String)
    /// Ended by us at the deadline, with its whole process group.
    case timedOut(executable: String, after: Duration)
    case outputTooLarge(executable: String, limit: ByteCount)
    case cancelled(executable: String)

    package var description: String {
        switch self {
        case .notFound(let executable): "no program '\(executable)' in the path: install it, or put its directory into PATH"
        case .notStarted(let executable, let reason): "'\(executable)' could not be started: \(reason)"
        case .timedOut(let executable, let limit): "'\(executable)' took longer than \(limit.components.seconds) s and was ended"
        case .outputTooLarge(let executable, let limit): "'\(executable)' wrote more than \(limit.bytes) bytes and was ended"
        case .cancelled(let executable): "'\(executable)' was ended because its work was cancelled"
        }
    }
}

/// Runs programs. The one real implementation is `SystemCommandRunner`; tests record what would have been run.
package protocol CommandRunner: Sendable {
    /// Returns when the program and everything it left in its process group has ended.
    func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion
}
