import Basics
import FoundationEssentials
import Kubernetes
package import Subprocess
import Text

/// Reads a repository's manifests from its base branch: a file, a folder of files, a compose file, a kustomization (by `kubectl`)
/// or a chart (by `helm`).
package struct ManifestSources: Sendable {
    private let runner: any CommandRunner
    private let folders: PreviewFolders
    private let path: String

    private static let limits = YAMLLimits(bytes: 1 << 20, depth: 40, nodes: 50_000, expandedNodes: 100_000, documents: 200)
    private static let mostFiles = 100

    /// - Parameter path: where `kubectl` and `helm` are looked up.
    package init(runner: any CommandRunner, folders: PreviewFolders, path: String) {
        self.runner = runner
        self.folders = folders
        self.path = path
    }

    func manifests(at name: String, _ order: PreviewOrder, _ parts: ManifestParts, image: String) async throws(PreviewFailure)
        -> RepositoryManifests
    {
        guard let base = order.baseCheckout, let place = folders.path(name, inside: base) else {
            throw PreviewFailure(
                .misconfigured, cause: "There is no `\(name)` on the base branch.",
                nextStep: "Add it there, or name another as `preview.kubernetes.manifests`.")
        }
        var values = order.variables.filter { $0.key != "PREVIEW_DATABASE_URL" }
        values["PREVIEW_IMAGE"] = image
        let files = (try? FileManager.default.contentsOfDirectory(atPath: place))?.sorted()
        if let files, files.contains(where: { ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains($0) }) {
            let text = try await rendered("kubectl", ["kustomize", place], order, "a kustomization")
            return try RepositoryManifests(documents(text, name), order, parts, values: values)
        }
        if let files, files.contains("Chart.yaml") {
            let settings = ["image", "host", "number", "sha"].flatMap { key in
                ["--set-string", "preview.\(key)=\(values["PREVIEW_\(key.uppercased())"] ?? "")"]
            }
            let words = ["template", "preview", place, "--namespace", parts.namespace.text] + settings
            return try RepositoryManifests(
                documents(try await rendered("helm", words, order, "a chart"), name), order, parts, values: values)
        }
        if files == nil, let last = name.split(separator: "/").last, last.hasPrefix("compose.") || last.hasPrefix("docker-compose.") {
            let wishes = PreviewSettings.Compose(service: order.settings.kubernetes.service, port: order.settings.kubernetes.port)
            let bytes = FileManager.default.contents(atPath: place).map(Array.init) ?? []
            let made = ComposeManifests(try ComposeFile(parsing: bytes, wishes: wishes), image: image)
            return try RepositoryManifests(try made.documents(), order, parts, values: values)
        }
        var all: [JSONValue] = []
        let chosen = files.map { list in list.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json") } }
        if let chosen, chosen.count > Self.mostFiles { throw unreadable(name, "more than \(Self.mostFiles) files") }
        for file in chosen.map({ list in list.map { "\(name)/\($0)" } }) ?? [name] {
            guard let path = folders.path(file, inside: base), let data = FileManager.default.contents(atPath: path) else {
                throw unreadable(file, "it cannot be read, or is a link that leads out of the repository")
            }
            all += try documents(Array(data), file)
        }
        return try RepositoryManifests(all, order, parts, values: values)
    }

    private func documents(_ bytes: [UInt8], _ name: String) throws(PreviewFailure) -> [JSONValue] {
        do throws(YAMLError) {
            return try YAML.documents(in: bytes, limits: Self.limits).compactMap { $0.root?.json }
        } catch {
            throw unreadable(name, "line \(error.line): \(error.reason)")
        }
    }

    private func unreadable(_ name: String, _ reason: String) -> PreviewFailure {
        PreviewFailure(
            .misconfigured, cause: "The manifests in `\(name.prefix(200))` are not readable: \(reason).",
            nextStep: "Mend them on the base branch.")
    }

    /// What comes from the base branch is rendered without a cluster, a credential or our environment.
    private func rendered(_ program: String, _ words: [String], _ order: PreviewOrder, _ what: String) async throws(PreviewFailure)
        -> [UInt8]
    {
        let environment = ["PATH": path, "HOME": try folders.home(of: order.preview), "LANG": "C.UTF-8"]
        let invocation = Invocation(program, words, environment: environment, deadline: .seconds(60), outputLimit: .mebibytes(4))
        let done: Completion
        do { done = try await runner.run(invocation) } catch {
            switch error {
            case .cancelled: throw .overtaken
            case .notFound, .notStarted:
                throw PreviewFailure(
                    .misconfigured, cause: "`\(program)`, which renders \(what), is not installed on this server.",
                    nextStep: "The operator installs it, or the repository commits a folder of plain manifests and names that.")
            case .timedOut, .outputTooLarge:
                throw PreviewFailure(
                    .misconfigured, cause: "`\(program)` did not render \(what) within its limits.",
                    nextStep: "Make it smaller, and let it fetch nothing.")
            }
        }
        if done.succeeded { return done.output }
        throw PreviewFailure(
            .misconfigured, cause: "`\(program)` could not render \(what).", nextStep: "Mend what it complains about on the base branch.",
            excerpt: LogExcerpt.end(of: done.errorOutput))
    }
}
