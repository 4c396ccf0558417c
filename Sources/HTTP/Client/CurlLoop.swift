import Basics
import CCurl
import Synchronization

/// The thread that owns libcurl's connections. Others post commands and wake it; no handle of libcurl leaves it.
final class CurlLoop: Sendable {
    private enum Command: Sendable {
        case begin(Transfer)
        case cancel(Transfer)
        case stop
    }

    private struct Inbox {
        var commands: [Command] = []
        /// The thread has ended and the handle below is gone.
        var isClosed = false
    }

    /// Safe to share: other threads only wake it, under the inbox's lock, which the thread takes before it frees it.
    private struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    /// Slots kept for reuse.
    private static let spareLimit = 16

    /// libcurl's own set-up, once in a process.
    private static let isReady: Bool = curl_global_init(ccurl_global_default()) == CURLE_OK

    private let options: CurlHTTPClient.Options
    private let multi: Multi?
    private let inbox = Mutex(Inbox())

    init(options: CurlHTTPClient.Options) {
        self.options = options
        multi = Self.isReady ? curl_multi_init().map { Multi(pointer: $0) } : nil
        guard let multi else { return }
        ccurl_multi_setopt_long(multi.pointer, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
        ccurl_multi_setopt_long(multi.pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, options.connections)
        if !OwnThread.start({ self.run(multi.pointer) }) {
            curl_multi_cleanup(multi.pointer)
            inbox.withLock { $0.isClosed = true }
        }
    }

    func begin(_ transfer: Transfer) {
        if !post(.begin(transfer)) {
            transfer.finish(.failure(.notConnected(host: transfer.checked.host, reason: "the HTTP client could not start")))
        }
    }

    func cancel(_ transfer: Transfer) {
        if !post(.cancel(transfer)) { transfer.finish(.failure(.cancelled)) }
    }

    /// Ends the thread; calls under way fail as cancelled.
    func stop() { _ = post(.stop) }

    private func post(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard let multi, !inbox.isClosed else { return false }
            inbox.commands.append(command)
            curl_multi_wakeup(multi.pointer)
            return true
        }
    }

    private func run(_ multi: UnsafeMutableRawPointer) {
        var slots = Slots(multi: multi, options: options)
        while perform(&slots) {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            slots.collect()
            curl_multi_poll(multi, nil, 0, 1000, nil)
        }
        slots.closeAll()
        let late = inbox.withLock { inbox in
            inbox.isClosed = true
            defer { inbox.commands = [] }
            return inbox.commands
        }
        for case .begin(let transfer) in late { transfer.finish(.failure(.cancelled)) }
        curl_multi_cleanup(multi)
    }

    /// Carries out what was posted; `false` to end.
    private func perform(_ slots: inout Slots) -> Bool {
        let commands = inbox.withLock { inbox in
            defer { inbox.commands = [] }
            return inbox.commands
        }
        var goesOn = true
        for command in commands {
            switch command {
            case .begin(let transfer): slots.begin(transfer)
            case .cancel(let transfer): slots.cancel(transfer)
            case .stop: goesOn = false
            }
        }
        return goesOn
    }

    /// Transfers under way and slots at rest.
    private struct Slots {
        let multi: UnsafeMutableRawPointer
        let options: CurlHTTPClient.Options
        var live: [UnsafeMutableRawPointer: EasyHandle] = [:]
        var spare: [EasyHandle] = []

        mutating func begin(_ transfer: Transfer) {
            guard let slot = spare.popLast() ?? EasyHandle() else {
                transfer.finish(.failure(.notConnected(host: transfer.checked.host, reason: "out of memory")))
                return
            }
            slot.prepare(transfer, options: options)
            guard curl_multi_add_handle(multi, slot.pointer) == CURLM_OK else {
                transfer.finish(.failure(.notConnected(host: transfer.checked.host, reason: "the transfer could not start")))
                return
            }
            live[slot.pointer] = slot
        }

        mutating func cancel(_ transfer: Transfer) {
            if let slot = live.values.first(where: { $0.transfer === transfer }) { release(slot) }
            transfer.finish(.failure(.cancelled))
        }

        mutating func collect() {
            var left: Int32 = 0
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let slot = live[message.pointee.easy_handle] else { continue }
                let outcome = slot.outcome(ccurl_msg_result(message))
                let transfer = slot.transfer
                release(slot)
                if let outcome { transfer?.finish(outcome) }
            }
        }

        mutating func closeAll() {
            for slot in live.values {
                let transfer = slot.transfer
                curl_multi_remove_handle(multi, slot.pointer)
                transfer?.finish(.failure(.cancelled))
            }
            live = [:]
            spare = []
        }

        private mutating func release(_ slot: EasyHandle) {
            curl_multi_remove_handle(multi, slot.pointer)
            live[slot.pointer] = nil
            slot.clear()
            if spare.count < CurlLoop.spareLimit { spare.append(slot) }
        }
    }
}
