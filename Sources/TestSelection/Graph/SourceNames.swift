/// What the graph keeps of one file: the names others mean it by, and the names that stand in it, as hashes.
package struct SourceNames: Sendable, Hashable {
    package enum Part: UInt8, Sendable {
        case test, code
        /// Text of another kind: it uses and is used by nobody, but can name what is loaded.
        case other
        /// No text, or more of it than is read.
        case opaque
    }

    package var part: Part
    /// Hashes of `FileHandles`.
    package var handles: [UInt32]
    /// Hashes of what `FileMentions` finds, and of names within one with a `$`; ascending, each once.
    package var mentions: [UInt32]

    package init(part: Part, handles: [UInt32], mentions: [UInt32]) {
        self.part = part
        self.handles = handles
        self.mentions = mentions
    }

    /// - Parameters:
    ///   - text: `nil` for what is no text.
    ///   - part: where it is known; else as the path says.
    package init(_ path: String, text: [UInt8]?, part known: Part? = nil) {
        let part: Part = known ?? (TestFiles.isTest(path) ? .test : FileRole.isCode(path) ? .code : .other)
        // Tests that feed odd bytes to what they test are tests all the same.
        guard let text, part == .test || !text.prefix(8000).contains(0) else {
            self.init(part: .opaque, handles: [], mentions: [])
            return
        }
        let handles = part == .other ? [] : FileHandles(path, text: text).names.map(Self.hash).sorted()
        self.init(part: part, handles: handles, mentions: Self.mentions(in: text))
    }

    static func hash(_ name: String) -> UInt32 { short(Identifiers.hash(name)) }
    @inline(__always) static func short(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash ^ hash >> 32) }

    private static func mentions(in text: [UInt8]) -> [UInt32] {
        var found: [UInt32] = []
        text.withUnsafeBufferPointer { bytes in
            FileMentions.forEachHash(in: bytes) { found.append(short($0)) }
            if bytes.contains(36) { forEachWithinDollars(bytes) { found.append($0) } }
        }
        found.sort()
        var last: UInt32?
        return found.filter { hash in
            defer { last = hash }
            return hash != last
        }
    }

    /// Names bounded by a `$`, which is a part of names in some languages and a separator in others.
    private static func forEachWithinDollars(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UInt32) -> Void) {
        var start = 0
        for place in 0...bytes.count where place == bytes.count || !Mention.isPart(bytes[place]) {
            let touches = place < bytes.count && bytes[place] == 36 || start > 0 && bytes[start - 1] == 36
            if touches, place > start { body(short(Identifiers.hash(bytes, start..<place))) }
            start = place + 1
        }
    }

    /// What must all be mentioned in a text in which the name stands by itself.
    static func marks(of name: String) -> [UInt32] {
        var marks: [UInt32] = []
        var name = name
        name.withUTF8 { bytes in
            var start = 0
            for place in 0...bytes.count where place == bytes.count || !Mention.isPart(bytes[place]) {
                if place > start { marks.append(short(Identifiers.hash(bytes, start..<place))) }
                start = place + 1
            }
        }
        return marks
    }

    /// - Parameter mentions: ascending.
    static func stands(_ mark: UInt32, in mentions: UnsafeBufferPointer<UInt32>) -> Bool {
        var (low, high) = (0, mentions.count)
        while low < high {
            let middle = (low + high) / 2
            if mentions[middle] < mark { low = middle + 1 } else { high = middle }
        }
        return low < mentions.count && mentions[low] == mark
    }
}
