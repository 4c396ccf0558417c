package import Basics
package import HTTP

/// A way to fail, for the requests it matches.
package struct SandboxFault: Sendable {
    package enum Kind: Sendable {
        /// Answers this and does nothing.
        case answer(HTTPResponse)
        /// Does what was asked and then answers this: the write happened, the writer does not know.
        case answerAfterActing(HTTPResponse)
        /// Waits so long before doing anything.
        case hang(Duration)
        /// Does what was asked and then waits so long.
        case hangAfterActing(Duration)
        /// Sends half of the answer's bytes.
        case truncate
        /// Leaves the newest element out of a list, as a replica that lags behind would.
        case lag
        /// The same, while the last write to the repository is younger than this: no replica stays behind for ever.
        case lagBehind(Duration)
    }

    /// `nil` for any.
    package let method: HTTPMethod?
    /// Matches requests whose path ends so; empty for any.
    package let pathSuffix: String
    package let kind: Kind
    /// Lets so many matching requests by first.
    package var after: Int
    /// Then hits so many.
    package var times: Int

    package init(_ kind: Kind, method: HTTPMethod? = nil, pathSuffix: String = "", after: Int = 0, times: Int = 1) {
        self.kind = kind
        self.method = method
        self.pathSuffix = pathSuffix
        self.after = after
        self.times = times
    }

    func matches(_ request: HTTPRequest) -> Bool {
        (method == nil || method == request.method) && request.path.hasSuffix(pathSuffix)
    }
}

extension SandboxFault.Kind {
    package static func status(_ status: Int) -> SandboxFault.Kind {
        .answer(.json(status, ["message": .string("The sandbox was told to answer \(status)")]))
    }

    /// Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    package static func secondaryLimit(retryAfter seconds: Int) -> SandboxFault.Kind {
        var response = HTTPResponse.json(403, ["message": "You have exceeded a secondary rate limit. Please wait a few minutes."])
        response.headers.add("Retry-After", "\(seconds)")
        return .answer(response)
    }

    package static func primaryLimit(resetAt reset: Timestamp) -> SandboxFault.Kind {
        var response = HTTPResponse.json(403, ["message": "API rate limit exceeded for installation."])
        response.headers.add("X-RateLimit-Remaining", "0")
        response.headers.add("X-RateLimit-Reset", "\(reset.seconds)")
        return .answer(response)
    }
}
