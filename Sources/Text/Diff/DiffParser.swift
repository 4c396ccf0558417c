import Basics

/// Reads a diff line by line. A struct with a state, so that every step can be tested and none can trap.
struct DiffParser {
    typealias Line = ArraySlice<UInt8>

    private enum State {
        /// Before the first file, or between files.
        case outside
        /// In the lines between `diff --git` and the first hunk.
        case header
        /// In a hunk that still waits for this many lines on each side.
        case hunk(oldLeft: Int, newLeft: Int)
        /// In the base85 lines of `GIT binary patch`, or in a combined diff, which we do not read.
        case unreadable
    }

    private var diff = UnifiedDiff(files: [])
    private var state = State.outside
    private var file: FileDiff?
    private var hunk: Hunk?
    private var oldNumber = 0
    private var newNumber = 0
    private let patchOnly: Bool

    /// `patchOnly`: the text is the hunks of one file, without its headers.
    init(patchOnly: Bool = false) {
        self.patchOnly = patchOnly
        if patchOnly {
            file = FileDiff(change: .modified, oldPath: nil, newPath: nil)
            state = .header
        }
    }

    /// Splits at LF alone: a CR inside a line belongs to the file's content.
    static func forEachLine(of bytes: [UInt8], _ body: (Line) -> Void) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            body(bytes[start..<end])
            start = end + 1
        }
    }

    mutating func read(_ line: Line) {
        if case .hunk(let oldLeft, let newLeft) = state, readInHunk(line, oldLeft: oldLeft, newLeft: newLeft) { return }
        if line.first == UInt8(ascii: "\\") { return markMissingNewline() }
        if !patchOnly, line.starts(with: "diff --".utf8) { return startFile(line) }
        if line.starts(with: "@@ -".utf8), let header = HunkHeader(line), file != nil { return startHunk(header) }
        if !patchOnly, readHeader(line) { return }
        if case .unreadable = state { return }
        if !line.isEmpty, case .outside = state {} else if !line.isEmpty { diff.skippedLineCount += 1 }
    }

    mutating func finish() -> UnifiedDiff {
        closeFile()
        return diff
    }

    // MARK: Hunks

    /// `true` when the line was taken as part of the hunk. Counts decide, because a removed `-- x` looks like a file header.
    private mutating func readInHunk(_ line: Line, oldLeft: Int, newLeft: Int) -> Bool {
        guard oldLeft > 0 || newLeft > 0 else { return false }
        switch line.first {
        case UInt8(ascii: "+") where newLeft > 0:
            append(.added, line.dropFirst())
            state = .hunk(oldLeft: oldLeft, newLeft: newLeft - 1)
        case UInt8(ascii: "-") where oldLeft > 0:
            append(.removed, line.dropFirst())
            state = .hunk(oldLeft: oldLeft - 1, newLeft: newLeft)
        // Some tools strip the blank that marks an empty context line.
        case UInt8(ascii: " ") where oldLeft > 0 && newLeft > 0, nil where oldLeft > 0 && newLeft > 0,
            UInt8(ascii: "\r") where oldLeft > 0 && newLeft > 0:
            append(.context, line.first == UInt8(ascii: " ") ? line.dropFirst() : line)
            state = .hunk(oldLeft: oldLeft - 1, newLeft: newLeft - 1)
        default:
            return false
        }
        return true
    }

    private mutating func append(_ kind: DiffLine.Kind, _ bytes: Line) {
        let hasReturn = bytes.last == UInt8(ascii: "\r")
        let text = UntrustedText(String(decoding: hasReturn ? bytes.dropLast() : bytes, as: UTF8.self))
        hunk?.lines.append(
            DiffLine(
                kind: kind, oldNumber: kind == .added ? nil : oldNumber, newNumber: kind == .removed ? nil : newNumber, text: text,
                hasCarriageReturn: hasReturn))
        if kind != .added { oldNumber &+= 1 }
        if kind != .removed { newNumber &+= 1 }
    }

    /// `\ No newline at end of file`, in whatever language git speaks.
    private mutating func markMissingNewline() {
        guard let last = hunk?.lines.indices.last else { return }
        hunk?.lines[last].hasNewline = false
    }

    private mutating func startHunk(_ header: HunkHeader) {
        closeHunk()
        hunk = Hunk(
            oldStart: header.oldStart, oldCount: header.oldCount, newStart: header.newStart, newCount: header.newCount,
            section: header.section, lines: [])
        oldNumber = header.oldStart
        newNumber = header.newStart
        state = .hunk(oldLeft: header.oldCount, newLeft: header.newCount)
    }

    private mutating func closeHunk() {
        guard let hunk else { return }
        file?.hunks.append(hunk)
        if !hunk.isComplete, file?.content == .text { file?.content = .cutOff }
        self.hunk = nil
    }

    // MARK: Files

    private mutating func startFile(_ line: Line) {
        closeFile()
        var file = FileDiff(change: .modified, oldPath: nil, newPath: nil)
        if line.starts(with: "diff --git ".utf8) {
            let paths = DiffPath.pair(line.dropFirst("diff --git ".utf8.count))
            file.oldPath = paths?.old
            file.newPath = paths?.new
            state = .header
        } else {
            // `diff --cc` and `diff --combined`: a merge against several parents.
            let space = line.dropFirst("diff --".utf8.count).firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
            let path = DiffPath.decode(line[space...].dropFirst())
            file.oldPath = path
            file.newPath = path
            file.content = .omitted
            state = .unreadable
        }
        self.file = file
    }

    private mutating func closeFile() {
        closeHunk()
        guard var file else { return }
        if file.change == .added { file.oldPath = nil }
        if file.change == .removed { file.newPath = nil }
        if file.content == .text, file.oldMode == "160000" || file.newMode == "160000" { file.content = .submodule }
        if patchOnly || file.oldPath != nil || file.newPath != nil { diff.files.append(file) } else { diff.skippedLineCount += 1 }
        self.file = nil
        state = .outside
    }

    /// `true` when the line was one of git's extended headers or a `---`/`+++` line.
    private mutating func readHeader(_ line: Line) -> Bool {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if line.starts(with: "--- ".utf8) { return readOldName(line.dropFirst(4)) }
        guard file != nil, hunk == nil else { return false }
        for (prefix, take) in Self.headers where line.starts(with: prefix.utf8) {
            take(&self, line.dropFirst(prefix.utf8.count))
            return true
        }
        return false
    }

    private static let headers: [(String, @Sendable (inout DiffParser, Line) -> Void)] = [
        ("+++ ", { $0.readNewName($1) }),
        ("index ", { $0.readIndex($1) }),
        ("old mode ", { $0.file?.oldMode = DiffParser.mode($1) }),
        ("new mode ", { $0.file?.newMode = DiffParser.mode($1) }),
        (
            "new file mode ",
            {
                $0.setChange(.added); $0.file?.newMode = DiffParser.mode($1)
            }
        ),
        (
            "deleted file mode ",
            {
                $0.setChange(.removed); $0.file?.oldMode = DiffParser.mode($1)
            }
        ),
        (
            "rename from ",
            {
                $0.setChange(.renamed); $0.file?.oldPath = DiffPath.decode($1)
            }
        ),
        (
            "rename to ",
            {
                $0.setChange(.renamed); $0.file?.newPath = DiffPath.decode($1)
            }
        ),
        (
            "copy from ",
            {
                $0.setChange(.copied); $0.file?.oldPath = DiffPath.decode($1)
            }
        ),
        (
            "copy to ",
            {
                $0.setChange(.copied); $0.file?.newPath = DiffPath.decode($1)
            }
        ),
        ("similarity index ", { _, _ in }),
        ("dissimilarity index ", { _, _ in }),
        ("Binary files ", { parser, _ in parser.file?.content = .binary }),
        (
            "GIT binary patch",
            { parser, _ in
                parser.file?.content = .binary; parser.state = .unreadable
            }
        ),
    ]

    private mutating func setChange(_ change: FileDiff.Change) { file?.change = change }

    private static func mode(_ bytes: Line) -> String? {
        bytes.count == 6 && bytes.allSatisfy { (48...55).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// `index 1234..5678 100644`: the mode stands here when it did not change.
    private mutating func readIndex(_ rest: Line) {
        guard let space = rest.lastIndex(of: UInt8(ascii: " ")), let mode = Self.mode(rest[space...].dropFirst()) else { return }
        file?.oldMode = mode
        file?.newMode = mode
    }

    /// A `---` line outside a hunk; it opens a file by itself when no `diff` line came before (plain `diff -u`).
    private mutating func readOldName(_ rest: Line) -> Bool {
        if file == nil || hunk != nil {
            closeFile()
            file = FileDiff(change: .modified, oldPath: nil, newPath: nil)
            state = .header
        }
        guard let name = DiffPath.header(rest) else { return true }
        switch name {
        case .none: setChange(.added)
        case .path(let path): file?.oldPath = path
        }
        return true
    }

    private mutating func readNewName(_ rest: Line) {
        guard let name = DiffPath.header(rest) else { return }
        switch name {
        case .none: setChange(.removed)
        case .path(let path): file?.newPath = path
        }
    }
}
