import Basics
import Forge
import Jobs
import Testing
import Webhooks

@Suite struct EventHandlersTests {
    private let repository = RepositoryReference(
        forge: .github, name: RepositoryName(owner: "octo", name: "demo") ?? { fatalError("valid name") }(), installation: 7)
    private let commit = CommitID(String(repeating: "a", count: 40)) ?? { fatalError("valid id") }()
    private let sender = Account(login: "alice", kind: .user)

    @Test(arguments: [PullRequestEvent.Action.opened, .reopened, .readyForReview, .pushed, .retargeted])
    func `a pull request that may have a new diff leads to one review in place of older ones`(action: PullRequestEvent.Action) throws {
        let jobs = EventHandlers.decide(.pullRequest(event(action))).jobs
        let job = try #require(jobs.first)
        #expect(jobs.count == 1)
        #expect(job.kind == ReviewRequest.kind)
        #expect(job.concurrencyKey == "github:octo/demo#3")
        #expect(job.supersedesOlder)
        #expect(try job.payload.decoded(as: ReviewRequest.self).isAskedFor == false)
    }

    @Test(arguments: [true, false])
    func `a closed pull request stops the review that runs and closes what it left open`(merged: Bool) {
        let jobs = EventHandlers.decide(.pullRequest(event(.closed(merged: merged)))).jobs
        #expect(jobs.map(\.supersedesOlder) == [true])
    }

    @Test func `a re-run of our check reviews every pull request it names, also a head already reviewed`() throws {
        let event = CheckRunEvent(repository: repository, commit: commit, checkName: ReviewCheck.name, pullRequests: [3, 4])
        let jobs = EventHandlers.decide(.checkRunRerequested(event)).jobs
        #expect(jobs.map(\.concurrencyKey) == ["github:octo/demo#3", "github:octo/demo#4"])
        #expect(try jobs.allSatisfy { try $0.payload.decoded(as: ReviewRequest.self).isAskedFor })
    }

    @Test func `a re-run of somebody else's check is not ours to do`() {
        let event = CheckRunEvent(repository: repository, commit: commit, checkName: "build", pullRequests: [3])
        #expect(EventHandlers.decide(.checkRunRerequested(event)).jobs.isEmpty)
    }

    @Test func `a merge queue gets its check, once for each merge commit`() {
        let event = MergeGroupEvent(repository: repository, head: commit)
        let first = EventHandlers.decide(.mergeGroup(event)).jobs
        #expect(first.map(\.kind) == [MergeGroupRequest.kind])
        #expect(first.first?.uniqueKey != nil)
    }

    @Test(arguments: [ForgeEvent.ping, .unhandled(event: "star", action: "created"), .unhandled(event: "fork", action: nil)])
    func `other events are acknowledged with a reason and lead to nothing`(event: ForgeEvent) {
        guard case .ignored(let reason) = EventHandlers.decide(event) else {
            Issue.record("\(event) led to work")
            return
        }
        #expect(!reason.isEmpty)
    }

    private func event(_ action: PullRequestEvent.Action) -> PullRequestEvent {
        PullRequestEvent(
            action: action, pullRequest: PullRequestReference(repository: repository, number: 3), head: commit, sender: sender)
    }
}

extension DeliveryDecision {
    /// The jobs it leads to; none unless handled.
    var jobs: [JobRequest] {
        if case .handled(let jobs, _) = self { jobs } else { [] }
    }
}
