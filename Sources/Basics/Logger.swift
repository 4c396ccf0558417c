/// Structured log lines: a fixed message, facts in metadata with dotted keys.
///
/// Never tokens, diffs or prompts. `Secret` and `UntrustedText` describe themselves harmlessly.
package struct Logger: Sendable {
    package enum Level: String, Sendable, Comparable, CaseIterable, Codable {
        case debug, info, warning, error

        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }
    }

    /// One line as it happened, before any formatting.
    package struct Entry: Sendable {
        package let time: Timestamp
        package let level: Level
        package let message: String
        package let metadata: [String: JSONValue]
    }

    private let minimum: Level
    private let clock: any Clock
    private let context: [String: JSONValue]
    private let sink: @Sendable (Entry) -> Void

    package init(minimum: Level = .info, clock: any Clock = SystemClock(), sink: @escaping @Sendable (Entry) -> Void) {
        self.init(minimum: minimum, clock: clock, context: [:], sink: sink)
    }

    private init(minimum: Level, clock: any Clock, context: [String: JSONValue], sink: @escaping @Sendable (Entry) -> Void) {
        self.minimum = minimum
        self.clock = clock
        self.context = context
        self.sink = sink
    }

    /// The same logger with facts that every line of it carries.
    package func with(_ metadata: [String: JSONValue]) -> Logger {
        Logger(minimum: minimum, clock: clock, context: context.merging(metadata) { $1 }, sink: sink)
    }

    package func debug(_ message: StaticString, _ metadata: @autoclosure () -> [String: JSONValue] = [:]) {
        write(.debug, message, metadata)
    }
    package func info(_ message: StaticString, _ metadata: @autoclosure () -> [String: JSONValue] = [:]) { write(.info, message, metadata) }
    package func warning(_ message: StaticString, _ metadata: @autoclosure () -> [String: JSONValue] = [:]) {
        write(.warning, message, metadata)
    }
    package func error(_ message: StaticString, _ metadata: @autoclosure () -> [String: JSONValue] = [:]) {
        write(.error, message, metadata)
    }

    private func write(_ level: Level, _ message: StaticString, _ metadata: () -> [String: JSONValue]) {
        guard level >= minimum else { return }
        let facts = context.isEmpty ? metadata() : context.merging(metadata()) { $1 }
        sink(Entry(time: clock.now, level: level, message: message.description, metadata: facts))
    }
}

extension Logger {
    /// One JSON object a line on standard error.
    package static func standardError(minimum: Level, redact: @escaping @Sendable (String) -> String) -> Logger {
        Logger(minimum: minimum) { entry in
            var line = entry.metadata
            line["time"] = .string(entry.time.iso8601)
            line["level"] = .string(entry.level.rawValue)
            line["message"] = .string(entry.message)
            StandardStreams.writeError(redact(JSONValue.object(line).text) + "\n")
        }
    }

    /// Keeps nothing: for commands that report by other means.
    package static let silent = Logger { _ in }
}
