import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

@testable import fettle

/// `/report-failure` through the real service: from a run in a cluster to an issue on a forge.
@Suite(.serialized) struct ReportFailureTests {
    struct Story: Sendable, CustomTestStringConvertible {
        let scenario: ClusterScenario
        /// What the issue must quote.
        let quotes: [String]
        let failureClass: String

        var testDescription: String { scenario.rawValue }
    }

    private static let stories = [
        Story(
            scenario: .failedStep, quotes: ["AssertionError: assert '2.34' == '2.35'", "tests/test_money.py::test_rounds_half_up"],
            failureClass: "test"),
        Story(scenario: .outOfMemory, quotes: ["OOMKilled"], failureClass: "out_of_memory"),
        Story(
            scenario: .imagePull, quotes: ["ImagePullBackOff", "registry.example.com/tools/build:7: not found", "never started"],
            failureClass: "infrastructure"),
        Story(
            scenario: .timeoutPodGone, quotes: ["failed to finish within \"1h0m0s\"", "the pod is gone, so its log cannot be read"],
            failureClass: "timeout"),
        Story(
            scenario: .missingServiceAccount, quotes: ["serviceaccounts \"builder\" not found", "no pod was made for it"],
            failureClass: "configuration"),
        Story(scenario: .quota, quotes: ["exceeded quota: ci"], failureClass: "infrastructure"),
    ]

    @Test(arguments: stories, [ForgeKind.github, .gitea])
    func `a failed run becomes one issue that quotes what is known, however often it is reported`(story: Story, kind: ForgeKind)
        async throws
    {
        let stage = try ReportStage(kind)
        story.scenario.arrange(in: stage.cluster, run: "build-x7k2p")
        try await stage.perform { router in
            let reply = try await stage.report("build-x7k2p", router)
            #expect(reply.code == 200)
            #expect(reply.status == "success", "\(reply)")
            #expect(reply.result.hasPrefix("Issue created: http://forge/octo/demo/issues/"), "\(reply)")
            #expect(try await stage.report("build-x7k2p", router) == reply)
        }
        let issue = try #require(stage.issues.first)
        #expect(stage.issues.count == 1)
        // Escapes are the forge's to show.
        let body = issue.body.replacingExactly("\\", with: "")
        for quote in story.quotes { #expect(body.contains(quote), "\(quote) is not in\n\(body)") }
        #expect(body.contains("**\(story.failureClass)**"), "\(body)")
        #expect(body.contains("pipelinerun ci/build-x7k2p"), "\(body)")
    }

    @Test(arguments: [ClusterScenario.failedStep, .imagePull, .timeoutPodGone, .missingServiceAccount, .outOfMemory])
    func `the next run with the same cause is counted in the same issue`(scenario: ClusterScenario) async throws {
        let stage = try ReportStage()
        scenario.arrange(in: stage.cluster, run: "build-x7k2p")
        scenario.arrange(in: stage.cluster, run: "build-9wq4z")
        try await stage.perform { router in
            #expect(try await stage.report("build-x7k2p", router).result.hasPrefix("Issue created"))
            let second = try await stage.report("build-9wq4z", router)
            #expect(second.result.hasPrefix("Issue updated"), "\(second)")
        }
        #expect(stage.issues.count == 1)
    }

    @Test func `a model may ask for the pod and its events, and its account stands in the issue with quotes of the run alone`() async throws
    {
        let model = ScriptedModelServer { question in
            switch question.earlier {
            case 0: return .toolCall(name: "pod", arguments: [:])
            case 1: return .toolCall(name: "events", arguments: [:])
            case 2: return .toolCall(name: "delete_pod", arguments: [:])
            default:
                return .json([
                    "summary": "The image is gone.", "root_cause": "The tag 7 of the build image was removed.", "class": "infrastructure",
                    "evidence": [
                        ["source": "build / unit-tests", "quote": "registry.example.com/tools/build:7: not found"],
                        ["source": "build / unit-tests", "quote": "this line is nowhere"],
                    ], "fix": nil, "confidence": 0.9,
                ])
            }
        }
        let stage = try ReportStage(
            settings: ["FETTLE_LLM_URL": "http://model/v1", "FETTLE_LLM_MODEL": "scripted"], model: InProcessHTTPClient(model))
        ClusterScenario.imagePull.arrange(in: stage.cluster, run: "build-x7k2p")
        try await stage.perform { router in
            for _ in 0..<2 {
                let reply = try await stage.report("build-x7k2p", router)
                #expect(reply.status == "success", "\(reply)")
            }
        }
        let body = try #require(stage.issues.first?.body)
        #expect(model.questions.count == 4, "a cause that was told is not asked about again")
        let results = model.questions.last.map { "\($0.body.text)" } ?? ""
        #expect(results.contains("ImagePullBackOff") && results.contains("refused: there is no such tool"), "\(results)")
        #expect(body.contains("The tag 7 of the build image was removed"), "\(body)")
        #expect(!body.contains("this line is nowhere"))
    }

    @Test func `forty reports of one run at once make one issue`() async throws {
        let stage = try ReportStage()
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-1")
        try await stage.perform { router in
            let replies = try await withThrowingTaskGroup(of: ReportStage.Reply.self) { group in
                for _ in 0..<40 { group.addTask { try await stage.report("build-1", router) } }
                return try await group.reduce(into: [ReportStage.Reply]()) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.status == "success" })
            #expect(Set(replies.map(\.result)).count == 1)
        }
        #expect(stage.issues.count == 1)
    }

