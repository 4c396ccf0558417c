package import Basics
import CMicroHTTPD
import Glibc

package enum HTTPServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address is taken (`EADDRINUSE`), not ours (`EADDRNOTAVAIL`), or needs a right we lack (`EACCES`).
    case cannotListen(address: String, code: Int32)

    package var description: String {
        switch self {
        case .cannotListen(let address, let code): "cannot listen on \(address): \(String(cString: strerror(code)))"
        }
    }
}

/// Serves one handler on one address. Whoever starts it must stop it.
///
/// HTTP/1.1 and 1.0 in clear text: TLS is a reverse proxy's. Sockets are one thread's of the library. What is brief
/// (`RequestPlan`) begins on it and goes on where it is resumed; every other handler runs on Swift's shared pool.
package final class HTTPServer: Sendable {
    /// Owned by this server from start to stop. Safe to share: only stopping uses it after the start.
    private struct Daemon: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Where it listens, with the port that was bound.
    package let address: ListenAddress
    private let core: ServerCore
    private let daemon: Daemon
    private let sweeper: Task<Void, Never>
    private let stopped = Once()

    /// `observe` is called once for each request, on the daemon's thread: it must be quick.
    package static func start(
        on address: ListenAddress, handler: any HTTPHandler, limits: ServerLimits = ServerLimits(), clock: any Clock = SystemClock(),
        observe: @escaping @Sendable (AccessRecord) -> Void = { _ in }
    ) throws(HTTPServerError) -> HTTPServer {
        let core = ServerCore(handler: handler, limits: limits, clock: clock, observe: observe)
        let context = Unmanaged.passRetained(core)
        guard let pointer = startDaemon(address, limits: limits, context: context.toOpaque()) else {
            let code = errno
            context.release()
            throw .cannotListen(address: address.description, code: code)
        }
        let port = UInt16(clamping: cmicrohttpd_port(pointer))
        return HTTPServer(address: address.bound(to: port), core: core, daemon: Daemon(pointer: pointer))
    }

    private init(address: ListenAddress, core: ServerCore, daemon: Daemon) {
        self.address = address
        self.core = core
        self.daemon = daemon
        sweeper = Task {
            while (try? await core.clock.sleep(for: core.limits.sweepInterval)) != nil { core.sweep() }
        }
    }

    private static func startDaemon(_ address: ListenAddress, limits: ServerLimits, context: UnsafeMutableRawPointer) -> OpaquePointer? {
        address.withSocketAddress { socketAddress in
            var setup = cmicrohttpd_setup()
            setup.address = socketAddress
            setup.flags = MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue | MHD_USE_ITC.rawValue
            if address.isIPv6 { setup.flags |= MHD_USE_IPv6.rawValue }
            setup.threads = 1
            setup.connections = UInt32(clamping: limits.connections)
            setup.connections_per_address = UInt32(clamping: limits.connectionsPerAddress ?? 0)
            setup.backlog = 1024
            // Twice the headers: the library keeps its own notes in the same memory, and reads bodies through what is left.
            setup.connection_memory = max(limits.headerBytes.bytes * 2, 32 << 10)
            setup.cls = context
            setup.access = DaemonCallbacks.access
            setup.completed = DaemonCallbacks.completed
            setup.connection = DaemonCallbacks.connection
            setup.request_line = DaemonCallbacks.requestLine
            return cmicrohttpd_start(&setup)
        }
    }

    /// Connections now open.
    package var connectionCount: Int { core.connectionCount }

    /// Requests now under way.
    package var requestCount: Int { core.exchanges.count }

    /// Stops accepting, ends streams and idle connections, lets requests under way finish for at most `grace`, answers 503 to the rest,
    /// and frees everything. Returns when the library's thread has ended, at the latest two seconds after `grace`. Later calls wait for nothing.
    package func stop(within grace: Duration) async {
        guard stopped.isFirst() else { return }
        core.beginStopping()
        let listener = MHD_quiesce_daemon(daemon.pointer)
        core.releaseIdle()
        await drain(for: grace)
        // More than once: an answer may become a stream, and park, just after we looked.
        for _ in 0..<40 where core.exchanges.count > 0 {
            core.releaseHandlers()
            await drain(for: .milliseconds(50))
        }
        // Stopping with a parked connection is undefined: whatever is parked has been woken above, and nothing is parked while stopping.
        for connection in core.allConnections { connection.shutDown() }
        sweeper.cancel()
        await sweeper.value
        await Self.stopDaemon(daemon)
        if listener >= 0 { close(listener) }
        Unmanaged.passUnretained(core).release()
    }

    /// Waits until no request is under way, at most for `time`.
    private func drain(for time: Duration) async {
        await withTaskGroup { group in
            group.addTask { await self.core.exchanges.waitForZero() }
            group.addTask { try? await self.core.clock.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Joins the library's thread, off the shared pool.
    private static func stopDaemon(_ daemon: Daemon) async {
        await withCheckedContinuation { continuation in
            let stop: @Sendable () -> Void = {
                MHD_stop_daemon(daemon.pointer)
                continuation.resume()
            }
            if !OwnThread.start(stop) { stop() }
        }
    }
}
