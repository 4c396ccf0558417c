import Basics
import CMicroHTTPD
import Synchronization

/// What the daemon's callbacks and the sweeper share.
final class ServerCore: Sendable {
    let handler: any HTTPHandler
    let limits: ServerLimits
    let clock: any Clock
    let observe: @Sendable (AccessRecord) -> Void
    let budget: ByteBudget
    let exchanges = Tally()
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    private let stopping = Atomic<Bool>(false)

    init(handler: any HTTPHandler, limits: ServerLimits, clock: any Clock, observe: @escaping @Sendable (AccessRecord) -> Void) {
        self.handler = handler
        self.limits = limits
        self.clock = clock
        self.observe = observe
        budget = ByteBudget(limits.bodyBytesInFlight.bytes)
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }
    func beginStopping() { stopping.store(true, ordering: .releasing) }

    var connectionCount: Int { connections.withLock { $0.count } }
    func add(_ connection: Connection) { connections.withLock { $0[ObjectIdentifier(connection)] = connection } }
    func remove(_ connection: Connection) { connections.withLock { $0[ObjectIdentifier(connection)] = nil } }
    var allConnections: [Connection] { connections.withLock { Array($0.values) } }

    /// Runs the handler, when `atOnce` here and wherever it is resumed; the connection is parked already.
    func start(_ request: HTTPRequest, atOnce: Bool, for exchange: Exchange, on connection: Connection) {
        let work: @Sendable () async -> Void = {
            let response = await self.handler.respond(to: request)
            self.deliver(response, for: exchange, on: connection)
        }
        exchange.attach(atOnce ? Task.immediate(executorPreference: InPlaceExecutor.shared, operation: work) : Task(operation: work))
    }

    func deliver(_ response: HTTPResponse, for exchange: Exchange, on connection: Connection) {
        if exchange.finish(with: response) { MHD_resume_connection(connection.handle.pointer) }
    }

    /// Looks at every deadline once.
    func sweep() {
        let now = clock.uptime
        for connection in allConnections {
            switch connection.sweep(at: now, limits: limits) {
            case .nothing, .shutDown: break
            case .handlerDeadline(let exchange):
                exchange.cancelHandler()
                deliver(Refusal(status: 503, reason: "The answer took too long.").response, for: exchange, on: connection)
            case .readerLeft(let stream): stream.finish()
            }
        }
    }

    /// Ends streams and idle connections: they would outlast any deadline.
    func releaseIdle() {
        for connection in allConnections {
            connection.shutDownIfWaiting()
            connection.exchange?.stream?.finish()
        }
    }

    /// Answers 503 for every handler still at work.
    func releaseHandlers() {
        for connection in allConnections {
            guard let exchange = connection.exchange else { continue }
            exchange.cancelHandler()
            deliver(Refusal(status: 503, reason: "The server is stopping.").response, for: exchange, on: connection)
            exchange.stream?.finish()
        }
    }
}
