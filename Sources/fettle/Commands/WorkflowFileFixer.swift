import Basics
import Generators
import Git
import WorkflowLint

/// The changes that `fettle verify workflow --diff` prints and `--fix` writes.
struct WorkflowFileFixer {
    struct File {
        var path: String
        /// As the repository calls it, for a patch.
        var name: String
        var result: FixedWorkflow
    }

    let context: CommandContext
    /// Where the commits behind tags are asked for; `nil` to ask nobody.
    let site: String?

    func fixed(_ files: [WorkflowFiles.File]) async -> [File] {
        var tags: [String: [(name: String, commit: String)]] = [:]
        if site != nil {
            let wanted = files.reduce(into: Set<[String]>()) { $0.formUnion(WorkflowLinter.movableActions(in: $1.bytes, path: $1.path)) }
            for repository in Set(wanted.compactMap(\.first)).sorted() {
                // One that cannot be asked keeps its tag; the others are pinned.
                do { tags[repository] = try await self.tags(of: repository) } catch { context.complain("\(repository): \(error)") }
            }
        }
        let known = tags
        return files.map { file in
            let surroundings = WorkflowSurroundings(of: file.path)
            let pins = Self.pins(surroundings.root)
            let knowledge = FixKnowledge { repository, ref in
                let pin = known[repository].map { ReleaseTag.pin(named: ref, among: $0) } ?? pins.pin(of: repository, at: ref)
                return pin.map { ActionRelease(tag: $0.tag, commit: $0.commit) }
            }
            let result = WorkflowLinter.fixed(file.bytes, path: file.path, options: surroundings.options, knowing: knowledge)
            return File(path: file.path, name: Self.name(of: file.path, below: surroundings.root), result: result)
        }
    }

    /// The repository's own pins come before the built-in ones.
    private static func pins(_ root: String?) -> PinTable {
        let bytes = root.flatMap { try? InputFile.read("\($0)/\(PinTable.path)", limit: 1 << 20) }
        return PinTable.builtIn(with: bytes.flatMap { PinTable(json: $0) } ?? PinTable())
    }

    private static func name(of path: String, below root: String?) -> String {
        if let root, path.hasPrefix(root + "/") { return String(path.dropFirst(root.count + 1)) }
        return path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "/")
    }

    private func tags(of repository: String) async throws -> [(name: String, commit: String)] {
        guard PinTable.isRepository(repository), var base = site?[...] else { return [] }
        while base.hasSuffix("/") { base = base.dropLast() }
        let remote = try GitRemote(url: "\(base)/\(repository)")
        return try await remote.tags(environment: GitEnvironment(inheriting: context.environment)).map { ($0.name, $0.commit.hex) }
    }
}

/// What `--diff` prints: a patch with the reasons between its parts, which `git apply` and `patch` skip, or JSON.
struct WorkflowPatch {
    var files: [WorkflowFileFixer.File]

    func rendered(_ format: String) -> String {
        format == "json" ? String(decoding: json.serialized(pretty: true), as: UTF8.self) + "\n" : text
    }

    private var text: String {
        files.map { file in
            let fixes = file.result.fixes.map { "# \(file.name):\($0.line): \($0.change) [\($0.rule)]\n" }
            let rest = file.result.unfixed.map { "# \(file.name):\($0.line): no change proposed: \($0.reason) [\($0.rule)]\n" }
            return (fixes + rest).joined() + file.result.patch(path: file.name)
        }.joined()
    }

    private var json: JSONValue {
        let entries = files.map { file -> JSONValue in
            [
                "path": .string(file.path), "patch": .string(file.result.patch(path: file.name)),
                "fixes": .array(
                    file.result.fixes.map { ["rule": .string($0.rule), "line": .integer(Int64($0.line)), "change": .string($0.change)] }),
                "unfixed": .array(
                    file.result.unfixed.map { ["rule": .string($0.rule), "line": .integer(Int64($0.line)), "reason": .string($0.reason)] }),
            ]
        }
        return ["version": 1, "patches": .array(entries)]
    }
}
