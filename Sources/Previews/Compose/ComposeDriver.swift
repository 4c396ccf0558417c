import Basics
import FoundationEssentials
package import Subprocess

/// A compose file on this machine, run by docker or podman: one project for each preview, its port allotted by us.
package struct ComposeDriver: PreviewDriver {
    package let kind = PreviewSettings.Driver.compose

    /// What we write on containers, to know them again.
    static let label = "fettle.preview"

    package struct Provider: Sendable, Hashable {
        /// E.g. `docker compose` or `podman-compose`.
        package let compose: [String]
        /// `docker` or `podman`.
        package let engine: String

        package init(compose: [String], engine: String) {
            self.compose = compose
            self.engine = engine
        }
    }

    private let provider: Provider
    private let runner: any CommandRunner
    private let folders: PreviewFolders
    private let ports: PortAllotment
    private let route: any PreviewRoute
    private let environment: [String: String]
    private let deadline: Duration

    /// - Parameter environment: what the engine needs to find its socket and its storage; given to the engine, not to containers.
    package init(
        provider: Provider, runner: any CommandRunner, folders: PreviewFolders, ports: PortAllotment, route: any PreviewRoute,
        environment: [String: String], deadline: Duration = .seconds(600)
    ) {
        self.provider = provider
        self.runner = runner
        self.folders = folders
        self.ports = ports
        self.route = route
        self.environment = environment
        self.deadline = deadline
    }

    private static let usualNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"]
    private static let renderedName = ".fettle-compose.json"

    package func up(_ order: PreviewOrder) async throws(PreviewFailure) -> PreviewAddress {
        guard let checkout = order.checkout else { throw .overtaken }
        let file = try ComposeFile(
            parsing: try source(order, checkout), wishes: order.settings.compose, hidden: Set(environment.keys))
        if let path = file.paths.sorted().first(where: { folders.leadsOut($0, of: checkout) }) {
            throw PreviewFailure(
                .misconfigured, cause: "The path `\(path.prefix(80))` of the compose file leads out of the repository.",
                nextStep: "Replace the link by what it points to.")
        }
        let port = try ports.port(for: order.preview, in: folders)
        let text = file.rendered(for: order.preview, address: ports.address, published: port)
        do { try Data(text.utf8).write(to: URL(filePath: checkout + "/" + Self.renderedName)) } catch {
            throw PreviewFailure(
                .unavailable, cause: "The compose file could not be written.", nextStep: "Make room on the disk.", mayPass: true)
        }
        let words = ["-p", order.preview.slug, "-f", Self.renderedName, "up", "--detach", "--build", "--remove-orphans"]
        do {
            _ = try await compose(words, in: checkout, order.variables)
        } catch {
            if error.kind == .portConflict { ports.forget(order.preview, in: folders) }
            throw error
        }
        try await waitUntilItAnswers(order.preview, port)
        return try await route.publish(order, port: port, address: ports.address)
    }

    package func down(_ order: PreviewOrder) async throws(PreviewFailure) {
        try await route.withdraw(order.preview)
        let ids = try await containers(of: order.preview)
        if !ids.isEmpty { _ = try await engine(["rm", "--force", "--volumes"] + ids) }
        let project = "label=com.docker.compose.project=\(order.preview.slug)"
        for thing in ["volume", "network"] {
            let names = try await engine([thing, "ls", "--quiet", "--filter", project]).split(separator: "\n").map(String.init)
            if !names.isEmpty { _ = try await engine([thing, "rm"] + names) }
        }
        ports.forget(order.preview, in: folders)
    }

    package func existing() async throws(PreviewFailure) -> Set<PreviewIdentity>? {
        let ids = try await engine(["ps", "--all", "--quiet", "--filter", "label=\(Self.label)"]).split(separator: "\n").map(String.init)
        if ids.isEmpty { return [] }
        let labels = try await engine(["inspect", "--format", "{{ index .Config.Labels \"\(Self.label)\" }}"] + ids)
        return Set(labels.split(separator: "\n").compactMap { PreviewIdentity(String($0)) })
    }

    // MARK: Parts

    private func source(_ order: PreviewOrder, _ checkout: String) throws(PreviewFailure) -> [UInt8] {
        let names = order.settings.compose.file.map { [$0] } ?? Self.usualNames
        for name in names {
            if let path = folders.path(name, inside: checkout), let data = FileManager.default.contents(atPath: path) { return Array(data) }
        }
        throw PreviewFailure(
            .misconfigured, cause: "There is no compose file: \(names.joined(separator: ", ")).",
            nextStep: "Add one, or name it as `preview.compose.file` on the base branch.")
    }

    private func containers(of preview: PreviewIdentity) async throws(PreviewFailure) -> [String] {
        let filter = "label=\(Self.label)=\(preview)"
        return try await engine(["ps", "--all", "--quiet", "--filter", filter]).split(separator: "\n").map(String.init)
    }

    /// Until the port takes a connection, or a container gives up.
    private func waitUntilItAnswers(_ preview: PreviewIdentity, _ port: Int) async throws(PreviewFailure) {
        for _ in 0..<120 {
            if ports.answers(port) { return }
            let states = try await states(of: preview)
            if let bad = states.first(where: { $0.hasPrefix("restarting") || $0.hasPrefix("exited") || $0.hasPrefix("dead") }) {
                throw PreviewFailure(
                    .crashLoop, cause: "A container does not stay up (\(bad.prefix(40))).",
                    nextStep: "Read its last lines, mend what it complains about, and push.", excerpt: try await logs(of: preview))
            }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { throw .overtaken }
        }
        throw PreviewFailure(
            .timedOut, cause: "Nothing answered on the published port within a minute.",
            nextStep: "Check that the service listens on 0.0.0.0 and on the port that the compose file names.",
            excerpt: try await logs(of: preview))
    }

    private func states(of preview: PreviewIdentity) async throws(PreviewFailure) -> [String] {
        let ids = try await containers(of: preview)
        if ids.isEmpty { return [] }
        return try await engine(["inspect", "--format", "{{ .State.Status }} {{ .State.ExitCode }}"] + ids).split(separator: "\n").map(
            String.init)
    }

    private func logs(of preview: PreviewIdentity) async throws(PreviewFailure) -> UntrustedText {
        var text = ""
        for id in try await containers(of: preview).prefix(5) { text += try await engine(["logs", "--tail", "20", id], withErrors: true) }
        return LogExcerpt.end(of: Array(text.utf8))
    }

    private func compose(_ words: [String], in place: String, _ variables: [String: String]) async throws(PreviewFailure) -> String {
        try await run(provider.compose + words, in: place, withErrors: false, variables)
    }

    private func engine(_ words: [String], withErrors: Bool = false) async throws(PreviewFailure) -> String {
        try await run([provider.engine] + words, in: nil, withErrors: withErrors)
    }

    private func run(_ words: [String], in place: String?, withErrors: Bool, _ variables: [String: String] = [:])
        async throws(PreviewFailure) -> String
    {
        guard let program = words.first else { throw .overtaken }
        let invocation = Invocation(
            program, Array(words.dropFirst()), environment: environment.merging(variables) { $1 }, workingDirectory: place,
            deadline: deadline,
            outputLimit: .mebibytes(16))
        let done: Completion
        do { done = try await runner.run(invocation) } catch {
            switch error {
            case .cancelled: throw .overtaken
            case .timedOut:
                throw PreviewFailure(
                    .timedOut, cause: "`\(program)` took longer than \(deadline.components.seconds) s.", nextStep: "Make the build faster.")
            default:
                throw PreviewFailure(
                    .unavailable, cause: "`\(program)` cannot be run here: \(error).",
                    nextStep: "The operator installs it or names another.",
                    mayPass: true)
            }
        }
        guard done.succeeded else { throw ComposeFailure.explained(done, program: program) }
        return String(decoding: done.output + (withErrors ? done.errorOutput : []), as: UTF8.self)
    }
}
