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
    /// The answer's status; 0 while none was given.
    package var status: Int
}
