import Basics

/// Lines a runner reads as commands, and lines it must not read so.
///
/// Source: docs.github.com/actions/reference/workflows-and-actions/workflow-commands; escapes as in github.com/actions/toolkit, command.ts
enum WorkflowCommands {
    enum Level: String, Sendable, CaseIterable {
        case error, warning, notice
    }

    static func annotation(_ level: Level, path: String? = nil, lines: ClosedRange<Int>? = nil, title: String, message: String) -> String {
        var properties: [String] = []
        if let path { properties.append("file=\(property(path))") }
        if let lines { properties += ["line=\(lines.lowerBound)", "endLine=\(lines.upperBound)"] }
        properties.append("title=\(property(title))")
        return "::\(level.rawValue) \(properties.joined(separator: ","))::\(message.isEmpty ? data(title) : data(message))"
    }

    /// Hides a value in all later output; each line of it, because that is how output is looked at. Lines under 4 bytes would hide half the log.
    static func masks(_ secret: Secret) -> [String] {
        let lines = secret.reveal().utf8.split { $0 == 10 || $0 == 13 }
        return lines.filter { $0.count >= 4 }.map { "::add-mask::\(data(String(decoding: $0, as: UTF8.self)))" }
    }

    static func group(_ title: String, _ lines: [String]) -> [String] {
        ["::group::\(data(title))"] + lines.map(text) + ["::endgroup::"]
    }

    /// A line for people, whoever wrote it: begins no command, in the present form or the old one.
    static func text(_ line: String) -> String {
        let broken = line.unicodeScalars.map { isLineBreak($0) ? " " : Character($0) }
        let inert = String(broken).replacingExactly("##[", with: "## [")
        let start = inert.unicodeScalars.drop { $0.properties.isWhitespace }
        return start.starts(with: "::".unicodeScalars) ? "| \(inert)" : inert
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        (0x0a...0x0d).contains(scalar.value) || scalar.value == 0x85 || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    private static func data(_ text: String) -> String {
        text.replacingExactly("%", with: "%25").replacingExactly("\r", with: "%0D").replacingExactly("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacingExactly(":", with: "%3A").replacingExactly(",", with: "%2C")
    }
}