    @Test func `a cancelled run opens no issue, and one of which nothing failed closes those it had`() async throws {
        let stage = try ReportStage()
        ClusterScenario.cancelled.arrange(in: stage.cluster, run: "build-1")
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-2")
        ClusterScenario.nothingFailed.arrange(in: stage.cluster, run: "build-3")
        try await stage.perform { router in
            let cancelled = try await stage.report("build-1", router)
            #expect(cancelled.status == "success" && cancelled.result.hasPrefix("No issue: the run was cancelled"), "\(cancelled)")
            #expect(stage.issues.isEmpty)
            _ = try await stage.report("build-2", router)
            #expect(stage.issues.map(\.isOpen) == [true])
            let green = try await stage.report("build-3", router)
            #expect(green == ReportStage.Reply(code: 200, status: "success", result: "No issue: no task of the pipeline run has failed"))
            #expect(stage.issues.map(\.isOpen) == [false])
        }
    }

    @Test func `a task run and a pod are taken too, also when the pod is gone`() async throws {
        let stage = try ReportStage()
        ClusterScenario.timeoutPodGone.arrange(in: stage.cluster, run: "build-1")
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-2")
        try await stage.perform { router in
            let gone = try await stage.ask(["namespace": "ci", "pod_name": "build-1-unit-tests-pod"], router)
            #expect(gone.status == "success", "\(gone)")
            let task = try await stage.ask(["namespace": "ci", "taskrun": "build-2-unit-tests"], router)
            #expect(task.status == "success", "\(task)")
            let pod = try await stage.ask(
                ["namespace": "ci", "pod_name": "build-2-unit-tests-pod", "container_name": "step-test"], router)
            #expect(pod.status == "success", "\(pod)")
        }
    }

    @Test func `a run that is not there, and rights that are missing, are said with what to do`() async throws {
        let stage = try ReportStage()
        try await stage.perform { router in
            let unknown = try await stage.report("never-was", router)
            #expect(unknown.code == 200 && unknown.status == "error")
            #expect(unknown.result.contains("there is no such object"), "\(unknown)")
            stage.cluster.deny("get", "pipelineruns")
            let denied = try await stage.report("build-1", router)
            #expect(denied.status == "error" && denied.result.contains("bind our service account to a role"), "\(denied)")
        }
        #expect(stage.issues.isEmpty)
    }

    @Test func `what was said of a run stands when the run is gone since`() async throws {
        let stage = try ReportStage()
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-1")
        try await stage.perform { router in
            let reply = try await stage.report("build-1", router)
            for path in stage.cluster.paths where path.contains("build-1") { stage.cluster.remove(path) }
            #expect(try await stage.report("build-1", router) == reply)
        }
    }

    @Test func `without a cluster or a repository the answer says which setting is missing`() async throws {
        for (setting, words) in [("FETTLE_KUBECONFIG", "no cluster is configured"), ("FETTLE_REPORT_FAILURE_REPOSITORY", "no repository")] {
            let stage = try ReportStage(settings: [setting: ""])
            try await stage.perform { router in
                let reply = try await stage.report("build-1", router)
                #expect(reply.code == 200 && reply.status == "error" && reply.result.contains(words), "\(reply)")
            }
        }
    }

    @Test func `without the right token nothing is read, and without any setting nobody may ask`() async throws {
        let stage = try ReportStage()
        try await stage.perform { router in
            for token in [nil, "", "a-report-token2", "A-REPORT-TOKEN"] as [String?] {
                let reply = try await stage.report("build-1", router, token: token)
                #expect(reply.code == 401)
            }
        }
        let closed = try ReportStage(settings: ["FETTLE_REPORT_FAILURE_TOKEN": ""])
        try await closed.perform { router in
            let reply = try await closed.report("build-1", router)
            #expect(reply.code == 403)
        }
        #expect(stage.cluster.requests.isEmpty && closed.cluster.requests.isEmpty)
    }

