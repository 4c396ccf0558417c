import Basics

/// A document without the member at a glance is one to the decoder; of a member that comes once both say the same. Only a number too large
/// for any type is let through.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let glance = JSONGlance(at: "action", in: bytes)
    if glance == .unclear { return 0 }
    guard let value = try? JSONValue(parsing: bytes) else {
        let isLarge = bytes.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") } || count > 300
        precondition(glance != .otherwise || isLarge, "the decoder sees no document")
        return 0
    }
    let text = value["action"]?.string
    let times = String(decoding: bytes, as: UTF8.self).ranges(of: "action").count
    precondition(times > 1 || text.map { .text($0) } ?? .otherwise == glance, "the decoder sees another member")
    return 0
}
