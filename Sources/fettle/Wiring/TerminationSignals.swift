@preconcurrency import Dispatch
import Glibc

/// SIGTERM and SIGINT as a stream.
enum TerminationSignals {
    /// Yields each signal. From here on neither ends the process by itself.
    static func stream() -> AsyncStream<Int32> {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        let queue = DispatchQueue(label: "signals")
        let sources = [SIGTERM, SIGINT].map { number in
            // Ignored before the source is made: the other order loses the first signal on this platform.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
        return stream
    }
}
