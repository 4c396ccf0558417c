/// The names of a repository's files, kept between runs: what did not change is not read again.
///
/// An entry is known by its path and by the start of its content's id, so that it is never wrong, only absent.
package struct SourceIndex: Sendable {
    package struct Key: Sendable, Hashable {
        fileprivate let path: UInt64
        fileprivate let content: UInt64

        /// The content's id is a hash already, and tells nearly all apart.
        package func hash(into hasher: inout Hasher) { hasher.combine(content) }

        fileprivate init(_ path: UInt64, _ content: UInt64) {
            self.path = path
            self.content = content
        }

        /// - Parameter content: the id of the content, in hex digits.
        package init(path: String, content: String) {
            self.path = Identifiers.hash(path)
            self.content = content.utf8.prefix(16).reduce(0) { $0 << 4 | UInt64($1 >= 97 ? $1 &- 87 : $1 &- 48) & 15 }
        }
    }

    private struct Place {
        var part: SourceNames.Part
        var start: Int
        var handles: Int
        var mentions: Int
    }

    private var places: [Key: Place] = [:]
    private var pool: [UInt32] = []

    private static let magic: [UInt8] = Array("fettle-index-1\n\0".utf8)
    private static let entrySize = 32
    private static let mostEntries = 4_000_000

    package init() {}

    package var count: Int { places.count }

    package subscript(key: Key) -> SourceNames? {
        guard let place = places[key] else { return nil }
        let middle = place.start + place.handles
        return SourceNames(
            part: place.part, handles: Array(pool[place.start..<middle]), mentions: Array(pool[middle..<(middle + place.mentions)]))
    }

    /// `opaque` where nothing is known.
    package func part(of key: Key) -> SourceNames.Part { places[key]?.part ?? .opaque }

    package func holds(_ key: Key) -> Bool { places[key] != nil }

    package mutating func add(_ names: SourceNames, for key: Key) {
        places[key] = Place(part: names.part, start: pool.count, handles: names.handles.count, mentions: names.mentions.count)
        pool += names.handles
        pool += names.mentions
    }

    // MARK: As a file

    /// What a file holds; empty when it is damaged or of another version: then everything is read anew.
    package init(parsing bytes: [UInt8]) {
        guard bytes.starts(with: Self.magic), bytes.count >= Self.magic.count + 16 else { return }
        bytes.withUnsafeBytes { raw in
            let count = Int(clamping: raw.loadUnaligned(fromByteOffset: Self.magic.count, as: UInt64.self))
            let words = Int(clamping: raw.loadUnaligned(fromByteOffset: Self.magic.count + 8, as: UInt64.self))
            let start = Self.magic.count + 16
            guard count <= Self.mostEntries, words <= raw.count / 4, start + count * Self.entrySize + words * 4 == raw.count else { return }
            var places = [Key: Place](minimumCapacity: count)
            for index in 0..<count {
                let at = start + index * Self.entrySize
                func word(_ offset: Int) -> Int { Int(raw.loadUnaligned(fromByteOffset: at + offset, as: UInt32.self)) }
                guard let part = SourceNames.Part(rawValue: raw[at + 28]) else { return }
                let place = Place(part: part, start: word(16), handles: word(20), mentions: word(24))
                guard place.start + place.handles + place.mentions <= words else { return }
                let key = Key(
                    raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), raw.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
                places[key] = place
            }
            self.places = places
            pool = [UInt32](unsafeUninitializedCapacity: words) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: raw[(start + count * Self.entrySize)...]))
                initialized = words
            }
        }
    }

    /// The entries of these keys, for a file.
    package func serialized(keeping keys: [Key]) -> [UInt8] {
        let kept = Set(keys).compactMap { key in places[key].map { (key: key, place: $0) } }
        let words = kept.reduce(0) { $0 + $1.place.handles + $1.place.mentions }
        var bytes = Self.magic
        bytes.reserveCapacity(Self.magic.count + 16 + kept.count * Self.entrySize + words * 4)
        func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(UInt64(kept.count), to: &bytes)
        append(UInt64(words), to: &bytes)
        var next: UInt32 = 0
        for (key, place) in kept {
            append(key.path, to: &bytes)
            append(key.content, to: &bytes)
            for number in [next, UInt32(place.handles), UInt32(place.mentions)] { append(number, to: &bytes) }
            bytes += [place.part.rawValue, 0, 0, 0]
            next += UInt32(place.handles + place.mentions)
        }
        pool.withUnsafeBytes { raw in
            for (_, place) in kept {
                bytes.append(contentsOf: raw[(place.start * 4)..<((place.start + place.handles + place.mentions) * 4)])
            }
        }
        return bytes
    }

    // MARK: Asking

    /// Calls `body` with the handles and the mentions of one file, without copying them.
    func withNames<Result>(
        of key: Key, _ body: (SourceNames.Part, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Result
    ) -> Result? {
        guard let place = places[key] else { return nil }
        return pool.withUnsafeBufferPointer { all in
            let middle = place.start + place.handles
            return body(
                place.part, UnsafeBufferPointer(rebasing: all[place.start..<middle]),
                UnsafeBufferPointer(rebasing: all[middle..<(middle + place.mentions)]))
        }
    }
}
