import Basics
package import Subprocess

/// Runs programs of a repository in a checkout: with an environment of their own, in bounded time, their outputs in files.
package struct PreviewPrograms: Sendable {
    private let runner: any CommandRunner
    private let folders: PreviewFolders
    private let path: String
    private let deadline: Duration

    package static let deadline = Duration.seconds(600)

    /// - Parameter path: where programs are looked up; the one thing taken over from our own environment.
    package init(runner: any CommandRunner, folders: PreviewFolders, path: String, deadline: Duration = PreviewPrograms.deadline) {
        self.runner = runner
        self.folders = folders
        self.path = path
        self.deadline = deadline
    }

    /// Runs `words` in `place` until it ends well; what it leaves running lives on. `name` is what people know it by.
    package func run(_ words: [String], _ name: String, in place: String, _ order: PreviewOrder) async throws(PreviewFailure) -> Completion
    {
        guard let program = words.first else {
            throw PreviewFailure(
                .misconfigured, cause: "`preview.\(name)` names no program.", nextStep: "Name one in `.fettle.yml` on the base branch.")
        }
        let environment = ["PATH": path, "HOME": try folders.home(of: order.preview), "LANG": "C.UTF-8"]
        // A path inside the checkout is meant as seen from there.
        let executable = program.contains("/") && !program.hasPrefix("/") ? place + "/" + program : program
        let invocation = Invocation(
            executable, Array(words.dropFirst()), environment: environment.merging(order.variables) { $1 }, workingDirectory: place,
            deadline: deadline, outputLimit: .kibibytes(64), leftRunning: try folders.logs(of: order.preview, named: name))
        let done: Completion
        do {
            done = try await runner.run(invocation)
        } catch {
            throw Self.failure(error, name)
        }
        if done.succeeded { return done }
        let said = done.errorOutput.isEmpty ? done.output : done.errorOutput
        throw PreviewFailure(
            .buildFailed, cause: "`\(name)` \(Self.words(for: done.ending)).",
            nextStep: name == "up"
                ? "Read its last lines, mend them, and push; or comment `/preview` to try again." : "Read its last lines.",
            excerpt: LogExcerpt.end(of: said), mayPass: name == "down")
    }

    private static func words(for ending: Completion.Ending) -> String {
        switch ending {
        case .exited(let status): "ended with status \(status)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }

    private static func failure(_ error: SubprocessError, _ name: String) -> PreviewFailure {
        switch error {
        case .timedOut(_, let limit):
            PreviewFailure(
                .timedOut, cause: "`\(name)` took longer than \(limit.components.seconds) s and was ended.",
                nextStep: "Let it start what runs in the background and return, or make it faster.", mayPass: name == "down")
        case .notFound, .notStarted:
            PreviewFailure(
                .misconfigured, cause: "`\(name)` could not be started: \(error).",
                nextStep:
                    "Check `preview.\(name)` on the base branch: a program in the path, or ./FILE in the repository that is executable.")
        case .outputTooLarge:
            PreviewFailure(
                .buildFailed, cause: "`\(name)` wrote too much and was ended.", nextStep: "Let what it starts log to a file of its own.")
        case .cancelled: .overtaken
        }
    }
}

extension PreviewFailure {
    /// A newer push, a close or a stop of the server came first.
    package static let overtaken = PreviewFailure(
        .overtaken, cause: "Something newer came first.", nextStep: "Nothing needs to be done.", mayPass: true)
}
