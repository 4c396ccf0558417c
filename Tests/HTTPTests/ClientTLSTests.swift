import Basics
import Glibc
import HTTP
import TestSupport
import Testing

/// The client against `openssl s_server` with authorities made for the occasion. Skipped where the `openssl` command is missing.
@Suite(.enabled(if: TLSServer.isAvailable)) struct ClientTLSTests {
    @Test func `a server of a known authority is trusted and one of an unknown is not`() async throws {
        let server = try await TLSServer.start()
        defer { server.stop() }
        var options = CurlHTTPClient.Options()
        options.proxy = .none
        options.certificateAuthorities = server.authority
        let url = "https://localhost:\(server.port)/"
        let trusting = CurlHTTPClient(options: options)
        let answered = await eventually { (try? await trusting.send(ClientRequest(.get, url)).status) == 200 }
        #expect(answered)

        let failures = [(CurlHTTPClient.loopback(), url), (trusting, "https://127.0.0.1:\(server.port)/")]
        for (client, url) in failures {
            do throws(HTTPClientError) {
                _ = try await client.send(ClientRequest(.post, url, body: [1]))
                Issue.record("\(url) was trusted")
            } catch {
                guard case .notConnected = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test func `a server that asks for a certificate is shown ours, and its authority may come without a file`() async throws {
        let server = try await TLSServer.start(asksForCertificate: true)
        defer { server.stop() }
        let certificate = try FileText.read(server.authority)
        var options = CurlHTTPClient.Options()
        options.proxy = .none
        options.authorities = Array(certificate.utf8)
        options.identity = .init(certificate: Array(certificate.utf8), key: Secret(try FileText.read(server.key)))
        let url = "https://localhost:\(server.port)/"
        let known = CurlHTTPClient(options: options)
        let answered = await eventually { (try? await known.send(ClientRequest(.get, url)).status) == 200 }
        #expect(answered)
        options.identity = nil
        let unknown = CurlHTTPClient(options: options)
        await #expect(throws: HTTPClientError.self) { try await unknown.send(ClientRequest(.get, url)) }
    }
}

private enum FileText {
    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw RawSocket.Failure(description: "open \(path)") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

/// `openssl s_server -www`, for `localhost` by name only.
struct TLSServer {
    static let isAvailable = access("/usr/bin/openssl", X_OK) == 0

    let port: UInt16
    let authority: String
    var key: String { "\(folder)/key.pem" }
    private let folder: String
    private let process: pid_t

    /// - Parameter asksForCertificate: only whoever shows the server's own certificate is let in.
    static func start(asksForCertificate: Bool = false) async throws -> TLSServer {
        var template = Array("/tmp/fettle-tls-XXXXXX".utf8CString)
        guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { throw RawSocket.Failure(description: "mkdtemp") }
        let request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        let names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        let files = ["-keyout", "\(folder)/key.pem", "-out", "\(folder)/certificate.pem"]
        var status: Int32 = 0
        waitpid(try spawn(request + names + files), &status, 0)
        // A port that was free a moment ago.
        let (listener, address) = try await RawSocket.listen()
        listener.close()
        let process = try spawn(
            [
                "s_server", "-www", "-quiet", "-accept", "127.0.0.1:\(address.port)", "-cert", "\(folder)/certificate.pem", "-key",
                "\(folder)/key.pem",
            ] + (asksForCertificate ? ["-Verify", "1", "-verify_return_error", "-CAfile", "\(folder)/certificate.pem"] : []))
        return TLSServer(port: address.port, authority: "\(folder)/certificate.pem", folder: folder, process: process)
    }

    func stop() {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        for name in ["key.pem", "certificate.pem"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var process: pid_t = 0
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
        var argv = (["openssl"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        guard posix_spawn(&process, "/usr/bin/openssl", &files, nil, &argv, environ) == 0 else {
            throw RawSocket.Failure(description: "posix_spawn")
        }
        return process
    }
}
