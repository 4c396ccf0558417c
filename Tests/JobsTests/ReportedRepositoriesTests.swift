import Forge
import Testing

@testable import Jobs

@Suite struct ReportedRepositoriesTests {
    private static let hosts: [ForgeKind: String] = [.github: "github.com", .gitea: "git.example.com"]

    @Test(arguments: [
        ("https://github.com/octo/demo.git", "github:octo/demo"), ("https://github.com/octo/demo/", "github:octo/demo"),
        ("git@github.com:octo/demo.git", "github:octo/demo"), ("ssh://git@git.example.com:2222/octo/demo", "gitea:octo/demo"),
        ("http://user:secret@git.example.com/octo/demo", "gitea:octo/demo"), ("gitea:octo/demo", "gitea:octo/demo"),
    ])
    func `a repository is known by its address`(address: String, expected: String) throws {
        let pattern = try #require(ReportedRepositories.Pattern("\(expected.prefix { $0 != "/" })/*"))
        let choice = ReportedRepositories(standard: nil, allowed: [pattern]).choose(claimed: [address], hosts: Self.hosts)
        #expect(choice == .repository(try #require(ReportedRepositories.reference(expected))))
    }

    @Test(arguments: [
        "https://evil.example/octo/demo", "https://github.com.evil.example/octo/demo", "https://github.com@evil.example/octo/demo",
        "https://github.com/octo", "https://github.com/octo/demo/tree", "file:///octo/demo", "github.com", "", "https://github.com/../demo",
    ])
    func `another address chooses nothing`(address: String) throws {
        let all = ["github:octo/*", "gitea:octo/*"].compactMap(ReportedRepositories.Pattern.init)
        guard case .none = ReportedRepositories(standard: nil, allowed: all).choose(claimed: [address], hosts: Self.hosts) else {
            Issue.record("\(address) was taken")
            return
        }
    }

    @Test func `what is not allowed goes to the standard repository, or is refused with the setting's name`() throws {
        let standard = ReportedRepositories.reference("github:octo/ops")
        let claim = ["https://github.com/evil/demo"]
        let open = ReportedRepositories(standard: standard, allowed: [])
        #expect(open.choose(claimed: claim, hosts: Self.hosts) == .repository(try #require(standard)))
        guard case .none(let because) = ReportedRepositories(standard: nil, allowed: []).choose(claimed: claim, hosts: Self.hosts) else {
            Issue.record("it was taken")
            return
        }
        #expect(because.contains("FETTLE_REPORT_FAILURE_ALLOWED"))
    }
}
