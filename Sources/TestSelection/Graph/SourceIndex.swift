/// The files of one tree, and of each the names that stand in it: kept between runs, what did not change is not read again.
///
/// A directory is known by its path and its tree's id, a file by its path and its content's id, so that an entry is never wrong, only
/// absent. Files stand in git's order, so that all below a directory stand together.
package struct SourceIndex: Sendable {
    package enum Kind: UInt8, Sendable { case file, executable, link, submodule }

    /// The id of a Git object. Its words and no pointer, so that many lie in one piece.
    package struct Digest: Sendable, Hashable, BitwiseCopyable {
        private var words: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)

        fileprivate init() {}

        /// - Parameter hex: 40 digits; `nil` for anything else.
        package init?(hex: String) {
            guard hex.utf8.count == 40 else { return nil }
            var digits = hex.utf8.makeIterator()
            withUnsafeMutableBytes(of: &words) { bytes in
                for place in bytes.indices { bytes[place] = Self.value(digits.next()) << 4 | Self.value(digits.next()) }
            }
        }

        private static func value(_ digit: UInt8?) -> UInt8 {
            guard let digit else { return 0 }
            return (digit >= 97 ? digit &- 87 : digit &- 48) & 15
        }

        package var hex: String {
            withUnsafeBytes(of: words) { bytes in
                String(decoding: bytes.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] }, as: UTF8.self)
            }
        }

        private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

        package static func == (a: Self, b: Self) -> Bool { a.words == b.words }
        package func hash(into hasher: inout Hasher) {
            hasher.combine(words.0)
            hasher.combine(words.1)
        }
    }

    /// A file. Of 32-bit words only, without gaps: it is kept on disk as it lies in memory.
    struct File: Sendable, BitwiseCopyable {
        var content: Digest
        var pathHash: UInt32
        var path: UInt32
        var pathLength: UInt32
        var names: UInt32 = 0
        var handles: UInt32 = 0
        var mentions: UInt32 = 0
        var terms: UInt32 = 0
        var nameTerms: UInt32 = 0
        var wordTerms: UInt32 = 0
        var nameCount: UInt32 = 0
        var wordCount: UInt32 = 0
        /// Whether its content was seen, its part and its kind.
        var marks: UInt32

        var isRead: Bool { marks >> 16 & 1 == 1 }
        var part: SourceNames.Part { isRead ? SourceNames.Part(rawValue: UInt8(truncatingIfNeeded: marks)) ?? .opaque : .opaque }
        var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: marks >> 8)) ?? .file }

        init(content: Digest, pathHash: UInt32, path: UInt32, pathLength: UInt32, kind: Kind) {
            self.content = content
            self.pathHash = pathHash
            self.path = path
            self.pathLength = pathLength
            marks = UInt32(kind.rawValue) << 8
        }

        mutating func setRead(_ part: SourceNames.Part) { marks = marks & 0xFF00 | 1 << 16 | UInt32(part.rawValue) }
    }

    /// A directory, with what lies below it at any depth.
    struct Directory: Sendable, BitwiseCopyable {
        var tree: Digest
        var path: UInt32
        var pathLength: UInt32
        var firstFile: UInt32
        var endFile: UInt32
        /// The place after its last directory below; those below follow it.
        var end: UInt32
    }

    var files: [File] = []
    /// The root first, where it was read from a tree.
    var directories: [Directory] = []
    var paths: [UInt8] = []
    /// Of each file its handles, then its mentions.
    var names: [UInt32] = []
    /// Of each test its `TestTerms`.
    var terms: [UInt64] = []

    package init() {}

    package var count: Int { files.count }

    package func kind(_ place: Int) -> Kind { files[place].kind }
    package func content(_ place: Int) -> Digest { files[place].content }
    /// `opaque` where nothing is known.
    package func part(_ place: Int) -> SourceNames.Part { files[place].part }
    package func path(_ place: Int) -> String { withPath(place) { String(decoding: $0, as: UTF8.self) } }

    /// Where the file stands; `nil` when there is none of that path.
    package func place(of path: String) -> Int? {
        let hash = SourceNames.hash(path)
        return files.firstIndex { $0.pathHash == hash && string($0.path, $0.pathLength) == path }
    }

    func string(_ start: UInt32, _ length: UInt32) -> String {
        String(decoding: paths[Int(start)..<Int(start) + Int(length)], as: UTF8.self)
    }

    /// Calls `body` with the bytes of a path, without copying them.
    package func withPath<Result>(_ place: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let file = files[place]
        let start = Int(file.path)
        return paths.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + Int(file.pathLength)])) }
    }

    /// Calls `body` with the handles and the mentions of one file, without copying them.
    func withNames<Result>(
        of place: Int, _ body: (SourceNames.Part, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Result
    ) -> Result {
        let file = files[place]
        let start = Int(file.names)
        let middle = start + Int(file.handles)
        return names.withUnsafeBufferPointer { all in
            body(
                file.part, UnsafeBufferPointer(rebasing: all[start..<middle]),
                UnsafeBufferPointer(rebasing: all[middle..<middle + Int(file.mentions)]))
        }
    }

    /// What ranking asks of a test's text; without copying it.
    struct Terms {
        var names: UnsafeBufferPointer<UInt64>
        var words: UnsafeBufferPointer<UInt64>
        var nameCount: Int
        var wordCount: Int
    }

    func withTerms<Result>(of place: Int, _ body: (Terms) -> Result) -> Result {
        let file = files[place]
        let start = Int(file.terms)
        let middle = start + Int(file.nameTerms)
        return terms.withUnsafeBufferPointer { all in
            body(
                Terms(
                    names: UnsafeBufferPointer(rebasing: all[start..<middle]),
                    words: UnsafeBufferPointer(rebasing: all[middle..<middle + Int(file.wordTerms)]), nameCount: Int(file.nameCount),
                    wordCount: Int(file.wordCount)))
        }
    }

    package func names(_ place: Int) -> SourceNames {
        withNames(of: place) { SourceNames(part: $0, handles: Array($1), mentions: Array($2)) }
    }

    /// Files whose content was not here to be read.
    package var unread: [Int] { files.indices.filter { !files[$0].isRead } }

    /// Where links stand that look like tests.
    package var linkedTests: [String] {
        files.indices.filter { files[$0].kind == .link }.map(path).filter(TestFiles.isTest)
    }

    /// Where the tests stand: by what was seen of them, and by their names where too much is in them to be read.
    package var tests: [Int] {
        files.indices.filter { place in
            guard files[place].kind == .file || files[place].kind == .executable else { return false }
            let part = files[place].part
            return part == .test || part == .opaque && TestFiles.isTest(path(place))
        }
    }
}

extension SourceIndex {
    /// An index of texts at hand. Who calls some of them tests knows better than their names do.
    init(tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])]) {
        var update = SourceIndexUpdate(SourceIndex())
        for (number, file) in (tests + sources).enumerated() {
            let place = update.add(file.path, kind: .file, content: Digest())
            let part: SourceNames.Part = number < tests.count ? .test : FileRole.isCode(file.path) ? .code : .other
            update.fill(place, SourceNames(file.path, text: file.text, part: part), terms: part == .test ? TestTerms(file.text) : nil)
        }
        self = update.finished()
    }
}
