package import Basics
package import FailureAnalysis
package import Policy

/// Reads logs into accounts, one at a time and off the shared pool: a large log takes a second of a core.
package actor LogReading {
    private static let analyzer = Result { try LogAnalyzer() }

    private let executor = QueueExecutor(label: "fettle.logs")
    private let redactor: Redactor

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(redactor: Redactor) {
        self.redactor = redactor
    }

    /// One account for each cause the log shows; at least one.
    ///
    /// The log's name, e.g. the job's, also tells apart logs that name no cause.
    package func accounts(of log: LogFile) throws -> [FailureAccount] {
        let reports = try Self.analyzer.get().reports(on: log, redactor: redactor)
        return reports.map { FailureAccount($0.isInsufficient ? $0.toldApart(by: log.path) : $0, redactor: redactor) }
    }

    /// The same account told with what earlier runs taught; `nil` when the log shows no such cause.
    package func account(_ fingerprint: String, of log: LogFile, with memory: LogMemory) throws -> FailureAccount? {
        let reports = try Self.analyzer.get().reports(on: log, redactor: redactor, memory: memory)
        return reports.first { $0.fingerprint.hex == fingerprint }.map { FailureAccount($0, redactor: redactor) }
    }

    /// - Parameter causes: first lines of failures that were fixed since.
    package func memory(ofSuccess log: LogFile?, causes: [UntrustedText]) throws -> LogMemory {
        try Self.analyzer.get().memory(ofSuccesses: log.map { [$0] } ?? [], causes: causes)
    }

    /// The account of a failure that has no log: what others said about it, in their words.
    ///
    /// - Parameters:
    ///   - statements: the first is the headline; times, ids and counts in them do not change the fingerprint.
    ///   - notes: what a reader must know, and no part of the cause: that a log is gone or was cut.
    package func account(
        _ name: String, statements: [UntrustedText], notes: [UntrustedText] = [], failureClass: FailureClass
    ) throws -> FailureAccount {
        let report = try Self.analyzer.get().report(source: name, statements: statements, notes: notes, failureClass: failureClass)
        return FailureAccount(report, redactor: redactor)
    }
}
