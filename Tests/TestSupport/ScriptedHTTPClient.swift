package import Basics
package import HTTP
import Synchronization

/// Answers every request as told, and remembers all of them.
package final class ScriptedHTTPClient: HTTPClient {
    package typealias Answer = @Sendable (_ request: ClientRequest, _ earlier: Int) -> Result<ClientResponse, HTTPClientError>

    private let answer: Answer
    private let sent = Mutex<[ClientRequest]>([])

    /// `earlier` is the number of requests before this one.
    package init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// One answer after the other; the last one again and again.
    package convenience init(_ answers: [Result<ClientResponse, HTTPClientError>]) {
        precondition(!answers.isEmpty, "a script needs an answer")
        self.init { _, earlier in answers[min(earlier, answers.count - 1)] }
    }

    package var requests: [ClientRequest] { sent.withLock { $0 } }

    package func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let earlier = sent.withLock { sent in
            sent.append(request)
            return sent.count - 1
        }
        return try answer(request, earlier).get()
    }
}

extension ClientResponse {
    package static func json(_ status: Int, _ value: JSONValue, headers: HTTPHeaders = [:]) -> ClientResponse {
        ClientResponse(status: status, headers: headers, body: value.serialized())
    }
}
