import Text

/// A command line that an existing CI file runs, with where it stands.
struct CICommand {
    var line: String
    var because: Evidence
    /// Folder it runs in, relative to the root; empty for the root.
    var folder: String
    /// Job it belongs to: commands of one job prepare each other.
    var job: String
}

/// Reads the commands of GitHub, Gitea, Forgejo, GitLab, Travis and CircleCI files. Files that fettle wrote say nothing new.
enum CIFiles {
    static func commands(_ context: DetectionContext) -> [CICommand] {
        var found: [CICommand] = []
        for path in context.files.paths where isWorkflow(path) && found.count < mostCommands {
            guard let text = context.text(path), !text.holds(ManagedText.begin), let root = context.tree(path) else { continue }
            if isForChanges(root["on"] ?? root["true"]) { found += workflow(root, path) }
        }
        for path in [".gitlab-ci.yml", ".travis.yml"] {
            if let root = context.tree(path) { found += scripts(root, path) }
        }
        if let root = context.tree(".circleci/config.yml") { found += circle(root, ".circleci/config.yml") }
        return Array(found.prefix(mostCommands))
    }

    private static let mostCommands = 2_000

    static func isWorkflow(_ path: String) -> Bool {
        let folders = [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"]
        return folders.contains(where: path.hasPrefix) && (path.hasSuffix(".yml") || path.hasSuffix(".yaml"))
    }

    /// Runs for pushes or pull requests; releases and schedules do other things.
    private static func isForChanges(_ trigger: YAMLNode?) -> Bool {
        guard let trigger else { return false }
        let names = trigger.string.map { [$0] } ?? trigger.sequence?.compactMap(\.string) ?? trigger.mapping?.compactMap(\.key.text) ?? []
        return names.contains("push") || names.contains("pull_request")
    }

    private static func workflow(_ root: YAMLNode, _ path: String) -> [CICommand] {
        var found: [CICommand] = []
        for pair in root["jobs"]?.mapping ?? [] {
            let job = pair.value
            let runner = job["runs-on"]?.string ?? ""
            // Another system's commands are not for our runner.
            if runner.hasPrefix("windows") || runner.hasPrefix("macos") { continue }
            let preset = (job[path: "defaults", "run"] ?? root[path: "defaults", "run"])?["working-directory"]?.string
            for step in job["steps"]?.sequence ?? [] {
                guard let run = step["run"], let text = run.string else { continue }
                let folder = clean(step["working-directory"]?.string ?? preset ?? "")
                let first = run.start.line + (text.contains("\n") ? 1 : 0)
                for (offset, line) in TextLines.split(text).enumerated() {
                    found.append(
                        CICommand(
                            line: trimmed(line), because: Evidence(path, first + offset), folder: folder, job: path + (pair.key.text ?? ""))
                    )
                }
            }
        }
        return found
    }

    private static func clean(_ folder: String) -> String {
        var text = folder[...]
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        while text.hasSuffix("/") { text = text.dropLast() }
        return text == "." ? "" : String(text)
    }

    /// `script`, `before_script` and `install` of GitLab and Travis, at the top or in a job.
    private static func scripts(_ root: YAMLNode, _ path: String) -> [CICommand] {
        var found: [CICommand] = []
        func add(_ node: YAMLNode, _ job: String) {
            for pair in node.mapping ?? [] where ["before_script", "install", "script"].contains(pair.key.text) {
                for item in pair.value.sequence ?? [pair.value] {
                    guard let text = item.string else { continue }
                    for (offset, line) in TextLines.split(text).enumerated() {
                        found.append(
                            CICommand(line: trimmed(line), because: Evidence(path, item.start.line + offset), folder: "", job: path + job))
                    }
                }
            }
        }
        add(root, "")
        for pair in root.mapping ?? [] { add(pair.value, pair.key.text ?? "") }
        return found
    }

    private static func circle(_ root: YAMLNode, _ path: String) -> [CICommand] {
        var found: [CICommand] = []
        for pair in root["jobs"]?.mapping ?? [] {
            for step in pair.value["steps"]?.sequence ?? [] {
                guard let run = step["run"], let text = run.string ?? run["command"]?.string else { continue }
                let line = (run["command"] ?? run).start.line
                for part in TextLines.split(text) {
                    found.append(
                        CICommand(line: trimmed(part), because: Evidence(path, line), folder: "", job: path + (pair.key.text ?? "")))
                }
            }
        }
        return found
    }

    private static func trimmed(_ line: Substring) -> String {
        var text = line.drop { $0 == " " || $0 == "\t" }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
