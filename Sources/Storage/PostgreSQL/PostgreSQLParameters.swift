import CPostgreSQL

/// Values as libpq wants them: addresses, types, lengths and formats side by side, over one buffer that outlives the call.
struct PostgreSQLParameters {
    private var buffer: [UInt8] = []
    private var offsets: [Int?] = []
    private var types: [Oid] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws {
        for value in values {
            switch value {
            // The server takes the type from the statement.
            case .null: add(nil, type: 0)
            case .integer(let number): add(Array(String(number).utf8), type: 20)
            case .real(let number): add(Array(String(number).utf8), type: 701)
            case .text(let text):
                let bytes = Array(text.utf8)
                if bytes.contains(0) { throw PostgreSQLFault(.constraint(reason: "text with a zero byte")) }
                add(bytes, type: 25)
            case .bytes(let bytes): add(bytes, type: 17, isBinary: true)
            }
        }
    }

    var count: Int32 { Int32(clamping: offsets.count) }

    /// One type for each place, when all lists agree or say nothing there: then the server reads the statement once for all of them.
    static func commonTypes(of lists: [PostgreSQLParameters]) -> [Oid]? {
        guard var common = lists.first?.types else { return nil }
        for list in lists.dropFirst() {
            guard list.types.count == common.count else { return nil }
            for (place, type) in list.types.enumerated() where type != common[place] && type != 0 {
                if common[place] != 0 { return nil }
                common[place] = type
            }
        }
        return common
    }

    /// Types are PostgreSQL's built-in ids. Source: pg_type.dat
    private mutating func add(_ bytes: [UInt8]?, type: Oid, isBinary: Bool = false) {
        types.append(type)
        formats.append(isBinary ? 1 : 0)
        lengths.append(Int32(clamping: bytes?.count ?? 0))
        offsets.append(bytes == nil ? nil : buffer.count)
        buffer += bytes ?? []
        buffer.append(0)
    }

    typealias Pointers = (
        types: UnsafePointer<Oid>?, values: UnsafePointer<UnsafePointer<CChar>?>?, lengths: UnsafePointer<Int32>?,
        formats: UnsafePointer<Int32>?
    )

    /// The pointers are valid inside `body` only.
    func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
        buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values: [UnsafePointer<CChar>?] = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { values in
                types.withUnsafeBufferPointer { types in
                    lengths.withUnsafeBufferPointer { lengths in
                        formats.withUnsafeBufferPointer { formats in
                            body((types.baseAddress, values.baseAddress, lengths.baseAddress, formats.baseAddress))
                        }
                    }
                }
            }
        }
    }
}
