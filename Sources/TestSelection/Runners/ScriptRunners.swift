/// Source: docs.pytest.org, "How to invoke pytest"
enum Pytest: FileRunner {
    static let name = "pytest"
    static let endings: Set<String> = ["py"]
    static let wholeCommand = ["python3", "-m", "pytest"]
    static let dividesFiles = true

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.hasEnding("py") }

    static var selectedCommand: [String] { wholeCommand }
}

/// Source: jestjs.io/docs/cli (runTestsByPath)
enum Jest: FileRunner {
    static let name = "jest"
    static let endings: Set<String> = ["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue"]
    static let wholeCommand = ["npx", "jest"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.mentions("jest", in: "package.json")
            || repository.has("jest.config.js", "jest.config.ts", "jest.config.mjs", "jest.config.cjs")
    }

    static let selectedCommand = ["npx", "jest", "--runTestsByPath"]
}

/// Source: vitest.dev/guide/cli
enum Vitest: FileRunner {
    static let name = "vitest"
    static let endings = Jest.endings
    static let wholeCommand = ["npx", "vitest", "run"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.mentions("vitest", in: "package.json") || repository.has("vitest.config.ts", "vitest.config.js", "vitest.config.mts")
    }

    static var selectedCommand: [String] { wholeCommand }
}

/// Source: nodejs.org/api/test.html, "Running tests from the command line"
enum NodeTest: FileRunner {
    static let name = "node"
    static let endings: Set<String> = ["js", "mjs", "cjs"]
    static let wholeCommand = ["node", "--test"]
    static var selectedCommand: [String] { wholeCommand }

    static func isUsed(_ repository: RunnerEvidence) -> Bool { repository.mentions("node --test", in: "package.json") }
}

/// Source: mochajs.org, "Command-Line Usage"
enum Mocha: FileRunner {
    static let name = "mocha"
    static let endings = Jest.endings
    static let wholeCommand = ["npx", "mocha"]
    static var selectedCommand: [String] { wholeCommand }

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.mentions("mocha", in: "package.json") || repository.has(".mocharc.json", ".mocharc.yml", ".mocharc.js", ".mocharc.cjs")
    }
}

/// Source: rspec.info/documentation, command line
enum RSpec: FileRunner {
    static let name = "rspec"
    static let endings: Set<String> = ["rb"]
    static let wholeCommand = ["bundle", "exec", "rspec"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.has(".rspec", "spec/spec_helper.rb") || repository.mentions("rspec", in: "Gemfile")
    }

    static var selectedCommand: [String] { wholeCommand }
}

/// Source: docs.phpunit.de, "The Command-Line Test Runner" (`--filter` matches `Class::method`)
enum PHPUnit: TestRunner {
    static let name = "phpunit"
    static let endings: Set<String> = ["php", "phpt"]
    static let wholeCommand = ["vendor/bin/phpunit"]

    static func isUsed(_ repository: RunnerEvidence) -> Bool {
        repository.has("phpunit.xml", "phpunit.xml.dist") || repository.mentions("phpunit", in: "composer.json")
    }

    static func commands(for units: [RunnableUnit]) -> [[String]] {
        let classes = units.map { unit in
            unit.isFile ? FileName.stem(unit.name) : String(unit.name.split(separator: "\\").last ?? Substring(unit.name))
        }
        return classes.isEmpty ? [] : [wholeCommand + ["--filter", "\\b(\(Alternatives.of(classes)))::"]]
    }
}
