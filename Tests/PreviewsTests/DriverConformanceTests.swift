import Basics
import Forge
import FoundationEssentials
import Glibc
import HTTP
import Kubernetes
import Previews
import Subprocess
import Synchronization
import TestSupport
import Testing

/// One way of running environments, over something that behaves like the real thing.
enum DriverUnderTest: CaseIterable, Sendable {
    case command, compose, kubernetes

    /// The driver, an order for it, and one that fails half-way.
    struct Bench {
        let driver: any PreviewDriver
        let order: PreviewOrder
        let failing: PreviewOrder
        /// Whatever stands there now, seen from outside.
        let things: @Sendable () -> [String]
        let folder: TemporaryFolder
    }

    func bench() throws -> Bench {
        let folder = try TemporaryFolder()
        let folders = PreviewFolders(root: folder.path + "/previews")
        let preview = PreviewIdentity(forge: .github, repository: try #require(RepositoryName("octo/demo")), number: 5)
        func order(_ yaml: String, _ files: [String: String]) throws -> PreviewOrder {
            let path = try folders.newCheckout(for: preview)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: path + "/" + name)) }
            let reading = PreviewSettingsReader.read(Array("preview:\n  driver: \(yaml)".utf8))
            return PreviewOrder(
                preview: preview, commit: PlayedPreview.commit(1), checkout: path, settings: try #require(reading.settings),
                host: "pr-5.demo.previews.test")
        }
        switch self {
        case .command:
            let programs = PreviewPrograms(runner: SystemCommandRunner(), folders: folders, path: "/usr/bin:/bin", deadline: .seconds(20))
            let up = "command\n  up: [sh, up.sh]\n  down: [sh, -c, 'rm -f \"$HOME/runs\"']\n"
            let begin = "echo \"$PREVIEW_SHA\" > \"$HOME/runs\"; "
            let home = folders.folder(of: preview) + "/home/runs"
            return Bench(
                driver: CommandDriver(programs: programs, folders: folders),
                order: try order(up, ["up.sh": begin + "echo http://127.0.0.1:1/"]),
                failing: try order(up, ["up.sh": begin + "exit 1"]),
                things: { FileManager.default.fileExists(atPath: home) ? [home] : [] }, folder: folder)
        case .compose:
            let engine = ComposeEngine()
            // Tests that run beside this one allot ports too.
            let first = 43_000 + Int.random(in: 0..<150) * 20
            let driver = ComposeDriver(
                provider: ComposeDriver.Provider(compose: ["podman-compose"], engine: "podman"), runner: engine, folders: folders,
                ports: PortAllotment(range: first...(first + 19)), route: PortRoute(), environment: [:])
            let file = "services: {web: {image: x, ports: ['80']}, broken: {image: IMAGE}}\nvolumes: {kept: }\n"
            return Bench(
                driver: driver, order: try order("compose\n", ["compose.yaml": file.replacingExactly("IMAGE", with: "y")]),
                failing: try order("compose\n", ["compose.yaml": file.replacingExactly("IMAGE", with: "no-such-image")]),
                things: { engine.things }, folder: folder)
        case .kubernetes:
            let stage = try ClusterStage()
            stage.cluster.setController { object, cluster in
                guard object["kind"] == "Deployment" else { return }
                let isBroken = object.text.contains("no-such-image")
                RolloutController.play(isBroken ? .imagePull : .ready, object, cluster)
            }
            return Bench(
                driver: try stage.driver, order: try order("kubernetes\n", [:]),
                failing: try order("kubernetes\n  kubernetes: {image: no-such-image}\n", [:]), things: { stage.cluster.paths },
                folder: stage.folder)
        }
    }
}

/// What every driver promises; a new one is a case above.
@Suite struct DriverConformanceTests {
    @Test(arguments: DriverUnderTest.allCases) func `up called again leads to the same environment at the same address`(
        which: DriverUnderTest
    ) async throws {
        let bench = try which.bench()
        let first = try await bench.driver.up(bench.order)
        let things = bench.things()
        #expect(!things.isEmpty)
        #expect(try await bench.driver.up(bench.order) == first)
        #expect(bench.things() == things)
        try await bench.driver.down(bench.order)
    }

    @Test(arguments: DriverUnderTest.allCases) func `down takes everything away, and is quiet when nothing is there`(which: DriverUnderTest)
        async throws
    {
        let bench = try which.bench()
        try await bench.driver.down(bench.order)
        _ = try await bench.driver.up(bench.order)
        try await bench.driver.down(bench.order)
        #expect(bench.things() == [])
        try await bench.driver.down(bench.order)
    }

