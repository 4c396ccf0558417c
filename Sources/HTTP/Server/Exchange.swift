import Basics
import Synchronization

/// One request from its request line to the last byte of its answer, as a state machine: the daemon's thread reports what came in and
/// does what `Step` says; the handler's task and the sweeper bring the answer.
final class Exchange: Sendable {
    enum Step {
        case goOn
        /// Nothing may be sent by the library in the middle of a body: these bytes go to the socket at once, then the rest is drained.
        case interrupt(Refusal)
        case answer(HTTPResponse)
        /// The connection is to be parked before `start` is called.
        case handle(HTTPRequest, atOnce: Bool)
        case hangUp
    }

    private enum Phase {
        case head
        case body(HTTPRequest, RequestPlan)
        /// Refused in the middle of a body; so many more bytes are read, so that the client sees the answer and not a reset.
        case draining(left: Int)
        case handling
        case ready(HTTPResponse)
        case answered
    }

    private struct State {
        var phase = Phase.head
        var method = ""
        var path = ""
        var route = "refused"
        var body: [UInt8] = []
        var received = 0
        var held = 0
        var sent = 0
        var status: Int?
        var task: Task<Void, Never>?
        var isCancelled = false
        var stream: StreamBody?
    }

    private static let drainLimit = 1 << 20

    let target: String
    /// Where the library keeps the byte after the target; compared, never read.
    let targetEnd: UInt
    let start: Duration
    private let state = Mutex(State())

    init(target: String, targetEnd: UInt, start: Duration) {
        self.target = target
        self.targetEnd = targetEnd
        self.start = start
    }

    var isUnread: Bool { state.withLock { if case .head = $0.phase { true } else { false } } }

    /// The head is complete.
    func begin(_ raw: RawHead, peer: String?, server: ServerCore) -> Step {
        state.withLock { state in
            state.method = String(raw.method.prefix(32))
            do throws(Refusal) {
                let head = try RequestHead(checking: raw, limits: server.limits, peer: peer)
                state.path = head.request.path
                let plan = server.handler.plan(for: head.request)
                state.route = plan.route
                guard !server.isStopping else { throw Refusal(status: 503, reason: "The server is stopping.") }
                let limit = plan.bodyLimit.bytes
                if case .bytes(let count) = head.length, count > limit { throw Self.tooLarge(limit) }
                if case .bytes(let count) = head.length { state.body.reserveCapacity(min(count, 1 << 16)) }
                state.phase = .body(head.request, plan)
                return .goOn
            } catch {
                return answer(error.response, in: &state)
            }
        }
    }

    /// More of the body.
    func receive(_ bytes: UnsafeRawBufferPointer, budget: ByteBudget) -> Step {
        state.withLock { state in
            switch state.phase {
            case .body(_, let plan):
                let limit = plan.bodyLimit.bytes
                state.received += bytes.count
                if state.received > limit { return interrupt(Self.tooLarge(limit), budget, in: &state) }
                guard budget.take(bytes.count) else {
                    return interrupt(Refusal(status: 503, reason: "Too much is being received at once."), budget, in: &state)
                }
                state.held += bytes.count
                state.body.append(contentsOf: bytes)
                return .goOn
            case .draining(let left):
                guard left > bytes.count else { return .hangUp }
                state.phase = .draining(left: left - bytes.count)
                return .goOn
            case .answered: return .goOn
            case .head, .handling, .ready: return .hangUp
            }
        }
    }

    /// The body is complete, or the parked connection was woken.
    func advance() -> Step {
        state.withLock { state in
            switch state.phase {
            case .body(var request, let plan):
                request.body = state.body
                state.body = []
                state.phase = .handling
                return .handle(request, atOnce: plan.isBrief && request.body.count <= RequestPlan.longestBriefBody.bytes)
            case .ready(let response): return answer(response, in: &state)
            case .head, .draining, .handling, .answered: return .hangUp
            }
        }
    }

    /// Brings the answer; `true` when it is the first one and the parked connection is to be woken, exactly once.
    func finish(with response: HTTPResponse) -> Bool {
        state.withLock { state in
            guard case .handling = state.phase else { return false }
            state.phase = .ready(response)
            return true
        }
    }

    /// The handler's task. It runs already, so it may have been cancelled before it is known here.
    func attach(_ task: Task<Void, Never>) {
        let isLate = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isLate { task.cancel() }
    }

    func attach(_ stream: StreamBody) { state.withLock { $0.stream = stream } }
    var stream: StreamBody? { state.withLock { $0.stream } }

    func cancelHandler() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    func note(status: Int) { state.withLock { $0.status = status } }
    func note(sent bytes: Int) { state.withLock { $0.sent += bytes } }

    /// The exchange is over: gives back what it held and says how it ended.
    func end(at now: Duration, peer: String?, budget: ByteBudget) -> AccessRecord {
        let ended = state.withLock { state in
            let ended = state
            state.held = 0
            state.body = []
            state.task = nil
            state.stream = nil
            return ended
        }
        budget.give(back: ended.held)
        ended.stream?.abandon()
        if ended.status == nil { ended.task?.cancel() }
        return AccessRecord(
            method: ended.method, path: UntrustedText(String(decoding: ended.path.utf8.prefix(200), as: UTF8.self)), route: ended.route,
            status: ended.status, received: ByteCount(ended.received), sent: ByteCount(ended.sent), duration: now - start, peer: peer)
    }

    private func answer(_ response: HTTPResponse, in state: inout State) -> Step {
        state.phase = .answered
        state.status = response.status
        return .answer(response)
    }

    private func interrupt(_ refusal: Refusal, _ budget: ByteBudget, in state: inout State) -> Step {
        state.phase = .draining(left: Self.drainLimit)
        state.status = refusal.status
        state.body = []
        budget.give(back: state.held)
        state.held = 0
        return .interrupt(refusal)
    }

    private static func tooLarge(_ limit: Int) -> Refusal { Refusal(status: 413, reason: "The body is larger than \(limit) bytes.") }
}
