import Basics
import Crypto
import Forge
import HTTP
import Policy
import SandboxForge

enum DemoCommand: Command {
    static let description = CommandDescription(
        path: ["demo"], summary: "show a signed pull request becoming a review, everything embedded",
        options: [CommandOption("--once", help: "check that the review arrived, then end (also without a terminal)")],
        details: """
            Starts the real server on a free loopback port with SQLite in a temporary folder, and a sandbox forge beside it. A model set by
            FETTLE_LLM_URL and FETTLE_LLM_MODEL is used; without one the built-in rules review alone. On a terminal it stays, for you to look
            at the pages; Ctrl-C ends it.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let signals = TerminationSignals.stream()
        let demo = try Demo(context)
        let stays = !arguments.flag("--once") && StandardStreams.outputIsTerminal()
        return try await demo.run(stays: stays, signals: signals)
    }
}

/// One run of the demo: a sandbox forge, the real service, one pull request.
private struct Demo: Sendable {
    private static let patience = Duration.seconds(180)

    private let context: CommandContext
    private let http = CurlHTTPClient()
    private let forge = SandboxForge()
    private let secret: Secret
    private let folder: ScratchFolder

    init(_ context: CommandContext) throws {
        self.context = context
        secret = Secret(try SecureRandom.hex(bytes: 32))
        folder = try ScratchFolder(prefix: "fettle-demo")
    }

    func run(stays: Bool, signals: AsyncStream<Int32>) async throws -> ExitCode {
        defer { folder.remove() }
        let sandbox = try HTTPServer.start(on: .anyLoopback, handler: forge)
        let configuration = try configuration(forgeURL: "http://\(sandbox.address)")
        let redactor = Redactor(secrets: configuration.secrets)
        // The refusal in step 3 is part of the play, and its warning would only puzzle.
        let logger = Logger.standardError(minimum: .error) { redactor.redact($0).text }
        let service = try await Service(configuration, http: http, clock: context.clock, random: context.random, logger: logger)
        let (stop, stopping) = AsyncStream<Int32>.makeStream()
        let arrived = try await withThrowingTaskGroup(of: Bool?.self) { group in
            let (bound, binding) = AsyncStream<ListenAddress>.makeStream()
            group.addTask {
                try await service.run(until: stop, grace: .seconds(5)) { binding.yield($0) }
                return nil
            }
            group.addTask {
                for await signal in signals { stopping.yield(signal) }
                return nil
            }
            var addresses = bound.makeAsyncIterator()
            guard let address = await addresses.next() else { return false }
            let arrived = try await play(address, configuration)
            if stays, arrived {
                context.print("\nThe pages: http://\(address)/    Ctrl-C ends the demo.")
                _ = try await group.next()
            } else {
                stopping.yield(0)
            }
            group.cancelAll()
            return arrived
        }
        await sandbox.stop(within: .seconds(2))
        return arrived ? .done : .findings
    }

    /// The configured model and nothing else of the operator's surroundings: no real forge is ever written to.
    private func configuration(forgeURL: String) throws -> Configuration {
        let key = try SigningKey.generatePEM(.rs256)
        let kept = context.environment.filter { $0.key.hasPrefix("FETTLE_LLM_") || $0.key.hasPrefix("LITELLM_") }
        let own = [
            "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": "sqlite:\(folder.path)/fettle.sqlite", "FETTLE_GITHUB_URL": forgeURL,
            "FETTLE_GITHUB_APP_ID": "1", "FETTLE_GITHUB_PRIVATE_KEY_FILE": "app.pem", "FETTLE_GITHUB_WEBHOOK_SECRET": secret.reveal(),
        ]
        return try Configuration(environment: kept.merging(own) { $1 }, file: [:]) { _ in key.reveal() }
    }

    /// Sends the pull request, waits for the verdict, prints what the forge shows. `false` when it did not come.
    private func play(_ address: ListenAddress, _ configuration: Configuration) async throws -> Bool {
        guard let pull = SandboxSample.seed(forge),
            let delivery = forge.pullRequestDelivery("opened", pull, id: "demo-1", secret: secret)
        else { return false }
        let hook = "http://\(address)/webhooks/github"
        context.print("1. A pull request is opened on the sandbox forge: \(pull.repository.name)#\(pull.number)")
        let answer = try await forge.send(delivery, to: hook, with: http)
        context.print("2. Its signed delivery (\(delivery.body.count) bytes) is posted to \(hook): \(answer.status)")
        guard answer.status == 202 else { return false }
        let forged = SandboxDelivery.github(event: "pull_request", payload: ["action": "opened"], id: "demo-2", secret: Secret("another"))
        let refusal = try await forge.send(forged, to: hook, with: http)
        context.print("3. A delivery signed with another secret is refused: \(refusal.status)")
        guard refusal.status == 401 else { return false }
        guard let check = try await verdict(pull) else {
            context.complain("the review did not come within \(Int(Self.patience.inSeconds)) s")
            return false
        }
        report(check, pull)
        return try await isQuietOnRepeat(delivery, hook, pull)
    }

    /// Delivers the same again: it must be known, and nothing on the pull request may change.
    private func isQuietOnRepeat(_ delivery: SandboxDelivery, _ hook: String, _ pull: PullRequestReference) async throws -> Bool {
        let before = counts(pull)
        let answer = try await forge.send(delivery, to: hook, with: http)
        let status = (try? JSONValue(parsing: answer.body))?["status"]?.string
        let isQuiet = answer.status == 202 && status == "repeated" && counts(pull) == before
        context.print(
            "\n5. The same delivery again: \(answer.status) \(status ?? ""). \(isQuiet ? "Nothing changed." : "Something changed!")")
        return isQuiet && before.comments > 0
    }

    private func counts(_ pull: PullRequestReference) -> Counts {
        let reviews = forge.reviews(of: pull.number, in: pull.repository.name)
        return Counts(
            checks: forge.checks(in: pull.repository.name).count, reviews: reviews.count, comments: reviews.flatMap(\.comments).count,
            summaries: forge.comments(on: pull.number, in: pull.repository.name).count)
    }

    private struct Counts: Equatable {
        let checks: Int
        let reviews: Int
        let comments: Int
        let summaries: Int
    }

    private func verdict(_ pull: PullRequestReference) async throws -> SandboxCheck? {
        let deadline = context.clock.uptime + Self.patience
        while context.clock.uptime < deadline {
            if let check = forge.checks(in: pull.repository.name).first(where: { $0.status == "completed" }) { return check }
            try await context.clock.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func report(_ check: SandboxCheck, _ pull: PullRequestReference) {
        context.print("4. What the pull request now shows:\n")
        context.print(bold("check “\(check.name)”: \(check.conclusion ?? "-") – \(check.title)"))
        for comment in forge.comments(on: pull.number, in: pull.repository.name) { context.print("\n" + indented(visible(comment.body))) }
        for comment in forge.reviews(of: pull.number, in: pull.repository.name).flatMap(\.comments) {
            context.print("\n" + bold("\(comment.path):\(comment.line)"))
            context.print(indented(visible(comment.body)))
        }
        let made = counts(pull)
        context.print(
            "\n\(Count.of(forge.requests.count, "call")) to the forge: \(Count.of(made.checks, "check")), \(Count.of(made.reviews, "review")), \(Count.of(made.summaries, "summary comment"))."
        )
    }

    /// Without the hidden marks.
    private func visible(_ body: String) -> String {
        body.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("<!--") }.joined(separator: "\n")
            .trimmingNewlines
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  │ \($0)" }.joined(separator: "\n")
    }

    private func bold(_ text: String) -> String { context.useColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}

extension String {
    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
