import Text

/// Reads the jobs of GitHub, Gitea, Forgejo, GitLab, Travis and CircleCI files. Files that fettle wrote say nothing new.
enum CIFiles {
    static func jobs(_ context: DetectionContext) -> [CIJob] {
        var found: [CIJob] = []
        var count = 0
        func add(_ jobs: [CIJob]) {
            for job in jobs where count < mostCommands {
                count += job.commands.count + job.actions.count
                found.append(job)
            }
        }
        for path in context.files.paths where isWorkflow(path) && count < mostCommands {
            guard let text = context.text(path), !text.holds(ManagedText.begin), let root = context.tree(path) else { continue }
            if isForChanges(root["on"] ?? root["true"]) { add(workflow(root, path, text)) }
        }
        for path in [".gitlab-ci.yml", ".travis.yml"] {
            if let root = context.tree(path) { add(scripts(root, path)) }
        }
        if let root = context.tree(".circleci/config.yml") { add(circle(root, ".circleci/config.yml")) }
        return found
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

    private static func workflow(_ root: YAMLNode, _ path: String, _ text: String) -> [CIJob] {
        var found: [CIJob] = []
        for pair in root["jobs"]?.mapping ?? [] {
            let job = pair.value
            let runner = job["runs-on"]?.string ?? ""
            // Another system's commands are not for our runner.
            if runner.hasPrefix("windows") || runner.hasPrefix("macos") { continue }
            let values = CIValues(job: job, root: root)
            let preset = (job[path: "defaults", "run"] ?? root[path: "defaults", "run"])?["working-directory"]?.string
            let shared = environment(root["env"], values, path).filter { !text.holds("env.\($0.name)") }
            let own = environment(job["env"], values, path)
            var read = CIJob(
                path: path, runner: values.plain(runner, anyLeg: true) ?? "",
                environment: shared.filter { variable in !own.contains { $0.name == variable.name } } + own,
                isContainer: job["container"] != nil)
            for server in job["services"]?.mapping ?? [] {
                if let server = Self.server(server, values, path) { read.servers.append(server) }
            }
            for step in job["steps"]?.sequence ?? [] { add(step, preset ?? "", values, to: &read) }
            found.append(read)
        }
        return found
    }

    private static func add(_ step: YAMLNode, _ preset: String, _ values: CIValues, to job: inout CIJob) {
        let path = job.path
        if let run = step["run"], let text = run.string {
            let folder = clean(step["working-directory"]?.string ?? preset)
            let first = run.start.line + (text.contains("\n") ? 1 : 0)
            let environment = environment(step["env"], values, path)
            for (offset, line) in joined(text) {
                job.commands.append(
                    CICommand(
                        line: line, because: Evidence(path, first + offset), folder: folder, isConditional: step["if"] != nil,
                        environment: environment))
            }
        } else if let uses = step["uses"], let text = uses.string, let at = text.firstIndex(of: "@") {
            var action = CIAction(
                name: String(text[..<at]), reference: String(text[text.index(after: at)...]), because: Evidence(path, uses.start.line),
                folder: "", isConditional: step["if"] != nil)
            for pair in step["with"]?.mapping ?? [] {
                guard let name = pair.key.text, let value = pair.value.string.flatMap({ values.plain($0) }) else { continue }
                action.inputs[name] = Sourced(value, Evidence(path, pair.key.start.line))
            }
            action.folder = clean(action.inputs["working-directory"]?.value ?? "")
            job.actions.append(action)
        }
    }

    /// Lines that the shell reads as one, each with the place of its first.
    private static func joined(_ text: String) -> [(offset: Int, line: String)] {
        var lines: [(offset: Int, line: String)] = []
        var isOpen = false
        for (offset, line) in TextLines.split(text).enumerated() {
            let piece = trimmed(line)
            let part = piece.hasSuffix("\\") ? trimmed(piece.dropLast()) : piece
            if isOpen, let last = lines.indices.last, lines[last].line.utf8.count < 2_000 {
                lines[last].line += " " + part
            } else {
                lines.append((offset, part))
            }
            isOpen = piece.hasSuffix("\\")
        }
        return lines
    }

    /// What is said plainly, or is one turn of the matrix, and is meant for programs: not for the file's own expressions, or for colours.
    private static func environment(_ node: YAMLNode?, _ values: CIValues, _ path: String) -> [EnvironmentVariable] {
        (node?.mapping ?? []).compactMap { pair in
            guard let name = pair.key.text, isForPrograms(name), let text = pair.value.text else { return nil }
            // A version that the matrix gives is another than our job's.
            guard let value = values.plain(text, anyLeg: true), !(text.contains("matrix.") && value.contains(where: \.isNumber)) else {
                return nil
            }
            return EnvironmentVariable(name: name, value: value, because: Evidence(path, pair.key.start.line))
        }
    }

    private static func isForPrograms(_ name: String) -> Bool {
        let others = ["CI", "PATH", "FORCE_COLOR", "CARGO_TERM_COLOR", "PY_COLORS", "TOXENV", "TOX_ENV", "NOXSESSION", "RUSTUP_TOOLCHAIN"]
        let suffixes = ["VERSION", "FLAGS", "_OPTIONS", "_OPTS"]
        let prefixes = ["LC_", "GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_"]
        return !others.contains(name) && !prefixes.contains(where: name.hasPrefix) && !suffixes.contains(where: name.hasSuffix)
            && !name.isEmpty
            && name.utf8.count <= 100 && name.utf8.first.map { !(48...57).contains($0) } ?? false
            && name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || $0 == 95 }
    }

