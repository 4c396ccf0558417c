import Basics
import HTTP
import Synchronization

/// Answers with their ETags: asking again with one costs no rate limit when nothing changed.
///
/// Source: docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api, "Use conditional requests"
final class ResponseCache: Sendable {
    private struct Entry {
        let etag: String
        let response: ClientResponse
        var usedAt: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    private let capacity: ByteCount
    private let state = Mutex(State())

    init(capacity: ByteCount = .mebibytes(16)) {
        self.capacity = capacity
    }

    /// The ETag to send, and the answer it stands for.
    func entry(for key: String) -> (etag: String, response: ClientResponse)? {
        state.withLock { state in
            guard var entry = state.entries[key] else { return nil }
            state.uses += 1
            entry.usedAt = state.uses
            state.entries[key] = entry
            return (entry.etag, entry.response)
        }
    }

    /// Keeps an answer that has an ETag; drops the longest unused ones beyond the capacity.
    func keep(_ response: ClientResponse, for key: String) {
        guard response.status == 200, let etag = response.headers["ETag"], response.body.count <= capacity.bytes / 8 else { return }
        state.withLock { state in
            state.uses += 1
            if let old = state.entries.updateValue(Entry(etag: etag, response: response, usedAt: state.uses), forKey: key) {
                state.bytes -= old.response.body.count
            }
            state.bytes += response.body.count
            while state.bytes > capacity.bytes || state.entries.count > 512 {
                guard let oldest = state.entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else { break }
                state.entries[oldest.key] = nil
                state.bytes -= oldest.value.response.body.count
            }
        }
    }
}
