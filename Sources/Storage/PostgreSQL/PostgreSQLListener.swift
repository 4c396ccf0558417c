import Dispatch
import Glibc
import Synchronization

/// One connection that listens, on a thread of its own, and passes notices to the board. Without it, or behind a pooler that drops
/// notices, listeners find out by polling.
///
/// Safe to share: the connection lives inside `listen()`, which one thread runs.
final class PostgreSQLListener: Sendable {
    private let conninfo: String
    private let board: NoticeBoard
    private let isStopping = Atomic<Bool>(false)
    private let isRunning = Atomic<Bool>(false)
    /// Read end and write end: a byte wakes the thread.
    private let bell: (Int32, Int32)

    init(_ conninfo: String, board: NoticeBoard) {
        self.conninfo = conninfo
        self.board = board
        var ends: [Int32] = [-1, -1]
        // Without a pipe the thread still wakes every second.
        if pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        bell = (ends[0], ends[1])
    }

    deinit {
        if bell.0 >= 0 { close(bell.0) }
        if bell.1 >= 0 { close(bell.1) }
    }

    /// There is somebody new to listen for.
    func refresh() {
        if !isRunning.exchange(true, ordering: .acquiringAndReleasing) {
            DispatchQueue(label: "fettle.postgresql.listener").async { self.run() }
        }
        ring()
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        ring()
    }

    private func ring() {
        var byte: UInt8 = 1
        if bell.1 >= 0 { _ = write(bell.1, &byte, 1) }
    }

    private func run() {
        while !isStopping.load(ordering: .acquiring) {
            // A failure is an outage of notices only; the next round tries again.
            do { try listen() } catch { wait(on: nil, milliseconds: 1000) }
            // Whatever was missed meanwhile: everybody looks once.
            for channel in board.channels { board.post(channel) }
        }
    }

    private func listen() throws {
        let connection = try PostgreSQLConnection(conninfo)
        var heard: Set<String> = []
        while !isStopping.load(ordering: .acquiring) {
            for channel in board.channels where heard.insert(channel).inserted {
                try connection.run("LISTEN \(connection.quoted(channel))")
                // A notice sent before we listened is not repeated.
                board.post(channel)
            }
            for channel in try connection.takeNotices() { board.post(channel) }
            wait(on: connection.socket, milliseconds: 1000)
        }
    }

    private func wait(on socket: Int32?, milliseconds: Int32) {
        var descriptors = [pollfd(fd: bell.0, events: Int16(POLLIN), revents: 0)]
        if let socket { descriptors.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        var drained = [UInt8](repeating: 0, count: 64)
        while bell.0 >= 0, read(bell.0, &drained, drained.count) > 0 {}
    }
}
