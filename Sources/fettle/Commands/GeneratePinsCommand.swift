import Basics
import Generators
import Git

/// `fettle generate pins`: which commits the generated workflows pin, and newer ones from the forge.
enum GeneratePinsCommand: Command {
    static let description = CommandDescription(
        path: ["generate", "pins"], summary: "list the pinned actions; with --update ask the forge for newer releases",
        options: [
            CommandOption("--repo", value: "DIR", required: true, help: "the repository whose \(PinTable.path) is read and written"),
            CommandOption("--update", help: "ask for each action's newest release and write \(PinTable.path)"),
            CommandOption("--check", help: "with --update: write nothing; exit status 1 when a pin is behind or a tag was moved"),
            CommandOption("--only", value: "OWNER/NAME", repeats: true, help: "ask for this action alone"),
            CommandOption(
                "--from", value: "URL", default: "https://github.com", help: "site the actions' repositories are on (https, http or file)"),
            CommandOption("--format", choices: ["text", "json"], default: "text", help: "what is printed on standard output"),
        ],
        details: """
            The newest tag of the form v1.2.3 counts; of annotated tags the commit they name. Nothing is written unless every answer came.
            'fettle generate workflow' prefers the pins of \(PinTable.path) to its own.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let folder = arguments.value("--repo") ?? "."
        let (files, _) = try Generate.inspect(folder)
        let written = try table(in: files)
        let held = PinTable.builtIn(with: written)
        guard arguments.flag("--update") else {
            if arguments.flag("--check") { throw UsageError("'--check' goes with '--update'") }
            context.output(PinReport.list(held, isJSON: arguments.value("--format") == "json"))
            return .done
        }
        let actions = try chosen(arguments.values("--only"), among: held)
        let site = arguments.value("--from") ?? ""
        let found = try await newest(of: actions, on: site, environment: GitEnvironment(inheriting: context.environment))
        let update = PinUpdate(holding: held, written: written, found: found)
        let isCheck = arguments.flag("--check")
        if !isCheck, !update.changes.isEmpty { try OutputTree.write(update.table.json, to: PinTable.path, under: folder) }
        context.output(PinReport.update(update, asked: actions.count, isCheck: isCheck, isJSON: arguments.value("--format") == "json"))
        if !update.moved.isEmpty { return .findings }
        return isCheck && !update.changes.isEmpty ? .findings : .done
    }

    private static func table(in files: RepositoryFolder) throws -> PinTable {
        guard let bytes = files.bytes(of: PinTable.path) else { return PinTable() }
        guard let table = PinTable(json: bytes) else {
            throw UsageError("\(PinTable.path) is no table of pins; remove it or restore it")
        }
        return table
    }

    private static func chosen(_ only: [String], among held: PinTable) throws -> [String] {
        if let bad = only.first(where: { !PinTable.isRepository($0) }) { throw UsageError("'\(bad)' is not of the form OWNER/NAME") }
        return (only.isEmpty ? Array(held.pins.keys) : only).sorted()
    }

    /// Four at a time; the first refusal ends it, so that a table is never half new.
    private static func newest(of actions: [String], on site: String, environment: GitEnvironment) async throws -> [String: ActionPin] {
        var base = site[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        let address = String(base)
        return try await withThrowingTaskGroup(of: (String, ActionPin?).self) { group in
            var found: [String: ActionPin] = [:]
            var waiting = actions[...]
            for _ in 0..<4 {
                if let action = waiting.popFirst() { group.addTask { (action, try await newest(of: action, at: address, environment)) } }
            }
            while let (action, pin) = try await group.next() {
                if let pin { found[action] = pin }
                if let action = waiting.popFirst() { group.addTask { (action, try await newest(of: action, at: address, environment)) } }
            }
            return found
        }
    }

    private static func newest(of action: String, at site: String, _ environment: GitEnvironment) async throws -> ActionPin? {
        let tags = try await GitRemote(url: "\(site)/\(action)").tags(environment: environment)
        return ReleaseTag.newest(of: tags.map { ($0.name, $0.commit.hex) })
    }
}

/// What the command prints.
enum PinReport {
    static func list(_ table: PinTable, isJSON: Bool) -> String {
        if isJSON { return table.json }
        return table.pins.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.tag) \($0.value.commit)\n" }.joined()
    }

    static func update(_ update: PinUpdate, asked: Int, isCheck: Bool, isJSON: Bool) -> String {
        if isJSON {
            let changes = update.changes.map { change -> JSONValue in
                [
                    "action": .string(change.action), "old": change.old.map { .string($0.tag) } ?? .null, "new": .string(change.new.tag),
                    "commit": .string(change.new.commit),
                ]
            }
            let document: JSONValue = [
                "version": 1, "asked": .integer(Int64(asked)), "written": .bool(!isCheck && !update.changes.isEmpty),
                "changes": .array(changes), "moved": .array(update.moved.map { .string($0) }),
            ]
            return String(decoding: document.serialized(pretty: true), as: UTF8.self) + "\n"
        }
        let changes = update.changes.map { change in
            "\(change.action): \(change.old?.tag ?? "none") → \(change.new.tag) (\(change.new.commit))\n"
        }
        let warnings = update.moved.map { "warning: \($0); look at it before you trust it\n" }
        let verb = isCheck ? "behind" : "written to \(PinTable.path)"
        let end = changes.isEmpty ? "up to date: \(Count.of(asked, "action")) asked\n" : "\(changes.count) \(verb), \(asked) asked\n"
        return changes.joined() + warnings.joined() + end
    }
}
