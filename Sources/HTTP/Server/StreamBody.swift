import CMicroHTTPD
import Synchronization

/// A connection as the library names it. Safe to share: the library allows resuming from any thread, and nothing else is done elsewhere.
struct ConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Bytes on their way from an `AsyncStream` to a reader that may be slower, faster or gone.
///
/// The daemon's thread asks for bytes; with none at hand it parks the connection, and the next piece wakes it.
final class StreamBody: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var offset = 0
        var ended = false
        var parked = false
        var lastRead: Duration
        var room: CheckedContinuation<Void, Never>?
        var pump: Task<Void, Never>?
    }

    /// More than this waiting for a slow reader holds the producer back.
    private static let highWater = 1 << 18

    private let connection: ConnectionHandle
    private let now: @Sendable () -> Duration
    private let state: Mutex<State>

    init(_ stream: AsyncStream<[UInt8]>, connection: ConnectionHandle, now: @escaping @Sendable () -> Duration) {
        self.connection = connection
        self.now = now
        state = Mutex(State(lastRead: now()))
        let pump = Task {
            for await bytes in stream {
                await self.push(bytes)
                if self.hasEnded { break }
            }
            self.finish()
        }
        state.withLock { $0.pump = pump }
    }

    private var hasEnded: Bool { state.withLock { $0.ended } }

    /// How long a reader has left bytes untaken; `nil` when there are none.
    func stalled(at now: Duration) -> Duration? {
        state.withLock { $0.offset < $0.pending.count ? now - $0.lastRead : nil }
    }

    /// For the daemon's thread: bytes copied, 0 after parking the connection, or the library's mark for the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, room) = state.withLock { state in
            state.lastRead = now()
            let count = min(buffer.count, state.pending.count - state.offset)
            if count > 0 {
                state.pending.withUnsafeBytes { bytes in
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[state.offset..<state.offset + count]))
                }
                state.offset += count
                return (count, Self.compact(&state))
            }
            if state.ended { return (Int(CMICROHTTPD_END_OF_STREAM), nil) }
            state.parked = true
            MHD_suspend_connection(connection.pointer)
            return (0, nil)
        }
        room?.resume()
        return count
    }

    /// Drops what was read once it is half of what is held; the producer goes on when little is left.
    private static func compact(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        if state.offset * 2 >= state.pending.count {
            state.pending.removeFirst(state.offset)
            state.offset = 0
        }
        guard state.pending.count - state.offset < highWater else { return nil }
        defer { state.room = nil }
        return state.room
    }

    private func push(_ bytes: [UInt8]) async {
        let (wake, full) = state.withLock { state in
            guard !state.ended else { return (false, false) }
            state.pending += bytes
            let wake = state.parked && !bytes.isEmpty
            if wake {
                state.parked = false
                state.lastRead = now()
            }
            return (wake, state.pending.count - state.offset >= Self.highWater)
        }
        if wake { MHD_resume_connection(connection.pointer) }
        if full { await waitForRoom() }
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.ended || state.pending.count - state.offset < Self.highWater { return true }
                state.room = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// No more bytes will come; what is pending is still sent.
    func finish() {
        let (wake, room, pump) = state.withLock { state in
            let taken = (state.parked, state.room, state.pump)
            state.ended = true
            state.parked = false
            state.room = nil
            return taken
        }
        if wake { MHD_resume_connection(connection.pointer) }
        room?.resume()
        pump?.cancel()
    }

    /// The reader is gone and so is the connection: it must not be touched again.
    func abandon() {
        let (room, pump) = state.withLock { state in
            let taken = (state.room, state.pump)
            state = State(ended: true, lastRead: state.lastRead)
            return taken
        }
        room?.resume()
        pump?.cancel()
    }
}
