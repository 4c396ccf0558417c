import Basics
import Glibc
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite struct BriefTests {
    @Test func `a brief request begins on the thread that read it, a long body and every other route elsewhere`() async throws {
        let threads = Mutex<[String: UInt]>([:])
        let reading = Mutex<Set<UInt>>([])
        let note: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            threads.withLock { $0["\(request.path) \(request.body.count)"] = UInt(pthread_self()) }
            return .text(200, "done")
        }
        var router = Router()
        router.post("/brief", bodyLimit: .mebibytes(1), isBrief: true) { request in
            let answer = note(request)
            await Task.yield()
            return answer
        }
        router.post("/plain", bodyLimit: .mebibytes(1)) { note($0) }
        let limit = RequestPlan.longestBriefBody.bytes
        // An access record is made on the thread that reads.
        try await withServer(router, observe: { _ in reading.withLock { _ = $0.insert(UInt(pthread_self())) } }) { server in
            for (path, size) in [("/brief", 5), ("/brief", limit), ("/brief", limit + 1), ("/plain", 5)] {
                let body = String(repeating: "x", count: size)
                let answer = try await server.say(
                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\nConnection: close\r\n\r\n\(body)")
                #expect(status(answer) == 200)
            }
            #expect(await eventually { reading.withLock { $0.count } == 1 })
        }
        let reader = try #require(reading.withLock { $0 }.first)
        let seen = threads.withLock { $0 }
        #expect(seen["/brief 5"] == reader)
        #expect(seen["/brief \(limit)"] == reader)
        #expect(seen["/brief \(limit + 1)"].map { $0 != reader } == true)
        #expect(seen["/plain 5"].map { $0 != reader } == true)
    }
}
