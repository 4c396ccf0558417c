/// An index as a file: a header, then each of its lists as it lies in memory.
extension SourceIndex {
    private static let magic: [UInt64] = [0x692d_656c_7474_6566, 0x0a32_2d78_6564_6e69]
    private static let mostEntries = 4_000_000
    /// Magic, checksum, sizes of the records, and the length of each list.
    private static let headerWords = 9

    private static var strides: UInt64 { UInt64(MemoryLayout<File>.stride) << 32 | UInt64(MemoryLayout<Directory>.stride) }

    /// What a file holds; empty when it is damaged or of another version: then everything is read anew.
    package init(parsing bytes: [UInt8]) {
        self.init()
        bytes.withUnsafeBytes { raw in
            guard raw.count >= Self.headerWords * 8 else { return }
            let header = (0..<Self.headerWords).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
            guard Array(header[0..<2]) == Self.magic, header[3] == Self.strides else { return }
            let counts = header[4...].map { Int(clamping: $0) }
            guard counts[0] <= Self.mostEntries, counts[1] <= Self.mostEntries, counts.allSatisfy({ $0 <= raw.count }) else { return }
            let sizes = zip(counts, Self.sizes).map(*)
            guard sizes.reduce(Self.headerWords * 8, +) == raw.count else { return }
            guard Self.checksum(UnsafeRawBufferPointer(rebasing: raw[24...])) == header[2] else { return }
            var start = Self.headerWords * 8
            func list<Element: BitwiseCopyable>(_ number: Int, of type: Element.Type) -> [Element] {
                defer { start += sizes[number] }
                return [Element](unsafeUninitializedCapacity: counts[number]) { buffer, initialized in
                    UnsafeMutableRawBufferPointer(buffer).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: raw[start..<start + sizes[number]]))
                    initialized = counts[number]
                }
            }
            files = list(0, of: File.self)
            directories = list(1, of: Directory.self)
            terms = list(2, of: UInt64.self)
            names = list(3, of: UInt32.self)
            paths = list(4, of: UInt8.self)
        }
        if !isSound { self = SourceIndex() }
    }

    private static var sizes: [Int] { [MemoryLayout<File>.stride, MemoryLayout<Directory>.stride, 8, 4, 1] }

    package func serialized() -> [UInt8] { compacted().bytes }

    var bytes: [UInt8] {
        let counts = [files.count, directories.count, terms.count, names.count, paths.count]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(zip(counts, Self.sizes).map(*).reduce(Self.headerWords * 8, +))
        for word in Self.magic + [0, Self.strides] + counts.map({ UInt64($0) }) { withUnsafeBytes(of: word) { bytes += $0 } }
        files.withUnsafeBytes { bytes += $0 }
        directories.withUnsafeBytes { bytes += $0 }
        terms.withUnsafeBytes { bytes += $0 }
        names.withUnsafeBytes { bytes += $0 }
        paths.withUnsafeBytes { bytes += $0 }
        let sum = bytes.withUnsafeBytes { Self.checksum(UnsafeRawBufferPointer(rebasing: $0[24...])) }
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: sum, toByteOffset: 16, as: UInt64.self) }
        return bytes
    }

    /// Four sums side by side, of every fourth word; any one word that differs changes its sum.
    private static func checksum(_ raw: UnsafeRawBufferPointer) -> UInt64 {
        let prime: UInt64 = 0x9e37_79b1_85eb_ca87
        var (a, b, c, d) = (prime, prime ^ 1, prime ^ 2, UInt64(raw.count))
        var place = 0
        func word(_ place: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
        while place + 32 <= raw.count {
            a = (a ^ word(place)) &* prime
            b = (b ^ word(place + 8)) &* prime
            c = (c ^ word(place + 16)) &* prime
            d = (d ^ word(place + 24)) &* prime
            a ^= a >> 29
            b ^= b >> 29
            c ^= c >> 29
            d ^= d >> 29
            place += 32
        }
        while place < raw.count {
            a = (a ^ UInt64(raw[place])) &* prime
            place += 1
        }
        return [b, c, d].reduce(a) { ($0 << 23 | $0 >> 41) &* prime ^ $1 }
    }

    /// Every place it refers to is there, and directories lie within one another.
    private var isSound: Bool {
        func holds(_ count: Int, _ start: UInt32, _ lengths: UInt32...) -> Bool { lengths.reduce(Int(start)) { $0 + Int($1) } <= count }
        for file in files {
            guard holds(paths.count, file.path, file.pathLength), holds(names.count, file.names, file.handles, file.mentions),
                holds(terms.count, file.terms, file.nameTerms, file.wordTerms), file.nameCount <= Int32.max, file.wordCount <= Int32.max
            else { return false }
        }
        var around: [Directory] = []
        for (place, directory) in directories.enumerated() {
            while let last = around.last, Int(last.end) <= place { around.removeLast() }
            let (files, end) =
                around.last.map { ($0.firstFile...$0.endFile, $0.end) } ?? (0...UInt32(files.count), UInt32(directories.count))
            guard holds(paths.count, directory.path, directory.pathLength), directory.firstFile <= directory.endFile,
                files.contains(directory.firstFile), files.contains(directory.endFile), Int(directory.end) > place, directory.end <= end
            else { return false }
            around.append(directory)
        }
        return true
    }

    /// Without what no file refers to any more, when that is much.
    private func compacted() -> SourceIndex {
        let used = files.reduce(0) { $0 + Int($1.handles) + Int($1.mentions) }
        let usedTerms = files.reduce(0) { $0 + Int($1.nameTerms) + Int($1.wordTerms) }
        let usedPaths = files.reduce(0) { $0 + Int($1.pathLength) } + directories.reduce(0) { $0 + Int($1.pathLength) }
        if names.count <= used * 5 / 4, terms.count <= usedTerms * 5 / 4, paths.count <= usedPaths * 5 / 4 { return self }
        var kept = SourceIndex()
        kept.files = files
        kept.directories = directories
        kept.names.reserveCapacity(used)
        kept.terms.reserveCapacity(usedTerms)
        kept.paths.reserveCapacity(usedPaths)
        for (place, file) in files.enumerated() {
            kept.files[place].names = UInt32(kept.names.count)
            kept.names += names[Int(file.names)..<Int(file.names) + Int(file.handles) + Int(file.mentions)]
            kept.files[place].terms = UInt32(kept.terms.count)
            kept.terms += terms[Int(file.terms)..<Int(file.terms) + Int(file.nameTerms) + Int(file.wordTerms)]
            kept.files[place].path = UInt32(kept.paths.count)
            kept.paths += paths[Int(file.path)..<Int(file.path) + Int(file.pathLength)]
        }
        for (place, directory) in directories.enumerated() {
            kept.directories[place].path = UInt32(kept.paths.count)
            kept.paths += paths[Int(directory.path)..<Int(directory.path) + Int(directory.pathLength)]
        }
        return kept
    }
}
