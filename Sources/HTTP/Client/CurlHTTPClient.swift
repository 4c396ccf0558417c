package import Basics
import Synchronization

/// Sends requests through libcurl. One thread of its own owns every connection; calls from anywhere wait without holding a thread.
///
/// Nothing is sent twice: redirects are not followed, failures not retried, and a `POST` or `PATCH` takes a new connection, because libcurl
/// repeats a request by itself when a kept connection turns out dead, which cannot be told from a server that acted and then closed.
/// Source: Curl_retry_request in curl 7.88's lib/transfer.c
package final class CurlHTTPClient: HTTPClient {
    package struct Options: Sendable {
        package enum Proxy: Sendable, Hashable {
            /// `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, as libcurl reads them. Source: curl.se/libcurl/c/libcurl-env.html
            case environment
            case none
            case url(String)
        }

        package var proxy = Proxy.environment
        /// PEM file with the authorities to trust instead of the system's.
        package var certificateAuthorities: String?
        /// The same as PEM text that is in no file of its own; wins over the file.
        package var authorities: [UInt8]?
        /// What this side shows of itself where a server asks for a certificate.
        package var identity: ClientIdentity?
        package var userAgent = "fettle"
        package var connectionsPerHost = 16
        package var connections = 64

        package init() {}
    }

    /// A certificate, with its chain, and its key; both PEM.
    package struct ClientIdentity: Sendable, Hashable {
        package let certificate: [UInt8]
        package let key: Secret

        package init(certificate: [UInt8], key: Secret) {
            self.certificate = certificate
            self.key = key
        }
    }

    private let loop: CurlLoop

    package init(options: Options = Options()) {
        loop = CurlLoop(options: options)
    }

    deinit {
        loop.stop()
    }

    package func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let checked = try CheckedRequest(request)
        let transfer = Transfer(checked)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if transfer.arm(continuation) { loop.begin(transfer) }
            }
        } onCancel: {
            if transfer.markCancelled() { loop.cancel(transfer) }
        }
        return try result.get()
    }
}
