import Basics
import CMicroHTTPD
import Glibc

/// The library's four callbacks. All run on its thread. A connection's own pointer holds our `Connection`, a request's our `Exchange`,
/// each retained from the callback that announces it to the one that ends it.
enum DaemonCallbacks {
    static let connection: MHD_NotifyConnectionCallback = { cls, pointer, context, code in
        guard let cls, let pointer, let context else { return }
        let core = Unmanaged<ServerCore>.fromOpaque(cls).takeUnretainedValue()
        if code == .CONNECTION_NOTIFY_STARTED {
            let connection = Connection(
                handle: ConnectionHandle(pointer: pointer), socket: cmicrohttpd_socket(pointer),
                peer: numericHost(cmicrohttpd_peer(pointer)),
                deadline: core.clock.uptime + core.limits.headTime)
            core.add(connection)
            context.pointee = Unmanaged.passRetained(connection).toOpaque()
        } else if let held = context.pointee {
            let connection = Unmanaged<Connection>.fromOpaque(held).takeRetainedValue()
            context.pointee = nil
            connection.close()
            core.remove(connection)
        }
    }

    static let requestLine: cmicrohttpd_request_line = { cls, target, pointer in
        guard let cls, let pointer, let connection = connection(of: pointer) else { return nil }
        let core = Unmanaged<ServerCore>.fromOpaque(cls).takeUnretainedValue()
        let length = target.map { strlen($0) } ?? 0
        let exchange = Exchange(
            target: target.map { String(cString: $0) } ?? "", targetEnd: UInt(bitPattern: target) &+ UInt(length), start: core.clock.uptime)
        core.exchanges.begin()
        connection.begin(exchange, until: core.clock.uptime + core.limits.headTime)
        return Unmanaged.passRetained(exchange).toOpaque()
    }

    static let access: MHD_AccessHandlerCallback = { cls, pointer, _, method, version, data, size, context in
        guard let cls, let pointer, let method, let version, let size, let held = context?.pointee, let connection = connection(of: pointer)
        else { return .NO }
        let core = Unmanaged<ServerCore>.fromOpaque(cls).takeUnretainedValue()
        let exchange = Unmanaged<Exchange>.fromOpaque(held).takeUnretainedValue()
        let step: Exchange.Step
        if exchange.isUnread {
            connection.enter(.body, until: core.clock.uptime + core.limits.bodyTime)
            let head = HeadReader.read(pointer, method: method, version: version, exchange: exchange)
            step = exchange.begin(head, peer: connection.peer, server: core)
        } else if size.pointee > 0 {
            step = exchange.receive(UnsafeRawBufferPointer(start: data, count: size.pointee), budget: core.budget)
            size.pointee = 0
        } else {
            step = exchange.advance()
        }
        return core.perform(step, for: exchange, on: connection)
    }

    static let completed: MHD_RequestCompletedCallback = { cls, pointer, context, _ in
        guard let cls, let context, let held = context.pointee else { return }
        let core = Unmanaged<ServerCore>.fromOpaque(cls).takeUnretainedValue()
        let exchange = Unmanaged<Exchange>.fromOpaque(held).takeRetainedValue()
        context.pointee = nil
        let connection = pointer.flatMap(DaemonCallbacks.connection(of:))
        let record = exchange.end(at: core.clock.uptime, peer: connection?.peer, budget: core.budget)
        connection?.end(until: core.clock.uptime + core.limits.idleTime)
        if core.isStopping { connection?.shutDownIfWaiting() }
        core.observe(record)
        core.exchanges.end()
    }

    private static func connection(of pointer: OpaquePointer) -> Connection? {
        cmicrohttpd_socket_context(pointer).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension ServerCore {
    /// Carries out what the exchange decided; for the daemon's thread.
    fileprivate func perform(_ step: Exchange.Step, for exchange: Exchange, on connection: Connection) -> MHD_Result {
        switch step {
        case .goOn: return .YES
        case .hangUp: return .NO
        case .interrupt(let refusal):
            connection.send(refusal)
            return .YES
        case .answer(let response):
            let answer = QueuedAnswer(response, isLast: isStopping, exchange: exchange, connection: connection, clock: clock)
            if isStopping { exchange.stream?.finish() }
            connection.enter(answer.isStream ? .streaming : .sending, until: clock.uptime + limits.sendTime)
            return answer.queue(on: connection.handle.pointer)
        case .handle(let request, let atOnce):
            connection.enter(.handling, until: clock.uptime + limits.handlerTime)
            // Before the work is handed off: the answer may come at once, from another thread.
            MHD_suspend_connection(connection.handle.pointer)
            start(request, atOnce: atOnce, for: exchange, on: connection)
            return .YES
        }
    }
}
