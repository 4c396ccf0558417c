import Glibc
package import HTTP
import Synchronization

/// A TCP socket that says exactly what a test wants said. Every call blocks a thread of its own, never the shared pool's.
package final class RawSocket: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    private let descriptor: Mutex<Int32>

    private init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        let socket = descriptor.withLock { $0 }
        if socket >= 0 { Glibc.close(socket) }
    }

    /// A descriptor of its own for one call: by the time the call's thread runs, ours may be closed and its number somebody else's socket.
    private func lent() -> Int32 {
        descriptor.withLock { $0 >= 0 ? fcntl($0, F_DUPFD_CLOEXEC, 0) : -1 }
    }

    /// Connects to a server on 127.0.0.1. Reading gives up after 10 seconds.
    package static func connect(to address: ListenAddress) async throws -> RawSocket {
        try await onThread { RawSocket(try loopbackSocket(port: address.port) { Glibc.connect($0, $1, $2) }) }
    }

    /// Waits for clients on a free port of 127.0.0.1.
    package static func listen() async throws -> (RawSocket, ListenAddress) {
        try await onThread {
            let socket = try loopbackSocket(port: 0) { Glibc.bind($0, $1, $2) }
            guard Glibc.listen(socket, 64) == 0 else { throw Failure(description: "listen") }
            var address = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, __SOCKADDR_ARG(__sockaddr__: $0), &size) }
            }
            guard let bound = ListenAddress(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port)) else {
                throw Failure(description: "getsockname")
            }
            return (RawSocket(socket), bound)
        }
    }

    package func accept() async throws -> RawSocket {
        let listener = lent()
        return try await Self.onThread {
            defer { Glibc.close(listener) }
            let socket = Glibc.accept(listener, __SOCKADDR_ARG(__sockaddr__: nil), nil)
            guard socket >= 0 else { throw Failure(description: "accept: errno \(errno)") }
            Self.setTimeout(socket)
            return RawSocket(socket)
        }
    }

    /// Sends everything; `false` when the other end stopped taking it.
    @discardableResult
    package func send(_ bytes: [UInt8]) async throws -> Bool {
        let socket = lent()
        return try await Self.onThread {
            defer { Glibc.close(socket) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(truncatingIfNeeded: Int(MSG_NOSIGNAL)))
                }
                if count <= 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    @discardableResult
    package func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

    /// What comes next, at most 64 KiB; empty at the end, after a reset, or after 10 silent seconds.
    package func receive() async throws -> [UInt8] {
        let socket = lent()
        return try await Self.onThread {
            defer { Glibc.close(socket) }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(socket, &buffer, buffer.count, 0)
            return count > 0 ? Array(buffer.prefix(count)) : []
        }
    }

    /// Everything until the other end closes.
    package func receiveAll() async throws -> String {
        var all: [UInt8] = []
        while true {
            let more = try await receive()
            if more.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += more
        }
    }

    /// Everything up to and including `text`, or the end.
    package func receive(until text: String) async throws -> String {
        var all = ""
        while !all.contains(text) {
            let more = try await receive()
            if more.isEmpty { return all }
            all += String(decoding: more, as: UTF8.self)
        }
        return all
    }

    /// Nothing more will be sent; reading goes on.
    package func finishSending() {
        _ = descriptor.withLock { shutdown($0, Int32(SHUT_WR)) }
    }

    package func close() {
        descriptor.withLock { socket in
            if socket >= 0 { Glibc.close(socket) }
            socket = -1
        }
    }

    /// Closes with a reset instead of a farewell.
    package func reset() {
        descriptor.withLock { socket in
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            if socket >= 0 { Glibc.close(socket) }
            socket = -1
        }
    }

    private static func loopbackSocket(port: UInt16, _ use: (Int32, __CONST_SOCKADDR_ARG, socklen_t) -> Int32) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(socket, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let reason = errno
            Glibc.close(socket)
            throw Failure(description: "connect or bind: errno \(reason)")
        }
        setTimeout(socket)
        return socket
    }

    private static func setTimeout(_ socket: Int32) {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let work = Work { continuation.resume(with: Swift.Result { try body() }) }
            var thread = pthread_t()
            let context = Unmanaged.passRetained(work).toOpaque()
            let status = pthread_create(
                &thread, nil,
                { raw in
                    if let raw { Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().run() }
                    return nil
                }, context)
            if status == 0 {
                pthread_detach(thread)
            } else {
                Unmanaged<Work>.fromOpaque(context).release()
                continuation.resume(throwing: Failure(description: "no thread"))
            }
        }
    }

    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