    private static func server(_ pair: YAMLPair, _ values: CIValues, _ path: String) -> CIServer? {
        guard let name = pair.key.text, let image = pair.value["image"], let text = image.string,
            let plain = values.plain(text, anyLeg: true)
        else { return nil }
        let variables: [EnvironmentVariable] = (pair.value["env"]?.mapping ?? []).compactMap { pair in
            guard let name = pair.key.text, let value = pair.value.text.flatMap({ values.plain($0, anyLeg: true) }) else { return nil }
            return EnvironmentVariable(name: name, value: value, because: Evidence(path, pair.key.start.line))
        }
        let ports = (pair.value["ports"]?.sequence ?? []).compactMap { $0.text.flatMap { values.plain($0, anyLeg: true) } }
        return CIServer(
            name: name, image: Sourced(plain, Evidence(path, image.start.line)), environment: variables, ports: ports)
    }

    private static func clean(_ folder: String) -> String {
        var text = folder[...]
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        while text.hasSuffix("/") { text = text.dropLast() }
        return text == "." ? "" : String(text)
    }

    /// `script`, `before_script` and `install` of GitLab and Travis, at the top or in a job.
    private static func scripts(_ root: YAMLNode, _ path: String) -> [CIJob] {
        ([root] + (root.mapping ?? []).map(\.value)).compactMap { node in
            var job = CIJob(path: path)
            for pair in node.mapping ?? [] where ["before_script", "install", "script"].contains(pair.key.text) {
                for item in pair.value.sequence ?? [pair.value] {
                    guard let text = item.string else { continue }
                    job.commands += TextLines.split(text).enumerated().map { offset, line in
                        CICommand(line: trimmed(line), because: Evidence(path, item.start.line + offset), folder: "")
                    }
                }
            }
            return job.commands.isEmpty ? nil : job
        }
    }

    private static func circle(_ root: YAMLNode, _ path: String) -> [CIJob] {
        (root["jobs"]?.mapping ?? []).map { pair in
            var job = CIJob(path: path)
            for step in pair.value["steps"]?.sequence ?? [] {
                guard let run = step["run"], let text = run.string ?? run["command"]?.string else { continue }
                let line = (run["command"] ?? run).start.line
                job.commands += TextLines.split(text).map { CICommand(line: trimmed($0), because: Evidence(path, line), folder: "") }
            }
            return job
        }
    }

    private static func trimmed(_ line: Substring) -> String {
        var text = line.drop { $0 == " " || $0 == "\t" }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
