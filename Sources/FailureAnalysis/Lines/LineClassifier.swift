package import Text

/// Turns a line's bytes into its traits.
package struct LineClassifier: Sendable {
    package let shapes: ShapeTable
    package let boundaries: BoundaryTable

    package init(shapes: ShapeTable, boundaries: BoundaryTable) {
        self.shapes = shapes
        self.boundaries = boundaries
    }

    package static func standard() throws(PatternError) -> LineClassifier {
        LineClassifier(shapes: try .standard(), boundaries: try BoundaryTable())
    }

    /// `line` is clean: no colours, no time stamp (`LineCleaner`).
    package func traits(of line: UnsafeBufferPointer<UInt8>) -> LineTraits {
        var traits = LineTraits()
        let (indent, start) = Self.indent(of: line)
        traits.indent = indent
        guard start < line.count else {
            traits.flags = .blank
            return traits
        }
        if line.count >= LineSplitter.longest { traits.flags.insert(.cut) }
        let body = UnsafeBufferPointer(rebasing: line[start...])
        traits.signature = Self.signature(of: body)
        traits.mark = boundaries.mark(of: line)
        if traits.mark == .commandEnd || traits.mark == .foldEnd || traits.mark == .foldStart { traits.flags.insert(.chatter) }
        if let shape = shapes.shape(of: line) { traits.shape = UInt8(shape + 1) }
        if Self.isFrame(body, indent: indent) { traits.flags.insert(.frame) }
        if Self.isRuler(body) { traits.flags.insert(.ruler) }
        if Self.announces(body) { traits.flags.insert(.announces) }
        return traits
    }

    private static func indent(of line: UnsafeBufferPointer<UInt8>) -> (UInt8, Int) {
        var width = 0
        var offset = 0
        while offset < line.count {
            switch line[offset] {
            case 32: width += 1
            case 9: width += 4
            default: return (UInt8(min(width, 255)), offset)
            }
            offset += 1
        }
        return (UInt8(min(width, 255)), offset)
    }

    /// FNV-1a over the first 160 bytes, digits left out, runs of `.` and blanks counted once.
    private static func signature(of body: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        var previous: UInt8 = 0
        for byte in body.prefix(160) where byte &- 48 > 9 {
            if byte == previous, byte == 32 || byte == 46 { continue }
            hash = (hash ^ UInt32(byte)) &* 16_777_619
            previous = byte
        }
        return hash
    }

    private static let frameStarts: [StaticString] = [
        "at ", "from ", "... ", "File \"", "in ", "| ", "^", "~", "--> ", "= note", "= help", "=> ", "called from ", "by ", "#",
        "Caused by", "+ ", "note:", "required from", "|",
    ]

    /// Looks only at how the line begins.
    private static func isFrame(_ body: UnsafeBufferPointer<UInt8>, indent: UInt8) -> Bool {
        for start in frameStarts where begins(body, with: start) {
            // `#` and `+ ` begin comments and commands too: a frame has a number behind, or stands indented.
            if start.utf8CodeUnitCount <= 2, indent == 0, body[0] != UInt8(ascii: "^"), body[0] != UInt8(ascii: "|") {
                return body[0] == UInt8(ascii: "#") && body.count > 1 && body[1] &- 48 < 10
            }
            return start.utf8CodeUnitCount > 2 || indent > 0 || body[0] != UInt8(ascii: "#")
        }
        return isLocation(body)
    }

    /// `/src/tests/ParserTest.php:12` or `lib/app.rb:12:in `call'`: a line that is nothing but a place in a file.
    private static func isLocation(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count < 400, let last = body.last else { return false }
        if last == UInt8(ascii: "'") { return isRubyFrame(body) }
        guard last &- 48 < 10, body[0] == UInt8(ascii: "/") else { return false }
        var offset = body.count - 1
        while offset > 0, body[offset] &- 48 < 10 { offset -= 1 }
        return body[offset] == UInt8(ascii: ":") && !body.contains(32)
    }

    private static func isRubyFrame(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        while offset + 4 < body.count, body[offset] != 32 {
            if body[offset] == UInt8(ascii: ":"), body[offset + 1] == UInt8(ascii: "i"), body[offset + 2] == UInt8(ascii: "n"),
                body[offset + 3] == 32
            {
                return true
            }
            offset += 1
        }
        return false
    }

    private static func begins(_ body: UnsafeBufferPointer<UInt8>, with start: StaticString) -> Bool {
        start.withUTF8Buffer { start in
            guard body.count >= start.count else { return false }
            for offset in 0..<start.count where body[offset] != start[offset] { return false }
            return true
        }
    }

    private static func announces(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let end = body.lastIndex(where: { $0 != 32 && $0 != 9 }), end > 3 else { return false }
        return body[end] == UInt8(ascii: ":")
    }

    private static func isRuler(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count >= 8 else { return false }
        var marks = 0
        for byte in body.prefix(120) {
            if byte == UInt8(ascii: "=") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "*") {
                marks += 1
            }
        }
        // `_ _ _ _` only parts the frames of one pytest traceback.
        return marks * 2 > min(body.count, 120) && body[1] != 32
    }
}
