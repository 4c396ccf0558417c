/// Finds what could name a file in program text: identifiers, and the last parts of paths, which may hold hyphens and dots.
enum FileMentions {
    /// Calls `body` with the hash of each identifier, and of each name with a hyphen or dot, whole and without its ending.
    @inline(__always)
    static func forEachHash(in bytes: UnsafeBufferPointer<UInt8>, _ body: (UInt64) -> Void) {
        var place = 0
        while place < bytes.count {
            guard isPart(bytes[place]) else {
                place += 1
                continue
            }
            let start = place
            var lastDot = -1
            var isPlain = true
            var from = place
            while place < bytes.count, isPart(bytes[place]) {
                if bytes[place] == 45 || bytes[place] == 46 {
                    if place > from { body(Identifiers.hash(bytes, from..<place)) }
                    from = place + 1
                    isPlain = false
                    if bytes[place] == 46 { lastDot = place }
                }
                place += 1
            }
            if place > from { body(Identifiers.hash(bytes, from..<place)) }
            guard !isPlain else { continue }
            body(Identifiers.hash(bytes, start..<place))
            if lastDot > start { body(Identifiers.hash(bytes, start..<lastDot)) }
        }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 95, 36, 45, 46, 128...255: true
        default: false
        }
    }
}
