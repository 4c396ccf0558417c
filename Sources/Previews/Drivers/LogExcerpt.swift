package import Basics
import Text

/// The part of a log worth quoting: its end, without colours and control characters.
package enum LogExcerpt {
    package static func end(of log: [UInt8], lines: Int = 40, limit: ByteCount = .kibibytes(4)) -> UntrustedText {
        let start = max(0, log.count - limit.bytes)
        let text = String(decoding: ANSIStripper.strip(Array(log[start...])), as: UTF8.self)
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        // The first line is a piece when something was cut off before it.
        let whole = start > 0 ? all.dropFirst() : all[...]
        let kept = whole.suffix(lines + 1).map { line in
            String(String.UnicodeScalarView(line.unicodeScalars.filter { $0 == "\t" || $0.properties.generalCategory != .control }))
        }
        return UntrustedText(kept.joined(separator: "\n"))
    }
}
