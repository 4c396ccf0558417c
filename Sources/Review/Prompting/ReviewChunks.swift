import Basics
import Text

/// What one request to the model shows.
struct ReviewChunk: Sendable {
    var hunks: [PresentedHunk] = []
    var tokens: TokenCount = 0
}

/// Files that no model sees, and why.
struct LeftOut: Sendable, Hashable {
    let file: Int
    let reason: String
}

/// Packs a change into requests: riskier files first, hunk by hunk, every line in exactly one request.
struct ReviewChunks: Sendable {
    private(set) var chunks: [ReviewChunk] = []
    private(set) var leftOut: [LeftOut] = []

    init(_ change: Change, budget: TokenCount, settings: ReviewSettings) {
        let presenter = DiffPresenter(change: change)
        var wanted: [Int] = []
        for (index, file) in change.files.enumerated() {
            if let reason = Self.reasonToLeaveOut(file, settings) {
                leftOut.append(LeftOut(file: index, reason: reason))
            } else {
                wanted.append(index)
            }
        }
        let risks = change.files.map { Self.risk($0) + min(9, 3 * change.repairs[$0.path, default: 0]) }
        for file in wanted.sorted(by: { (risks[$0], -$0) > (risks[$1], -$1) }) {
            let heading = TokenEstimate.tokens(in: presenter.heading(of: file))
            for hunk in presenter.hunks(of: file, largest: TokenCount(max(64, budget.count - heading.count))) { add(hunk, heading, budget) }
        }
    }

    private mutating func add(_ hunk: PresentedHunk, _ heading: TokenCount, _ budget: TokenCount) {
        let last = chunks.indices.last
        let isNewFile = last.map { chunks[$0].hunks.last?.file != hunk.file } ?? true
        let cost = hunk.tokens + (isNewFile ? heading : 0)
        if let last, chunks[last].tokens + cost <= budget || chunks[last].hunks.isEmpty {
            chunks[last].hunks.append(hunk)
            chunks[last].tokens = chunks[last].tokens + cost
        } else {
            chunks.append(ReviewChunk(hunks: [hunk], tokens: hunk.tokens + heading))
        }
    }

    private static func reasonToLeaveOut(_ file: Change.File, _ settings: ReviewSettings) -> String? {
        switch file.diff.content {
        case .binary: return "binary"
        case .submodule: return "another repository's commit"
        case .omitted: return "its diff was not given"
        case .text, .cutOff: break
        }
        if settings.leavesOut(file.path) { return "left out by a path filter" }
        let kind = PathKind(file.path)
        if kind.isLeftOut { return kind.rawValue }
        return file.diff.hunks.isEmpty ? "no lines changed" : nil
    }

    /// Higher is read first.
    private static func risk(_ file: Change.File) -> Int {
        let base =
            switch PathKind(file.path) {
            case .workflow: 5
            case .source: 4
            case .configuration: 3
            case .other, .test: 2
            case .documentation: 1
            case .generated, .vendored: 0
            }
        let words = ["auth", "login", "token", "crypt", "password", "permission", "secur", "payment", "migrat", "admin"]
        let path = file.path.lowercased()
        return base * 10 + (words.contains { path.contains($0) } ? 8 : 0) + min(5, file.diff.addedLineCount / 40)
    }
}
