import HTTP
import Testing

@testable import Dashboard

@Suite struct LoopbackGuardTests {
    @Test(arguments: ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.9.8.7", "localhost"])
    func `a reader on this machine who names it is let in`(host: String) {
        #expect(refusal(peer: "127.0.0.1:50000", host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "127.1", "0.0.0.0", "", "[::2]",
    ])
    func `a name elsewhere is refused, so that a foreign page cannot ask through the browser`(host: String) {
        #expect(refusal(peer: "127.0.0.1:50000", host: host) != nil)
    }

    @Test(arguments: ["10.0.0.1:5", "192.168.1.2:5", "[2001:db8::1]:5", "203.0.113.9:5"])
    func `a reader elsewhere is refused`(peer: String) {
        #expect(refusal(peer: peer, host: "127.0.0.1:8080") != nil)
    }

    @Test func `two Host headers and headers of a proxy are refused`() {
        var headers: HTTPHeaders = ["Host": "localhost", "host": "localhost"]
        #expect(LoopbackGuard().refusal(of: HTTPRequest(method: .get, path: "/", headers: headers)) != nil)
        headers = ["Host": "localhost", "X-Forwarded-For": "203.0.113.9"]
        #expect(LoopbackGuard().refusal(of: HTTPRequest(method: .get, path: "/", headers: headers)) != nil)
    }

    private func refusal(peer: String, host: String) -> HTTPResponse? {
        LoopbackGuard().refusal(of: HTTPRequest(method: .get, path: "/", headers: ["Host": host], peer: peer))
    }
}
