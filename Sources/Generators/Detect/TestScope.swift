/// How much of a project's tests a command of its CI runs: one that runs a part is no answer to a change anywhere.
///
/// Words like `check` and `test` mean other things from tool to tool (`cargo check` runs no test, `gradle check` runs them all), so each
/// package manager has its own reading.
package enum TestScope: Int, Comparable {
    case whole
    /// One package, one file, one group, or a run made for a purpose of its own.
    case part

    package static func < (a: TestScope, b: TestScope) -> Bool { a.rawValue < b.rawValue }

    /// `nil` when the command is no test.
    package static func of(_ line: String, _ manager: PackageManager) -> TestScope? {
        var words = line.split(separator: " ").map(String.init)[...]
        while let first = words.first, first.contains("="), !first.hasPrefix("-") { words = words.dropFirst() }
        guard let program = words.first else { return nil }
        if program == "make" { return make(words.dropFirst()) }
        switch manager {
        case .npm, .pnpm, .yarnClassic, .yarnBerry, .bun: return node(words)
        case .deno: return named(words.dropFirst().first == "task" ? words.dropFirst(2).first : words.dropFirst().first)
        case .pip, .poetry, .uv, .pipenv, .pdm: return python(words)
        case .go: return go(words)
        case .cargo: return cargo(words.dropFirst())
        case .maven: return maven(words.dropFirst())
        case .gradle: return gradle(Array(words.dropFirst()))
        case .bundler: return ruby(words)
        case .composer: return php(words)
        case .swiftpm, .nuget, .mix, .meson:
            guard words.dropFirst().first == "test" || program == "ninja" && words.contains("test") else { return nil }
            return narrows(words, ["--filter", "--only", "--suite"]) ? .part : .whole
        case .cmake, .autotools, .make, .none:
            if ["ctest", "meson", "ninja"].contains(program) { return narrows(words, ["-R", "-L"]) ? .part : .whole }
            return nil
        }
    }

    private static func narrows(_ words: ArraySlice<String>, _ options: Set<String>) -> Bool {
        words.contains { word in options.contains(word) || options.contains { $0.hasPrefix("-") && word.hasPrefix($0 + "=") } }
    }

    /// Variations of the whole.
    private static let endings: Set<String> = [
        "all", "ci", "run", "unit", "units", "app", "race", "cov", "cover", "fast", "short", "quick", "minimal", "full", "pr", "node",
        "only",
        "once", "cli", "local", "suite", "verbose", "python", "py", "go", "js", "php", "unit-ci",
    ]

    /// A script, task or target by its name.
    private static func named(_ name: String?) -> TestScope? {
        guard let name = name?.lowercased() else { return nil }
        if ["test", "tests", "t", "unittest", "unittests", "unit", "tests-all", "citest"].contains(name) { return .whole }
        let parts = name.split { ":-_".contains($0) }.map(String.init)
        guard let mark = parts.firstIndex(where: { ["test", "tests", "unittest", "unittests"].contains($0) }) else { return nil }
        var others = parts
        others.remove(at: mark)
        return others.allSatisfy(endings.contains) ? .whole : .part
    }

    private static func make(_ words: ArraySlice<String>) -> TestScope? {
        if words.contains("-C") { return words.contains { named($0) != nil } ? .part : nil }
        return words.filter { !$0.hasPrefix("-") && !$0.contains("=") }.compactMap { $0 == "check" ? .whole : named($0) }.min()
    }

    private static func node(_ words: ArraySlice<String>) -> TestScope? {
        var words = words.dropFirst()
        if words.first == "run" || words.first == "run-script" || words.first == "exec" { words = words.dropFirst() }
        let program = words.first { !$0.hasPrefix("-") } ?? ""
        let runners: Set<String> = ["vitest", "jest", "mocha", "ava", "tap", "borp", "uvu", "jasmine", "karma"]
        if runners.contains(program) || words.first == "--test" {
            return narrows(words, ["-t", "--project", "-g", "--grep"]) ? .part : .whole
        }
        if ["nx", "turbo", "lerna", "vp"].contains(program) { return words.dropFirst().contains { named($0) == .whole } ? .part : nil }
        if narrows(words, ["--filter", "-F", "--workspace", "-w"]) { return words.contains { named($0) != nil } ? .part : nil }
        return named(program)
    }

    private static func python(_ all: ArraySlice<String>) -> TestScope? {
        var words = all
        let managers: Set<String> = ["uv", "poetry", "pdm", "pipenv", "hatch"]
        if let first = words.first, managers.contains(first) {
            guard words.dropFirst().first == "run" else { return first == "hatch" ? named(words.dropFirst().first) : nil }
            words = words.dropFirst(2).drop { $0.hasPrefix("-") }
            if first == "hatch" { return named(words.first?.split(separator: ":").last.map(String.init)) }
            if words.first == "make" { return make(words.dropFirst()) }
        }
        if words.first == "python" || words.first == "python3" {
            words = words.dropFirst()
            while let option = words.first, option.hasPrefix("-W") || option.hasPrefix("-X") { words = words.dropFirst() }
            if words.first == "-m" { words = words.dropFirst() }
        }
        if words.first == "coverage", let mark = words.firstIndex(of: "-m") { words = words[(mark + 1)...] }
        guard let program = words.first else { return nil }
        let name = DetectionContext.name(of: program)
        switch name {
        case "pytest", "py.test", "unittest", "trial", "nose2", "stestr":
            let isFile = words.dropFirst().contains { $0.hasSuffix(".py") && !$0.hasPrefix("-") }
            return isFile || narrows(words, ["-k"]) ? .part : .whole
        case "manage.py", "django": return words.dropFirst().first == "test" ? .whole : nil
        case "runtests.py", "runtests", "test", "tests", "test.sh", "tests.sh", "run-tests", "run-tests.sh", "run_tests.py", "run_tests.sh":
            return .whole
        default: return nil
        }
    }

    private static func go(_ words: ArraySlice<String>) -> TestScope? {
        guard words.dropFirst().first == "test" else { return nil }
        return words.contains("./...") && !narrows(words, ["-run", "--run", "-bench", "-fuzz"]) ? .whole : .part
    }

    private static func cargo(_ words: ArraySlice<String>) -> TestScope? {
        let words = words.drop { $0.hasPrefix("+") }
        guard ["test", "t"].contains(words.first { !$0.hasPrefix("-") } ?? "") else { return nil }
        let narrow: Set<String> = [
            "-p", "--package", "--test", "--manifest-path", "--example", "--examples", "--doc", "--lib", "--bin", "--ignored", "--no-run",
            "--bench", "--benches", "--target",
        ]
        return narrows(words, narrow) ? .part : .whole
    }

    private static func maven(_ words: ArraySlice<String>) -> TestScope? {
        guard words.contains(where: { ["test", "verify", "install", "package"].contains($0) }) else { return nil }
        if words.contains(where: { $0.hasPrefix("-DskipTests") || $0 == "-Dmaven.test.skip=true" }) { return nil }
        return narrows(words, ["-pl", "--projects", "-Dtest"]) ? .part : .whole
    }

    private static func gradle(_ words: [String]) -> TestScope? {
        var tasks: [String] = []
        var index = 0
        while index < words.count {
            if words[index] == "-x" || words[index] == "--exclude-task" {
                if index + 1 < words.count, ["test", "check", "allTests", "jvmTest"].contains(words[index + 1]) { return nil }
                index += 2
                continue
            }
            if !words[index].hasPrefix("-") { tasks.append(words[index]) }
            index += 1
        }
        if tasks.contains(where: { ["test", "check", "build", "allTests", "jvmTest"].contains($0) }) { return .whole }
        return tasks.contains { $0.lowercased().hasSuffix("test") || $0.hasSuffix(":check") } ? .part : nil
    }

    private static func ruby(_ all: ArraySlice<String>) -> TestScope? {
        var words = all
        if words.first == "bundle", words.dropFirst().first == "exec" { words = words.dropFirst(2) }
        if words.first == "make" { return make(words.dropFirst()) }
        guard let program = words.first.map({ DetectionContext.name(of: $0) }) else { return nil }
        let rest = words.dropFirst().filter { !$0.hasPrefix("-") && !$0.contains("=") }
        switch program {
        case "rspec": return rest.isEmpty || rest == ["spec"] ? .whole : .part
        case "rails": return rest.first == "test" || rest.first == "test:all" || rest.first == "spec" ? .whole : nil
        case "rake":
            let heads = rest.map { String($0.split(separator: ":").first ?? "") }
            if rest.isEmpty || rest.contains(where: { ["default", "test", "spec", "tests", "ci", "test:all"].contains($0) }) {
                return .whole
            }
            return heads.contains { ["test", "spec"].contains($0) || named($0) != nil } || rest.contains { named($0) != nil } ? .part : nil
        default: return nil
        }
    }

    private static func php(_ all: ArraySlice<String>) -> TestScope? {
        var words = all
        if words.first == "composer" {
            words = words.dropFirst().drop { $0.hasPrefix("-") }
            if ["run", "run-script"].contains(words.first ?? "") { return named(words.dropFirst().first { !$0.hasPrefix("-") }) }
            if words.first != "exec" { return named(words.first) }
            words = words.dropFirst().drop { $0.hasPrefix("-") }
        }
        if words.first == "php" { words = words.dropFirst().drop { $0.hasPrefix("-") } }
        guard let program = words.first.map({ DetectionContext.name(of: $0) }) else { return nil }
        if program == "artisan" { return words.dropFirst().first == "test" ? .whole : nil }
        guard ["phpunit", "pest", "simple-phpunit", "paratest", "codecept", "kahlan", "phpspec", "tester"].contains(program) else {
            return nil
        }
        return narrows(words, ["--filter", "--group", "--testsuite"]) ? .part : .whole
    }
}
