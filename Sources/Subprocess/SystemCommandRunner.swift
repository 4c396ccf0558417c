import Basics
import CLinux
import Glibc
import Synchronization

/// Runs programs with `posix_spawn`, each watched by a thread of its own.
package struct SystemCommandRunner: CommandRunner {
    package init() {}

    package func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion {
        let path = try ExecutablePath.find(invocation)
        guard let wake = WakeUp() else { throw .notStarted(executable: invocation.executable, reason: SystemError.last) }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Completion, SubprocessError>, Never>) in
                let work = Work(invocation: invocation, path: path, wake: wake, continuation: continuation)
                if !work.start() {
                    let reason = "no thread: \(SystemError.last)"
                    continuation.resume(returning: .failure(.notStarted(executable: invocation.executable, reason: reason)))
                }
            }
        } onCancel: {
            wake.signal()
        }
        return try result.get()
    }
}

/// One run on its way to its thread.
private final class Work: Sendable {
    private let invocation: Invocation
    private let path: String
    private let wake: WakeUp
    private let continuation: CheckedContinuation<Result<Completion, SubprocessError>, Never>

    init(
        invocation: Invocation, path: String, wake: WakeUp, continuation: CheckedContinuation<Result<Completion, SubprocessError>, Never>
    ) {
        self.invocation = invocation
        self.path = path
        self.wake = wake
        self.continuation = continuation
    }

    /// False when the system has no thread to give.
    func start() -> Bool {
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        guard status == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        // A child that closes its standard input early would end us with SIGPIPE; on this thread it stays pending and dies with it.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        continuation.resume(
            returning: Result { () throws(SubprocessError) in
                try Child(invocation, path: path).watch(wake: wake)
            })
    }
}

/// An eventfd that a cancelled task writes to. Closed when the last holder lets go.
final class WakeUp: Sendable {
    let descriptor: Int32

    init?() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }
}

enum SystemError {
    /// The text of `errno`, to be read at once.
    static var last: String { text(errno) }

    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
