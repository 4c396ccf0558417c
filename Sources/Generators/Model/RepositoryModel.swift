/// Where a fact was read.
package struct Evidence: Sendable, Hashable, CustomStringConvertible {
    package var path: String
    /// From 1; `nil` when the file's being there is the evidence.
    package var line: Int?

    package init(_ path: String, _ line: Int? = nil) {
        self.path = path
        self.line = line
    }

    package var description: String { line.map { "\(path):\($0)" } ?? path }
}

/// A value and why we hold it.
package struct Sourced<Value: Sendable & Hashable>: Sendable, Hashable {
    package var value: Value
    package var because: Evidence

    package init(_ value: Value, _ because: Evidence) {
        self.value = value
        self.because = because
    }
}

package enum Language: String, Sendable, Hashable, CaseIterable {
    case node, deno, python, go, rust, java, kotlin, ruby, php, dotnet, swift, elixir, c, cpp, html

    /// As people write it.
    package var name: String {
        switch self {
        case .node: "JavaScript"
        case .deno: "Deno"
        case .python: "Python"
        case .go: "Go"
        case .rust: "Rust"
        case .java: "Java"
        case .kotlin: "Kotlin"
        case .ruby: "Ruby"
        case .php: "PHP"
        case .dotnet: ".NET"
        case .swift: "Swift"
        case .elixir: "Elixir"
        case .c: "C"
        case .cpp: "C++"
        case .html: "static site"
        }
    }
}

package enum PackageManager: String, Sendable, Hashable, CaseIterable {
    case npm, pnpm, yarnClassic = "yarn", yarnBerry = "yarn-berry", bun, deno, pip, poetry, uv, pipenv, pdm, go, cargo, maven, gradle,
        bundler
    case composer, nuget, swiftpm, mix, cmake, meson, autotools, make, none
}

/// What a component is for: decides between a matrix of versions and one version.
package enum ComponentRole: String, Sendable, Hashable {
    case library, application
}

/// A shell command of one step.
package struct ComponentCommand: Sendable, Hashable {
    package enum Purpose: String, Sendable, Hashable, CaseIterable {
        case install, lint, typecheck, build
        /// What the tests find made before they begin, e.g. the tables of a database.
        case prepare
        case test
    }

    package var purpose: Purpose
    package var line: String
    package var because: Evidence
    /// Commands that bring what this one calls and the job does not have.
    package var tools: [String] = []

    package init(_ purpose: Purpose, _ line: String, _ because: Evidence, tools: [String] = []) {
        self.purpose = purpose
        self.line = line
        self.because = because
        self.tools = tools
    }
}

/// A command that was found and not taken, because it could only fail.
package struct LeftOutCommand: Sendable, Hashable {
    package var line: String
    package var because: Evidence
    package var reason: String
}

/// Something the tests need running.
package struct ServiceNeed: Sendable, Hashable {
    package var name: String
    /// Kind of server, e.g. `postgres`.
    package var start: String
    package var because: Evidence
    /// The compose file, from the component's folder; `nil` where `plain` is all there is.
    package var file: String?
    /// The port to publish, where the compose file does not.
    package var publish: Int?
    /// Words that ask the server whether it answers, where the compose file has none.
    package var health: [String] = []
    /// A server that no compose file brings up.
    package var plain: PlainServer?
    /// Its kind is one that applications have beside them, not only something that a test talks to.
    package var isKnown = true
}

/// A server that is an image with plain settings.
package struct PlainServer: Sendable, Hashable {
    package var image: String
    package var environment: [EnvironmentVariable] = []
    /// `outside:inside`.
    package var ports: [String] = []

    /// Ports of the machine.
    var outside: [Substring] { ports.compactMap { $0.split(separator: ":").first } }
}

/// What the commands of a job are told.
package struct EnvironmentVariable: Sendable, Hashable {
    package var name: String
    package var value: String
    package var because: Evidence
}

/// One buildable part of a repository.
package struct Component: Sendable, Hashable {
    /// Folder relative to the root; empty for the root itself.
    package var path: String
    package var language: Sourced<Language>
    package var packageManager: Sourced<PackageManager>
    package var role: Sourced<ComponentRole>
    /// Version of the language the repository names, e.g. `3.12`, `>=18`.
    package var version: Sourced<String>?
    /// File a setup action can read the version from, relative to the root.
    package var versionFile: String?
    /// Versions to test a library with, oldest first.
    package var matrix: Sourced<[String]>?
    package var lockFile: String?
    package var commands: [ComponentCommand] = []
    package var services: [ServiceNeed] = []
    /// How the application is told of its services.
    package var environment: [EnvironmentVariable] = []
    package var leftOut: [LeftOutCommand] = []
    /// Port the application listens on.
    package var port: Sourced<Int>?
    /// Command that starts the application.
    package var start: Sourced<[String]>?
    /// What builds its image, where that is not what builds it elsewhere.
    package var imageBuild: [String]?
    /// What a person should know of its image.
    package var imageNotes: [String] = []
    /// Free facts renderers use, e.g. `distribution`, `wrapper`.
    package var traits: [String: String] = [:]
    /// Name for jobs, from the folder or the language.
    package var name: String = ""

    package init(path: String, language: Sourced<Language>, packageManager: Sourced<PackageManager>, role: Sourced<ComponentRole>) {
        self.path = path
        self.language = language
        self.packageManager = packageManager
        self.role = role
    }

    package func commands(_ purpose: ComponentCommand.Purpose) -> [ComponentCommand] { commands.filter { $0.purpose == purpose } }

    package func file(_ name: String) -> String { path.isEmpty ? name : path + "/" + name }
}

/// Evidence that says two things: reported, never guessed.
package struct ModelConflict: Sendable, Hashable {
    package var component: String
    package var field: String
    package var message: String
    package var evidence: [Evidence]
}

package struct RepositoryModel: Sendable {
    package var components: [Component] = []
    package var conflicts: [ModelConflict] = []
    /// Files of interest beside components: Dockerfiles, compose files, existing workflows.
    package var containerFiles: [String] = []
    package var composeFiles: [String] = []
    package var workflowFiles: [String] = []
    /// How much of its submodules a checkout takes along: `true` or `recursive`.
    package var submodules: Sourced<String>?
    package var defaultBranch = "main"
    package var fileCount = 0
    package var skipped: [String] = []
}

extension RepositoryModel {
    /// Takes the branch that `.git/HEAD` names; anything but a plain branch name is ignored.
    package mutating func setDefaultBranch(fromHead text: String) {
        let prefix = "ref: refs/heads/"
        guard text.hasPrefix(prefix) else { return }
        let name = text.dropFirst(prefix.count).prefix { !$0.isNewline }
        if !name.isEmpty, SafeText.path(String(name)), !name.contains("@"), !name.contains("+") { defaultBranch = String(name) }
    }
}
