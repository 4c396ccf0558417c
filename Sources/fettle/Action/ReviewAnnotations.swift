import Forge

/// A check's annotations as workflow commands, the gravest first, within what GitHub shows of one step.
///
/// Source: docs.github.com/rest/checks, and the runner's limit of 10 errors, 10 warnings and 10 notices a step
struct ReviewAnnotations: Sendable {
    let commands: [String]
    /// Annotations beyond the limits; the summary has them all.
    let leftOut: Int

    static let limitPerLevel = 10

    init(_ check: CheckDraft) {
        var commands: [String] = []
        var leftOut = 0
        for level in [CheckDraft.Annotation.Level.failure, .warning, .notice] {
            let those = check.annotations.filter { $0.level == level }
            commands += those.prefix(Self.limitPerLevel).map(Self.command)
            leftOut += max(0, those.count - Self.limitPerLevel)
        }
        self.commands = commands
        self.leftOut = leftOut
    }

    private static func command(_ annotation: CheckDraft.Annotation) -> String {
        let level: WorkflowCommands.Level =
            switch annotation.level {
            case .failure: .error
            case .warning: .warning
            case .notice: .notice
            }
        return WorkflowCommands.annotation(
            level, path: annotation.path, lines: annotation.startLine...max(annotation.startLine, annotation.endLine),
            title: annotation.title.text, message: annotation.message.text)
    }
}
