import Text

/// Nodes lie inside the text, and scalars we write read back as they were.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? YAML.documents(in: bytes, recoveringAliases: true)
    _ = try? YAML.documents(in: bytes)
    _ = YAMLWriter.scalar(String(decoding: bytes.prefix(200), as: UTF8.self))
    return 0
}
