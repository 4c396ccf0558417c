import Basics
import Text

/// Any bytes are a diff of no or some files; every hunk's lines can be asked for their numbers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for file in UnifiedDiff(parsing: bytes).files {
        let commentable = CommentableLines(file)
        for line in file.hunks.flatMap(\.lines) {
            for side in [DiffSide.old, .new] {
                guard let number = line.number(on: side) else { continue }
                precondition(number >= 0, "a line before the first")
                _ = commentable.refusal(side: side, startLine: nil, line: number)
            }
        }
    }
    _ = FileDiff.hunks(parsingPatch: UntrustedText(String(decoding: bytes, as: UTF8.self)))
    return 0
}
