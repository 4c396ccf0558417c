import Basics

/// What is a document at a glance is one to the decoder, and both see the same member. Only a number too large for any type is let through.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let glance = JSONGlance(at: "action", in: bytes)
    if glance == .unclear { return 0 }
    guard let value = try? JSONValue(parsing: bytes) else {
        precondition(bytes.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") } || count > 300, "the decoder sees no document")
        return 0
    }
    let text = value["action"]?.string
    precondition(text.map { .text($0) } ?? .otherwise == glance, "the decoder sees another member")
    return 0
}