    @Test func `a service account may report runs of its own namespace`() async throws {
        let stage = try ReportStage(settings: ["FETTLE_REPORT_FAILURE_TOKEN": "", "FETTLE_REPORT_FAILURE_TOKEN_REVIEW": "true"])
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-1")
        stage.cluster.allow(token: "of-ci", as: "system:serviceaccount:ci:pipeline")
        stage.cluster.allow(token: "of-web", as: "system:serviceaccount:web:pipeline")
        stage.cluster.allow(token: "of-alice", as: "alice")
        try await stage.perform { router in
            let other = try await stage.report("build-1", router, token: "of-web")
            #expect(other.code == 403)
            #expect(try await stage.report("build-1", router, token: "of-alice").code == 401)
            #expect(try await stage.report("build-1", router, token: "stolen").code == 401)
            #expect(try await stage.report("build-1", router, token: "of-ci").status == "success")
        }
    }

    @Test func `a run chooses its repository among those the operator allows`() async throws {
        let stage = try ReportStage(settings: [
            "FETTLE_REPORT_FAILURE_REPOSITORY": "github:octo/ops", "FETTLE_REPORT_FAILURE_ALLOWED": "github:octo/demo",
            "FETTLE_GITHUB_URL": "http://forge",
        ])
        let ops = try #require(RepositoryName("octo/ops"))
        stage.forge.addRepository(ops, files: [:])
        for (run, repository) in [("build-1", "github:octo/demo"), ("build-2", "github:evil/demo")] {
            ClusterScenario.failedStep.arrange(in: stage.cluster, run: run)
            stage.cluster.put(
                ClusterSample.pipelineRun(
                    run, children: ["\(run)-unit-tests"], annotations: ["fettle/repository": .string(repository)]))
        }
        try await stage.perform { router in
            let allowed = try await stage.report("build-1", router)
            #expect(allowed.result.contains("/octo/demo/issues/"), "\(allowed)")
            #expect(try await stage.report("build-2", router).result.contains("/octo/ops/issues/"))
        }
        #expect(stage.issues.count == 1)
        #expect(stage.forge.issues(in: ops).count == 1)
    }

    @Test func `a secret in the log is not published`() async throws {
        let stage = try ReportStage()
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-1")
        let secret = ["AKIA", "QYLPMN5HFIQR7XYA"].joined()
        stage.cluster.setLog(
            "Error: cannot sign in as \(secret)\n", of: "step-test", in: "build-1-unit-tests-pod", namespace: "ci")
        try await stage.perform { router in
            let reply = try await stage.report("build-1", router)
            #expect(reply.status == "success")
        }
        let issue = try #require(stage.issues.first)
        #expect(issue.body.contains("cannot sign in as"))
        #expect(!(issue.title + issue.body).contains(secret))
    }

    @Test func `what is no request is answered in the same shape`() async throws {
        let stage = try ReportStage()
        let bodies: [JSONValue] = [
            .null, [], "x", [:], ["namespace": "ci"], ["pipelinerun": "x"], ["namespace": "ci", "pipelinerun": "x", "taskrun": "y"],
            ["namespace": "../ci", "pipelinerun": "x"], ["namespace": "ci", "pipelinerun": "a/b"], ["namespace": 1, "pipelinerun": "x"],
            ["namespace": "ci", "pod_name": "x", "container_name": "a b"],
        ]
        try await stage.perform { router in
            for body in bodies {
                let reply = try await stage.ask(body, router)
                #expect(reply.code == 400 && reply.status == "error" && !reply.result.isEmpty, "\(body): \(reply)")
            }
            let long = try await stage.ask(["namespace": "ci", "pipelinerun": .string(String(repeating: "a", count: 20_000))], router)
            #expect(long.code == 413)
        }
        #expect(stage.cluster.requests.isEmpty)
    }

    @Test func `a forge that is away is tried again, and the answer comes with the job to look at`() async throws {
        let stage = try ReportStage()
        ClusterScenario.failedStep.arrange(in: stage.cluster, run: "build-1")
        stage.cluster.fail(pathSuffix: "/build-1", .text(503, "the server is starting"), times: 3)
        try await stage.perform { router in
            let reply = try await stage.report("build-1", router)
            #expect(reply.status == "success", "\(reply)")
        }
    }
}
