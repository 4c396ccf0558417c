import Basics
import Kubernetes
import TestSupport
import Testing

@Suite struct FailedRunReaderTests {
    private func account(_ scenario: ClusterScenario, run: String = "build-x7k2p", limits: FailedRunReader.Limits = .init()) async throws
        -> (account: RunAccount, transcript: String)
    {
        let cluster = SandboxCluster()
        scenario.arrange(in: cluster, run: run)
        let name = try #require(ObjectName(run))
        let account = try await FailedRunReader(cluster: Stage.client(cluster), limits: limits).account(
            of: .pipelineRun(namespace: Stage.ci, name: name))
        return (account, String(decoding: RunTranscript(account).bytes, as: UTF8.self))
    }

    @Test func `a pipeline run leads to the failing step of the task that failed first`() async throws {
        let (account, transcript) = try await account(.failedStep)
        #expect(account.outcome == .failed(.exit(code: 1)))
        #expect(account.task == "unit-tests")
        #expect(account.step == "test")
        #expect(account.log?.extent == .whole)
        #expect(transcript.contains("AssertionError: assert '2.34' == '2.35'"))
        #expect(account.source.repositories == [ClusterSample.repository])
        #expect(account.gaps.isEmpty)
    }

    @Test func `out of memory is known from the status, whatever the log says`() async throws {
        let (account, transcript) = try await account(.outOfMemory)
        #expect(account.outcome == .failed(.outOfMemory))
        #expect(transcript.contains("OOMKilled"))
    }

    @Test func `an image that cannot be pulled is told by status and events, without a log`() async throws {
        let (account, transcript) = try await account(.imagePull)
        #expect(account.outcome == .failed(.imagePull))
        #expect(account.log == nil)
        #expect(transcript.contains("registry.example.com/tools/build:7: not found"))
        #expect(account.gaps.contains { $0.contains("never started") })
        #expect(!transcript.contains("Successfully assigned"))
    }

    @Test func `a timeout whose pod is gone says that the log cannot be read`() async throws {
        let (account, transcript) = try await account(.timeoutPodGone)
        #expect(account.outcome == .failed(.timeout))
        #expect(transcript.contains("failed to finish within \"1h0m0s\""))
        #expect(account.gaps == ["the pod is gone, so its log cannot be read"])
    }

    @Test func `a missing service account is named`() async throws {
        let (account, transcript) = try await account(.missingServiceAccount)
        #expect(account.outcome == .failed(.missingServiceAccount))
        #expect(transcript.contains("serviceaccounts \"builder\" not found"))
    }

    @Test func `a quota is named`() async throws {
        #expect(try await account(.quota).account.outcome == .failed(.quota))
    }

    @Test func `a cancelled run is no failure, and neither is one of which nothing failed`() async throws {
        #expect(try await account(.cancelled).account.outcome == .cancelled)
        #expect(try await account(.nothingFailed).account.outcome == .notFailed("no task of the pipeline run has failed"))
        #expect(try await account(.nothingFailed).account.succeededTasks == ["build / unit-tests"])
    }

    @Test func `of a log that is too long its end is read, and the cut is told`() async throws {
        let (account, transcript) = try await account(.longLog, limits: .init(logBytes: 1 << 20, tailLines: 1000))
        #expect(account.log?.extent == .lastLines(1000))
        #expect(transcript.contains("AssertionError"))
        #expect(transcript.contains("Not available: the log is longer than is read; these are its last 1000 lines"))
    }

    @Test(arguments: [ClusterScenario.failedStep, .imagePull, .outOfMemory, .timeoutPodGone, .missingServiceAccount, .quota])
    func `two runs of the same failure read alike`(scenario: ClusterScenario) async throws {
        let first = try await account(scenario, run: "build-x7k2p").transcript
        let second = try await account(scenario, run: "build-9wq4z").transcript
        #expect(first == second)
    }

    @Test func `what may not be read becomes a gap, and the rest is told`() async throws {
        let cluster = SandboxCluster()
        ClusterScenario.failedStep.arrange(in: cluster, run: "build-1")
        cluster.deny("get", "pods/log")
        cluster.deny("list", "events")
        let account = try await FailedRunReader(cluster: Stage.client(cluster)).account(
            of: .pipelineRun(namespace: Stage.ci, name: Stage.pod))
        #expect(account.outcome == .failed(.exit(code: 1)))
        #expect(account.log == nil)
        #expect(account.gaps.contains { $0.contains("the log of container step-test: not allowed") })
        #expect(account.gaps.contains { $0.contains("the events of pod") })
    }

    @Test func `a pod by name is followed to its task run, also when the pod is gone`() async throws {
        let cluster = SandboxCluster()
        ClusterScenario.timeoutPodGone.arrange(in: cluster, run: "build-1")
        let gone = try #require(ObjectName("build-1-unit-tests-pod"))
        let reader = FailedRunReader(cluster: Stage.client(cluster))
        let account = try await reader.account(of: .pod(namespace: Stage.ci, name: gone, container: nil))
        #expect(account.outcome == .failed(.timeout))
        #expect(account.task == "unit-tests")
        let unknown = try #require(ObjectName("never-was"))
        await #expect(throws: ClusterError.notFound(subject: "pod ci/never-was")) {
            try await reader.account(of: .pod(namespace: Stage.ci, name: unknown, container: nil))
        }
    }

    @Test func `a container that keeps crashing is read from its last life`() async throws {
        let cluster = SandboxCluster()
        let waiting = ClusterSample.waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=web pod=web-1")
        cluster.put(
            ClusterSample.pod("build-1", phase: "Running", states: [("web", waiting)], last: ["web": ClusterSample.terminated(1, "Error")]))
        cluster.setLog("Error: DATABASE_URL is not set\n", of: "web", in: "build-1", namespace: "ci", previous: true)
        let account = try await FailedRunReader(cluster: Stage.client(cluster)).account(
            of: .pod(namespace: Stage.ci, name: Stage.pod, container: nil))
        #expect(account.outcome == .failed(.crashLoop))
        #expect(account.log?.isPrevious == true)
        #expect(account.log.map { String(decoding: $0.bytes, as: UTF8.self) } == "Error: DATABASE_URL is not set\n")
    }

    @Test func `objects with half their fields missing are read and never trap`() async throws {
        let cluster = SandboxCluster()
        ClusterScenario.failedStep.arrange(in: cluster, run: "build-1")
        let random = SeededRandom(seed: 11)
        let paths = cluster.paths
        let originals = paths.compactMap { path in cluster.object(path).map { (path, $0) } }
        for _ in 0..<200 {
            for (_, object) in originals { cluster.put(Self.pruned(object, random)) }
            _ = try? await FailedRunReader(cluster: Stage.client(cluster)).account(of: .pipelineRun(namespace: Stage.ci, name: Stage.pod))
        }
    }

    /// Members taken away at random; what says where the object is stays.
    private static func pruned(_ value: JSONValue, _ random: SeededRandom, depth: Int = 0) -> JSONValue {
        switch value {
        case .object(let members):
            var kept: [String: JSONValue] = [:]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                let isFixed = ["apiVersion", "kind", "metadata", "name", "namespace"].contains(name) && depth < 2
                let chance = random.unit()
                if isFixed {
                    kept[name] = name == "metadata" ? pruned(member, random, depth: depth + 1) : member
                } else if chance > 0.1 {
                    kept[name] = chance < 0.13 ? .null : pruned(member, random, depth: depth + 1)
                }
            }
            return .object(kept)
        case .array(let elements): return .array(elements.map { pruned($0, random, depth: depth + 1) })
        default: return value
        }
    }
}
