import Basics
import CLinux
import Glibc

/// What a child writes to: two pipes to us, or two files.
struct Outputs {
    let output: Descriptor
    let errorOutput: Descriptor
    /// Our ends; `nil` for files.
    let reading: (output: Descriptor, errorOutput: Descriptor)?

    /// A program that writes more into a file while we watch is ended.
    static let largestFile = ByteCount.mebibytes(64)

    init(_ invocation: Invocation) throws(PipeError) {
        guard let files = invocation.leftRunning else {
            let pipes = (output: try Pipe(), errorOutput: try Pipe())
            (output, errorOutput) = (pipes.output.writing, pipes.errorOutput.writing)
            reading = (pipes.output.reading, pipes.errorOutput.reading)
            return
        }
        output = try Self.file(files.output)
        errorOutput = try Self.file(files.errorOutput)
        reading = nil
    }

    /// The larger file's size in bytes.
    var size: Int { max(output.size, errorOutput.size) }

    /// Appended to, so that it can be cut while somebody writes to it.
    private static func file(_ path: String) throws(PipeError) -> Descriptor {
        let number = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw PipeError(reason: "\(path): \(SystemError.last)") }
        return try Pipe.raised(Descriptor(number))
    }
}

extension Descriptor {
    fileprivate var size: Int {
        var status = stat()
        return fstat(number, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The last bytes of the file.
    func end(upTo limit: ByteCount) -> [UInt8] {
        let count = min(size, max(0, limit.bytes))
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(number, &bytes, count, off_t(size - count))
        return Array(bytes.prefix(max(0, got)))
    }
}
