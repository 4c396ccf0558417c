import Basics
import Text

/// What came of asking a model about a change.
struct ModelReading: Sendable {
    var model: String?
    var summary: UntrustedText?
    var findings: [Finding] = []
    var coverage = Coverage()
    var usage = ReviewResult.Usage()
    var problems: [String] = []
    /// Of problems with the model, for operators: servers, their answers and what to do.
    var causes: [String] = []
    /// A model was asked, or was to be asked, and no part of the change was read.
    var readNothing = false

    init(model: String) {
        self.model = model
    }

    /// Rules alone: they read every line that was given.
    init(withoutModel change: Change) {
        coverage.files = change.files.count
        coverage.changedLines = change.changedLineCount
        coverage.readLines = change.changedLineCount
        for file in change.files {
            switch file.diff.content {
            case .text, .submodule: continue
            case .binary: coverage.gaps.append(.init(path: file.diff.path, reason: "binary", lines: 0, isIntended: true))
            case .omitted: coverage.gaps.append(.init(path: file.diff.path, reason: "its diff was not given", lines: 0, isIntended: false))
            case .cutOff: coverage.gaps.append(.init(path: file.diff.path, reason: "its diff breaks off", lines: 0, isIntended: false))
            }
        }
    }
}
