import Glibc
import Testing
import Text

@testable import FailureAnalysis

@Suite struct FingerprintTests {
    private let analyzer: LogAnalyzer

    init() throws {
        analyzer = try LogAnalyzer()
    }

    @Test(arguments: [
        ("2026-01-02T03:04:05.678Z took 12.3s", "2025-11-20 10:00:00 took 9.81s"),
        ("commit 3f2a9c1e77ab, pid 4711", "commit 00ab12cd34ef, pid 12"),
        ("/home/runner/work/app/app/src/main.c:12:5: error: no", "/builds/team/app/src/main.c:14:5: error: no"),
        ("cannot open /tmp/tmp.aB12/x.txt", "cannot open /tmp/build-77/x.txt"),
        ("object at 0x7f12aa979a90 on 10.0.0.1:8080", "object at 0x7ffe00112233 on 172.17.0.2:39211"),
        ("job 550e8400-e29b-41d4-a716-446655440000 failed", "job 123e4567-e89b-12d3-a456-426614174000 failed"),
        ("app.rb:12:in `parse'", "app.rb:19:in `parse'"),
        ("line 12, characters 5-8", "line 90, characters 5-8"),
        ("expected 12 rows, got 11", "expected 40 rows, got 9"),
        ("pod web-7d4b9c6f5d-x2x9k is gone", "pod web-5f6d8b9c7d-k8s2p is gone"),
    ])
    func `what differs between two runs is masked`(a: String, b: String) throws {
        let mask = try LineMask()
        #expect(mask.mask(a) == mask.mask(b))
    }

    @Test(arguments: [
        ("error[E0308]: mismatched types", "error[E0425]: mismatched types"), ("exited with code 137", "exited with code 1"),
        ("error TS2304: x", "error TS2322: x"), ("left-pad@1.0.0 not found", "left-pad@2.0.0 not found"),
        ("HTTP 404 for a", "HTTP 503 for a"),
        ("test_parse_1 failed", "test_parse_2 failed"), ("src/a.c:1:2: error: x", "src/b.c:1:2: error: x"),
    ])
    func `what tells two causes apart stays`(a: String, b: String) throws {
        let mask = try LineMask()
        #expect(mask.mask(a) != mask.mask(b))
    }

    @Test func `parallel tests in another order, on another server, are one cause`() throws {
        let first = ["--- FAIL: TestParse (0.01s)", "    parse_test.go:12: got 1, want 2"]
        let second = ["--- FAIL: TestPrint (0.20s)", "    print_test.go:7: no newline"]
        let travis =
            ["travis_time:start:01", "$ go test"] + first + ["--- PASS: TestA (0.00s)"] + second
            + ["", "travis_time:end:01:start=1,finish=2,duration=1", "The command \"go test\" exited with 1."]
        let github =
            (["##[group]Run go test"] + second + ["--- PASS: TestB (0.00s)"] + first + ["##[error]Process completed with exit code 1."])
            .map { "2026-04-22T16:09:37.3317193Z " + $0 }
        let a = try fingerprint(travis.joined(separator: "\n"))
        let b = try fingerprint(github.joined(separator: "\n"))
        #expect(a.hex == b.hex)
        #expect(a.failureClass == .test)
        #expect(a.evidence.contains { $0.contains(3) } && a.evidence.contains { $0.contains(7) })
    }

    @Test(arguments: [
        ("main.go:3:1: undefined: foo", FailureClass.compile), ("README.md:12: Line longer than 80 characters.", .lint),
        ("ERROR: Could not find a version that satisfies the requirement x", .dependency),
        ("bash: cmake: command not found", .configuration),
        ("curl: (6) Could not resolve host: example.com", .infrastructure), ("--- FAIL: TestA (0.00s)", .test),
        ("Killed process 12 (java)", .outOfMemory), ("./x.sh: Permission denied", .permission), ("all went well, then the end", .unknown),
        ("No output has been received in the last 10m0s, this potentially indicates a stalled build", .timeout),
    ])
    func `the class is what the evidence says`(line: String, expected: FailureClass) throws {
        #expect(try fingerprint("starting\n\(line)\n").failureClass == expected)
    }

    private func fingerprint(_ text: String) throws -> Fingerprint {
        var template = Array("/tmp/fettle-log-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            unlink(path)
        }
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        return try analyzer.fingerprint(of: LogFile(path), table: analyzer.read(LogFile(path)))
    }
}
