import CLinux
import Glibc

/// An open descriptor, closed when the last holder lets go.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit { close(number) }
}

/// Both ends of a pipe, close-on-exec and above 2, so that handing one to a child never overwrites another.
struct Pipe {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(PipeError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw PipeError(reason: SystemError.last) }
        let low = ends.map { Descriptor($0) }
        reading = try Pipe.raised(low[0])
        writing = try Pipe.raised(low[1])
    }

    /// Our own standard streams may be closed, and a new descriptor may then be 0, 1 or 2.
    static func raised(_ descriptor: Descriptor) throws(PipeError) -> Descriptor {
        guard (0...2).contains(descriptor.number) else { return descriptor }
        let higher = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 3)
        guard higher >= 0 else { throw PipeError(reason: SystemError.last) }
        return Descriptor(higher)
    }
}

struct PipeError: Error {
    let reason: String
}
