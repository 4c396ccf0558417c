import Basics
import CCurl

/// How a transfer ended, as libcurl tells it.
struct CurlFailure {
    var code: CURLcode
    /// libcurl's own words; never the address or a header.
    var message: String
    /// The request, or the beginning of it, may have reached the server.
    var wasSent: Bool
    var hasOverflowed = false

    /// What it means for the caller: above all whether the server may have acted.
    /// Source: curl.se/libcurl/c/libcurl-errors.html
    func error(host: String, request: ClientRequest) -> HTTPClientError {
        if hasOverflowed || code == CURLE_FILESIZE_EXCEEDED {
            return .responseTooLarge(host: host, limit: request.responseLimit.bytes)
        }
        if wasSent {
            return code == CURLE_OPERATION_TIMEDOUT
                ? .timedOut(host: host, after: request.deadline) : .interrupted(host: host, reason: message)
        }
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_CACERT_BADFILE, CURLE_FAILED_INIT:
            return .invalidRequest(reason: message)
        default:
            return .notConnected(host: host, reason: message)
        }
    }
}
