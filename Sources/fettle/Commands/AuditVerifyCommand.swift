import Basics
import Jobs

enum AuditVerifyCommand: Command {
    static let description = CommandDescription(
        path: ["audit", "verify"], summary: "prove that no audit row was changed, added or removed",
        options: [
            CommandOption(
                "--log", value: "FILE", repeats: true, help: "the server's log: its checkpoints show when the newest rows were cut off")
        ],
        details: """
            Exit status 1 names the first bad row. Signatures are checked with FETTLE_AUDIT_KEY, or with the key file beside an embedded
            database. The rows of the last second may not be sealed yet.
            """)

    static func run(_ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        let configuration = try Configuration.load(environment: context.environment)
        let key = try AuditKeyFile.key(for: configuration, mayCreate: false)
        var checkpoints: [AuditCheckpoint] = []
        for path in arguments.values("--log") { checkpoints += try Self.checkpoints(in: path) }
        let sealed = try await OperatorDatabase.with(OperatorDatabase.open(configuration)) { try await AuditLog(database: $0).sealed() }
        if key == nil { context.complain("no key: signatures are not checked") }
        switch AuditChain.verify(rows: sealed.rows, checkpoints: sealed.checkpoints + checkpoints, key: key) {
        case .sound(let rows, let count):
            context.print("sound: \(Count.of(rows, "row")), \(Count.of(count, "checkpoint"))")
            return .done
        case .broken(let row, let reason):
            context.print(row.map { "broken at row \($0): \(reason)" } ?? "broken: \(reason)")
            return .findings
        }
    }

    /// Lines that are no checkpoint, and lines that are no JSON, are other people's.
    private static func checkpoints(in path: String) throws -> [AuditCheckpoint] {
        try InputFile.read(path, limit: 1 << 30).split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard case .object(let members)? = try? JSONValue(parsing: line) else { return nil }
            return AuditCheckpoint(logLine: members)
        }
    }
}