    @Test(arguments: DriverUnderTest.allCases) func `an up that fails half-way says why and what to do, and down leaves nothing of it`(
        which: DriverUnderTest
    ) async throws {
        let bench = try which.bench()
        let failure = await #expect(throws: PreviewFailure.self) { _ = try await bench.driver.up(bench.failing) }
        #expect(failure?.cause.isEmpty == false && failure?.nextStep.isEmpty == false)
        #expect(!bench.things().isEmpty)
        // A row that is lost with its commit must not keep an environment alive.
        let order = PreviewOrder(preview: bench.order.preview, commit: nil, checkout: nil, settings: bench.failing.settings)
        try await bench.driver.down(order)
        #expect(bench.things() == [])
    }

    @Test(arguments: DriverUnderTest.allCases) func `what runs is known by its pull request, where a driver can know it`(
        which: DriverUnderTest
    )
        async throws
    {
        let bench = try which.bench()
        #expect(bench.driver.kind.rawValue == "\(which)")
        _ = try await bench.driver.up(bench.order)
        let existing = try await bench.driver.existing()
        #expect(existing == nil ? which == .command : existing == [bench.order.preview])
        try await bench.driver.down(bench.order)
        #expect(try await bench.driver.existing() ?? [] == [])
    }
}

/// Speaks podman's command line, and takes connections on published ports as a container would.
final class ComposeEngine: CommandRunner {
    private struct State {
        /// Labels by container.
        var containers: [String: [String: String]] = [:]
        var sockets: [Int32] = []
        var ports: Set<Int> = []
        /// Projects by name.
        var volumes: [String: String] = [:]
    }

    private let state = Mutex(State())

    var things: [String] { state.withLock { (Array($0.containers.keys) + Array($0.volumes.keys)).sorted() } }

    func run(_ invocation: Invocation) async throws(SubprocessError) -> Completion {
        let words = invocation.arguments
        if invocation.executable == "podman-compose" { return up(words, in: invocation.workingDirectory ?? "") }
        let filter = words.last?.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        return state.withLock { state in
            switch words.first {
            case "ps":
                let pair = filter.split(separator: "=", maxSplits: 1).map(String.init)
                let found = state.containers.filter { pair.count == 2 ? $0.value[pair[0]] == pair[1] : $0.value[filter] != nil }
                return Self.said(found.keys.sorted())
            case "inspect":
                return Self.said(
                    words.dropFirst(3).map { id in words[2].contains("Labels") ? state.containers[id]?["fettle.preview"] ?? "" : "running 0"
                    })
            case "rm":
                for id in words.dropFirst() { state.containers[id] = nil }
                for socket in state.sockets { close(socket) }
                (state.sockets, state.ports) = ([], [])
            case "volume" where words[1] == "ls": return Self.said(state.volumes.filter { filter.hasSuffix("=" + $0.value) }.keys.sorted())
            case "volume": for name in words.dropFirst(2) { state.volumes[name] = nil }
            default: break
            }
            return Self.said([])
        }
    }

    private static func said(_ lines: [String]) -> Completion {
        Completion(ending: .exited(0), output: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// `-p PROJECT -f FILE up …`
    private func up(_ words: [String], in place: String) -> Completion {
        guard words.count > 3, let data = FileManager.default.contents(atPath: place + "/" + words[3]),
            let file = try? JSONValue(parsing: Array(data))
        else { return Completion(ending: .exited(1), output: [], errorOutput: Array("no file".utf8)) }
        return state.withLock { state in
            for name in file["volumes"]?.object?.keys.sorted() ?? [] { state.volumes["\(words[1])_\(name)"] = words[1] }
            // In the order compose starts them: the last may find no image when the first runs.
            for (name, service) in (file["services"]?.object ?? [:]).sorted(by: { $0.key > $1.key }) {
                if service["image"] == "no-such-image" {
                    return Completion(
                        ending: .exited(125), output: [], errorOutput: Array("Error: initializing source: manifest unknown".utf8))
                }
                state.containers["\(words[1])_\(name)"] = (service["labels"]?.object ?? [:]).compactMapValues(\.string)
                for port in service["ports"]?.array ?? [] {
                    let parts = (port.string ?? "").split(separator: ":").compactMap { Int($0) }
                    if let published = parts.first, !state.ports.contains(published), let socket = Self.listen(published) {
                        state.sockets.append(socket)
                        state.ports.insert(published)
                    }
                }
            }
            return Self.said([])
        }
    }

    private static func listen(_ port: Int) -> Int32? {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, __CONST_SOCKADDR_ARG(__sockaddr__: UnsafePointer($0)), socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, Glibc.listen(number, 8) == 0 else { return nil }
        return number
    }

    deinit { state.withLock { for socket in $0.sockets { close(socket) } } }
}
