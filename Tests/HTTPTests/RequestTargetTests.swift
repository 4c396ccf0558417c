import HTTP
import Testing

@Suite struct RequestTargetTests {
    @Test(arguments: [
        "", "*", "jobs", "/a%", "/a%2", "/a%zz", "/%00", "/%0a", "/a/../b", "/a/%2e%2E/b", "/./a", "/%2e", "/a b", "/a#b", "/\u{7f}",
        "/%ff",
        "/?a=%00", "/?a=%", "http://", "http:///a", "ftp://host/a", "/%c0%ae%c0%ae/",
    ])
    func `a target that readers could disagree about is refused`(target: String) {
        #expect(RequestTarget(parsing: target) == nil)
    }

    @Test func `a target is decoded once`() throws {
        let target = try #require(RequestTarget(parsing: "/a%252F/%2f?x=%2526&y&=z&&w=a+b%2B"))
        #expect(target.segments == ["a%2F", "/"])
        #expect(target.path == "/a%2F//")
        #expect(target.query.map { "\($0.name)=\($0.value)" } == ["x=%26", "y=", "=z", "w=a b+"])
    }

    @Test func `an absolute target is its path`() throws {
        #expect(RequestTarget(parsing: "HTTP://host:80/a?b")?.path == "/a")
    }

    @Test func `a query of too many pairs is refused`() {
        let pairs = { (count: Int) in "/?" + Array(repeating: "a=1", count: count).joined(separator: "&") }
        #expect(RequestTarget(parsing: pairs(RequestTarget.queryPairLimit)) != nil)
        #expect(RequestTarget(parsing: pairs(RequestTarget.queryPairLimit + 1)) == nil)
    }
}
