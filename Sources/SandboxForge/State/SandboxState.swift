package import Basics
import Forge

/// Everything the sandbox knows.
struct SandboxState: Sendable {
    var repositories: [RepositoryName: SandboxRepository] = [:]
    var deliveries: [SandboxDelivery] = []
    /// Asked for again and not sent yet.
    var redeliveries: [SandboxDelivery] = []
    var faults: [SandboxFault] = []
    var requests: [SandboxRequest] = []
    private var lastID: Int64 = 1000

    mutating func takeID() -> Int64 {
        lastID += 1
        return lastID
    }
}

/// A request as it came, for counting and checking.
package struct SandboxRequest: Sendable {
    package let method: String
    package let path: String
    package let query: [String: String]
    package let body: JSONValue?
    /// When it came, by the forge's monotonic clock.
    package let at: Duration
    /// The answer's status; 0 while none was given.
    package var status: Int

    package init(method: String, path: String, query: [String: String], body: JSONValue?, at: Duration = .zero, status: Int = 0) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.at = at
        self.status = status
    }
}
