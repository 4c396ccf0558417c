import Basics
import CLinux
import Glibc

/// A running child, watched to its end on the calling thread.
///
/// The order at the end matters: the group is killed while its leader is still unreaped, because after that the number may belong to
/// somebody else.
/// Confined to that thread.
final class Child {
    private let invocation: Invocation
    private let pid: pid_t
    private let leader: Descriptor
    private var input: Descriptor?
    private var output: Descriptor?
    private var errorOutput: Descriptor?
    /// Where the outputs go when they do not come to us.
    private let files: Outputs?
    private var isReaped = false
    private var sent = 0
    private var gathered: [UInt8] = []
    private var complaint: [UInt8] = []
    private var dropped = 0
    private let clock = SystemClock()

    init(_ invocation: Invocation, path: String) throws(SubprocessError) {
        let name = invocation.executable
        do {
            let toChild = try Pipe()
            let outputs = try Outputs(invocation)
            pid = try Spawn.start(
                invocation, path: path, input: toChild.reading.number, output: outputs.output.number,
                errorOutput: outputs.errorOutput.number
            ).get()
            (input, output, errorOutput) = (toChild.writing, outputs.reading?.output, outputs.reading?.errorOutput)
            files = outputs.reading == nil ? outputs : nil
        } catch let failure as SpawnFailure {
            throw .notStarted(executable: name, reason: SystemError.text(failure.number))
        } catch {
            throw .notStarted(executable: name, reason: (error as? PipeError)?.reason ?? "\(error)")
        }
        self.invocation = invocation
        leader = Descriptor(pidfd_open(pid, 0))
        for descriptor in [input, output, errorOutput] {
            if let descriptor { _ = fcntl(descriptor.number, F_SETFL, O_NONBLOCK) }
        }
    }

    deinit {
        if !isReaped {
            kill(-pid, SIGKILL)
            _ = reap()
        }
    }

    /// Feeds and drains until the leader has ended and its outputs are closed.
    func watch(wake: WakeUp) throws(SubprocessError) -> Completion {
        guard leader.number >= 0 else { throw .notStarted(executable: invocation.executable, reason: "no pidfd from this kernel") }
        var end = clock.uptime + invocation.deadline
        if invocation.input.isEmpty { input = nil }
        var leaderEnded = false
        while !leaderEnded || output != nil || errorOutput != nil {
            let rest = end - clock.uptime
            if leaderEnded, rest <= .zero { break }
            guard rest > .zero else { throw stop(.timedOut(executable: invocation.executable, after: invocation.deadline)) }
            let ready = wait(for: rest, wake: wake, leaderEnded: leaderEnded)
            if ready.wake { throw stop(.cancelled(executable: invocation.executable)) }
            if ready.input { feed() }
            if ready.output { drainOutput() }
            if ready.errorOutput { drainErrorOutput() }
            if gathered.count > invocation.outputLimit.bytes || (files?.size ?? 0) > Outputs.largestFile.bytes {
                throw stop(.outputTooLarge(executable: invocation.executable, limit: invocation.outputLimit))
            }
            if ready.leader, !leaderEnded {
                leaderEnded = true
                // What the leader left behind would hold the pipes open for as long as it likes; what left the group too gets a second.
                if files == nil || clinux_ended_well(pid) == 0 { kill(-pid, SIGKILL) }
                end = min(end, clock.uptime + .seconds(1))
                input = nil
            }
        }
        if let files {
            let ends = (files.output.end(upTo: invocation.outputLimit), files.errorOutput.end(upTo: invocation.errorOutputLimit))
            return Completion(ending: reap(), output: ends.0, errorOutput: ends.1)
        }
        return Completion(ending: reap(), output: gathered, errorOutput: complaint, errorOutputDropped: dropped)
    }

    private struct Ready {
        var wake = false
        var leader = false
        var input = false
        var output = false
        var errorOutput = false
    }

    private func wait(for rest: Duration, wake: WakeUp, leaderEnded: Bool) -> Ready {
        let events = Int16(POLLIN)
        // A negative descriptor is skipped by poll.
        var list = [
            pollfd(fd: wake.descriptor, events: events, revents: 0),
            pollfd(fd: leaderEnded ? -1 : leader.number, events: events, revents: 0),
            pollfd(fd: input?.number ?? -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output?.number ?? -1, events: events, revents: 0),
            pollfd(fd: errorOutput?.number ?? -1, events: events, revents: 0),
        ]
        // Files do not ring when they grow.
        let seconds = min(rest.components.seconds, files == nil ? 3600 : 0)
        let milliseconds = seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000 + 1
        guard poll(&list, nfds_t(list.count), Int32(clamping: milliseconds)) > 0 else { return Ready() }
        return Ready(
            wake: list[0].revents != 0, leader: list[1].revents != 0, input: list[2].revents != 0, output: list[3].revents != 0,
            errorOutput: list[4].revents != 0)
    }

    private func feed() {
        guard let input else { return }
        let written = invocation.input.withUnsafeBytes { bytes in
            write(input.number, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        }
        if written > 0 { sent += written }
        let failed = written < 0 && errno != EAGAIN && errno != EINTR
        if failed || sent == invocation.input.count { self.input = nil }
    }

    private func drainOutput() {
        if !Self.drain(output, into: { gathered.append(contentsOf: $0) }) { output = nil }
    }

    private func drainErrorOutput() {
        let limit = invocation.errorOutputLimit.bytes
        let stillOpen = Self.drain(errorOutput) { bytes in
            let kept = bytes.prefix(max(0, limit - complaint.count))
            complaint.append(contentsOf: kept)
            dropped += bytes.count - kept.count
        }
        if !stillOpen { errorOutput = nil }
    }

    /// One read; false at the end of the stream.
    private static func drain(_ descriptor: Descriptor?, into take: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard let descriptor else { return false }
        return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            let count = read(descriptor.number, buffer.baseAddress, buffer.count)
            if count > 0 { take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        }
    }

    /// Ends the group: politely, so that git takes its lock files away, then for good.
    private func stop(_ error: SubprocessError) -> SubprocessError {
        input = nil
        kill(-pid, SIGTERM)
        var ended = pollfd(fd: leader.number, events: Int16(POLLIN), revents: 0)
        let graceMilliseconds: Int32 = 500
        poll(&ended, 1, graceMilliseconds)
        kill(-pid, SIGKILL)
        _ = reap()
        return error
    }

    private func reap() -> Completion.Ending {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        return clinux_exited(status) != 0 ? .exited(clinux_exit_status(status)) : .signalled(clinux_term_signal(status))
    }
}
