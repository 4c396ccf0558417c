import Basics
import Subprocess

/// One way to run git: in the shadow, with no transport and no configuration but our own.
struct GitCommand: Sendable {
    let directory: String
    let environment: GitEnvironment
    let runner: any CommandRunner

    /// Runs `git arguments`; any exit status not in `accepting` is an error made from its complaint.
    func run(
        _ arguments: [String], accepting: Set<Int32> = [0], input: [UInt8] = [], deadline: Duration = .seconds(120),
        outputLimit: ByteCount = .mebibytes(256)
    ) async throws(GitError) -> Completion {
        let surroundings = CommandEnvironment(environment, home: directory, transports: "")
        let invocation = Invocation(
            "git", ["--git-dir=\(directory)", "--no-pager"] + arguments, environment: surroundings.all, workingDirectory: directory,
            input: input, deadline: deadline, outputLimit: outputLimit)
        let done: Completion
        do {
            done = try await runner.run(invocation)
        } catch {
            throw .subprocess(error)
        }
        guard case .exited(let status) = done.ending, accepting.contains(status) else {
            throw Self.explain(done, operation: arguments.first ?? "")
        }
        return done
    }

    private static func explain(_ done: Completion, operation: String) -> GitError {
        let missing = ["bad object", "unable to read tree", "unable to read ", "missing blob", "Could not read ", "not a valid object"]
        if let line = done.complaint.raw.split(separator: "\n").first(where: { line in missing.contains { line.contains($0) } }) {
            return .missingObject(String(line.trimmingPrefix("fatal: ")))
        }
        return .failed(operation: operation, reason: done.complaint)
    }
}
