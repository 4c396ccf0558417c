import Basics
import Synchronization
import TestSupport

@testable import fettle

/// Keeps what a command prints.
final class RecordedTerminal: Sendable {
    private let texts = Mutex((output: "", error: ""))

    var output: String { texts.withLock { $0.output } }
    var error: String { texts.withLock { $0.error } }

    func context(environment: [String: String] = [:]) -> CommandContext {
        CommandContext(
            environment: environment,
            useColour: false,
            output: { text in self.texts.withLock { $0.output += text } },
            errorOutput: { text in self.texts.withLock { $0.error += text } },
            clock: ManualClock(),
            random: SeededRandom(seed: 1))
    }
}
