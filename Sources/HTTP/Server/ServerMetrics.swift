package import Basics

/// Requests by route, method and status, and how long they took.
package struct ServerMetrics: Sendable {
    private let requests: Metrics.Counter
    private let seconds: Metrics.HistogramMetric
    private let received: Metrics.Counter

    package init(_ metrics: Metrics) {
        requests = metrics.counter(
            "fettle_http_requests_total", help: "Requests by route, method and status; status 0: the client left first.",
            labels: ["route", "method", "status"])
        seconds = metrics.histogram(
            "fettle_http_request_seconds", help: "From the request line to the last byte of the answer.", labels: ["route"])
        received = metrics.counter("fettle_http_received_bytes_total", help: "Bytes of request bodies.")
    }

    /// For `HTTPServer`'s `observe`.
    package func count(_ record: AccessRecord) {
        requests.add(1, record.route, Self.known(record.method), String(record.status ?? 0))
        seconds.observe(record.duration.inSeconds, record.route)
        received.add(Double(record.received.bytes))
    }

    /// A method is any word of the client's.
    private static func known(_ method: String) -> String {
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "other"
    }
}

extension Router {
    /// `GET /metrics`
    package mutating func serve(_ metrics: Metrics) {
        get("/metrics") { _ in
            HTTPResponse(status: 200, headers: ["Content-Type": Metrics.contentType], body: .bytes(Array(metrics.text.utf8)))
        }
    }
}
