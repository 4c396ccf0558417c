import CMicroHTTPD
import Glibc

/// Copies a request's head out of the library's memory, and notices what the library lost.
///
/// The library works on C strings and joins folded lines: a NUL byte hides the rest of a line, a fold can hide a value from a proxy in
/// front. Both show as a gap between one field's end and the next one's beginning, where only a line end (one or two bytes) may be.
/// Addresses are compared, never read through.
struct HeadReader {
    private var fields: [HTTPHeaders.Field] = []
    private var end: UInt
    private var isCut: Bool

    static func read(_ connection: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, exchange: Exchange)
        -> RawHead
    {
        var reader = HeadReader(method: method, version: version, exchange: exchange)
        withUnsafeMutablePointer(to: &reader) { context in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameCount, value, valueCount in
                    context?.assumingMemoryBound(to: HeadReader.self).pointee.take(name, nameCount, value, valueCount)
                    return .YES
                }, context)
        }
        let size = cmicrohttpd_header_size(connection)
        let gap = Int(bitPattern: UInt(bitPattern: method) &+ UInt(size) &- reader.end)
        let isCut = reader.isCut || !(2...4).contains(gap)
        return RawHead(
            method: String(cString: method), target: exchange.target, version: String(cString: version), fields: reader.fields, isCut: isCut
        )
    }

    private init(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, exchange: Exchange) {
        // One NUL stands where each of the request line's two spaces was.
        let methodEnd = UInt(bitPattern: method) &+ UInt(strlen(method))
        let targetStart = exchange.targetEnd &- UInt(exchange.target.utf8.count)
        isCut = targetStart != methodEnd &+ 1 || UInt(bitPattern: version) != exchange.targetEnd &+ 1
        end = UInt(bitPattern: version) &+ UInt(strlen(version))
    }

    private mutating func take(_ name: UnsafePointer<CChar>?, _ nameCount: Int, _ value: UnsafePointer<CChar>?, _ valueCount: Int) {
        guard let name else { return }
        let gap = Int(bitPattern: UInt(bitPattern: name) &- end)
        if !(1...2).contains(gap) { isCut = true }
        end = value.map { UInt(bitPattern: $0) &+ UInt(valueCount) } ?? UInt(bitPattern: name) &+ UInt(nameCount) &+ 1
        fields.append(.init(name: Self.text(name, nameCount), value: Self.text(value, Self.trimmed(value, valueCount))))
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
    }

    /// The length without white space at the end. For values only: a name that ends in a space is an attack.
    private static func trimmed(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int {
        let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
        return (bytes.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? -1) + 1
    }
}
