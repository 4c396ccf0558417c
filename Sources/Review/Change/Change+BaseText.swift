package import Basics
import Text

extension Change.File {
    /// The whole file as the base had it, put together from the head's text and the hunks. Empty for a new file; `nil` where the head's
    /// text was not loaded or the hunks do not fit it.
    package var baseText: UntrustedText? {
        if diff.change == .added { return "" }
        guard let head = headText?.raw.textLines else { return nil }
        var base: [String] = []
        // Lines of the head that are taken.
        var taken = 0
        for hunk in diff.hunks {
            guard let first = hunk.lines.lazy.compactMap(\.newNumber).first, first > taken, first <= head.count + 1 else { return nil }
            base += head[taken..<(first - 1)]
            taken = first - 1
            for line in hunk.lines {
                if line.kind != .added { base.append(line.text.raw) }
                if line.kind != .removed { taken += 1 }
            }
        }
        guard taken <= head.count else { return nil }
        return UntrustedText((base + head[taken...]).joined(separator: "\n"))
    }
}
