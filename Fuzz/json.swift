import Basics

/// What parses prints, and what prints parses to the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let value = try? JSONValue(parsing: UnsafeBufferPointer(start: start, count: count)) else { return 0 }
    let printed = value.serialized()
    guard let again = try? JSONValue(parsing: printed) else { fatalError("what was printed does not parse") }
    precondition(again.serialized() == printed, "printing twice differs")
    _ = value["a"]?[0]?.int
    return 0
}
