/// How often each name, and each word that names are made of, stands in one test file: what ranking asks of its text.
package struct TestTerms: Sendable, Hashable {
    /// Hash above, count below; each hash once, ascending.
    let names: [UInt64]
    let words: [UInt64]
    /// Of all, with repetitions.
    let nameCount: Int
    let wordCount: Int

    /// Bits of a count; what remains of 64 is the hash.
    private static let countBits: UInt64 = 16
    private static let mostCounted: UInt64 = 1 << countBits - 1

    package init(_ text: [UInt8]) {
        var names: [UInt64] = []
        var words: [UInt64] = []
        text.withUnsafeBufferPointer { bytes in
            Identifiers.forEach(in: bytes) { range in
                names.append(Identifiers.hash(bytes, range))
                Identifiers.forEachWord(in: bytes, range) { words.append(Identifiers.lowercaseHash(bytes, $0)) }
            }
        }
        (nameCount, wordCount) = (names.count, words.count)
        self.names = Self.counted(&names)
        self.words = Self.counted(&words)
    }

    private static func counted(_ hashes: inout [UInt64]) -> [UInt64] {
        hashes.sort()
        var terms: [UInt64] = []
        for hash in hashes {
            let key = key(hash)
            if let last = terms.last, self.key(ofTerm: last) == key {
                if last & mostCounted < mostCounted { terms[terms.count - 1] = last + 1 }
            } else {
                terms.append(key << countBits | 1)
            }
        }
        return terms
    }

    /// What a term keeps of a hash.
    @inline(__always) static func key(_ hash: UInt64) -> UInt64 { hash >> countBits }
    @inline(__always) static func key(ofTerm term: UInt64) -> UInt64 { term >> countBits }
    @inline(__always) static func count(ofTerm term: UInt64) -> Int32 { Int32(term & mostCounted) }
}
