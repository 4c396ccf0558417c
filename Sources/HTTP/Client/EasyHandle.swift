import Basics
import CCurl
import Glibc

/// One reusable transfer slot of libcurl. Only the loop's thread touches it.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private(set) var transfer: Transfer?

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText[0] = 0
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    func prepare(_ transfer: Transfer, options: CurlHTTPClient.Options) {
        self.transfer = transfer
        errorText[0] = 0
        let request = transfer.checked.request
        setConnection(request, options)
        setMethodAndBody(request)
        setHeaders(request)
        setCallbacks(transfer)
    }

    /// Back to a blank slot; kept connections stay with the loop.
    func clear() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headerList)
        headerList = nil
        transfer = nil
    }

    /// What the finished transfer came to.
    func outcome(_ code: CURLcode) -> Transfer.Outcome? {
        guard let transfer else { return nil }
        if code == CURLE_OK {
            var status = 0
            ccurl_getinfo_long(pointer, CURLINFO_RESPONSE_CODE, &status)
            guard let response = transfer.response(status: status) else {
                return .failure(.interrupted(host: transfer.checked.host, reason: "the answer ended within its head"))
            }
            return .success(response)
        }
        let message = errorText[0] != 0 ? String(cString: errorText) : String(cString: curl_easy_strerror(code))
        let failure = CurlFailure(code: code, message: message, wasSent: wasSent, hasOverflowed: transfer.hasOverflowed)
        return .failure(failure.error(host: transfer.checked.host, request: transfer.checked.request))
    }

    /// The request stage is reached once the connection, a proxy's tunnel and TLS stand. On a kept connection there is no such stage to time.
    private var wasSent: Bool {
        var began: curl_off_t = 0
        var newConnections = 0
        var bytes = 0
        ccurl_getinfo_off(pointer, CURLINFO_PRETRANSFER_TIME_T, &began)
        ccurl_getinfo_long(pointer, CURLINFO_NUM_CONNECTS, &newConnections)
        ccurl_getinfo_long(pointer, CURLINFO_REQUEST_SIZE, &bytes)
        return began > 0 || bytes > 0 && newConnections == 0
    }

    private func setConnection(_ request: ClientRequest, _ options: CurlHTTPClient.Options) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        // Zero would mean no bound.
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(request.deadline))
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(min(request.connectTimeout, request.deadline)))
        ccurl_setopt_off(pointer, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.responseLimit.bytes))
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // A cancelled look-up must not hold up every other transfer until the resolver gives up.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_USERAGENT, options.userAgent)
        setTrust(options)
        switch options.proxy {
        case .environment: break
        case .none: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url)
        }
    }

    /// Whom to believe, and what to show of ourselves. Blobs need no file that others could read.
    private func setTrust(_ options: CurlHTTPClient.Options) {
        if let authorities = options.authorities {
            set(CURLOPT_CAINFO_BLOB, authorities)
            ccurl_setopt_str(pointer, CURLOPT_CAPATH, nil)
        } else if let file = options.certificateAuthorities {
            set(CURLOPT_CAINFO, file)
            ccurl_setopt_str(pointer, CURLOPT_CAPATH, nil)
        }
        guard let identity = options.identity else { return }
        set(CURLOPT_SSLCERT_BLOB, identity.certificate)
        set(CURLOPT_SSLCERTTYPE, "PEM")
        set(CURLOPT_SSLKEY_BLOB, Array(identity.key.reveal().utf8))
        set(CURLOPT_SSLKEYTYPE, "PEM")
    }

    private func setMethodAndBody(_ request: ClientRequest) {
        if request.method == .post || request.method == .patch { set(CURLOPT_FRESH_CONNECT, 1) }
        if request.method == .head {
            set(CURLOPT_NOBODY, 1)
            return
        }
        let needsBody = [HTTPMethod.post, .put, .patch].contains(request.method)
        if let body = request.body ?? (needsBody ? [] : nil) {
            ccurl_setopt_off(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = body.withUnsafeBytes { bytes in
                withUnsafePointer(to: UInt8(0)) { nothing in
                    ccurl_setopt_ptr(
                        pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(nothing)))
                }
            }
        }
        if request.method != .get || request.body != nil { set(CURLOPT_CUSTOMREQUEST, request.method.name) }
    }

    private func setHeaders(_ request: ClientRequest) {
        for field in request.headers.fields {
            // "Name:" would mean "leave it out" to libcurl; a semicolon sends it empty.
            append(header: field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // libcurl's own: a wait for permission before large bodies, and a form's content type.
        if request.headers["Expect"] == nil { append(header: "Expect:") }
        if request.headers["Content-Type"] == nil { append(header: "Content-Type:") }
        ccurl_setopt_slist(pointer, CURLOPT_HTTPHEADER, headerList)
    }

    private func append(header line: String) {
        if let longer = curl_slist_append(headerList, line) { headerList = longer }
    }

    private func setCallbacks(_ transfer: Transfer) {
        // Alive as long as this slot holds it, which is until the transfer is off the loop.
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        ccurl_setopt_ptr(pointer, CURLOPT_ERRORBUFFER, errorText)
        ccurl_setopt_data_cb(pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context else { return 0 }
            let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().take(body: buffer) ? buffer.count : 0
        }
        ccurl_setopt_ptr(pointer, CURLOPT_WRITEDATA, context)
        ccurl_setopt_data_cb(pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let context else { return 0 }
            let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().take(line: buffer) ? buffer.count : 0
        }
        ccurl_setopt_ptr(pointer, CURLOPT_HEADERDATA, context)
    }

    private func set(_ option: CURLoption, _ value: Int) { ccurl_setopt_long(pointer, option, value) }
    private func set(_ option: CURLoption, _ value: String) { ccurl_setopt_str(pointer, option, value) }

    private func set(_ option: CURLoption, _ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { ccurl_setopt_blob(pointer, option, $0.baseAddress, $0.count) }
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(min(max(duration.milliseconds, 1), Int64(Int32.max))) }
}
