import Basics
import Forge
import Previews
import TestSupport
import Testing

@Suite struct ComposeFileTests {
    private func read(_ text: String, _ wishes: PreviewSettings.Compose = .init()) throws(PreviewFailure) -> ComposeFile {
        try ComposeFile(parsing: Array(text.utf8), wishes: wishes)
    }

    private func rendered(_ text: String, _ wishes: PreviewSettings.Compose = .init()) throws -> JSONValue {
        let preview = PreviewIdentity(forge: .github, repository: try #require(RepositoryName("octo/demo")), number: 5)
        return try JSONValue(parsing: try read(text, wishes).rendered(for: preview, address: "127.0.0.1", published: 42000).utf8)
    }

    private let usual = """
        services:
          web:
            build: .
            container_name: web
            ports: ["8080:3000", "9000:9000"]
            environment: {PORT: 3000, DEBUG: "yes"}
            depends_on: [db]
            volumes: ["data:/data", "./conf:/etc/app:ro"]
          db:
            image: postgres:16
            volumes: [data:/var/lib/postgresql/data]
        volumes: {data: {}}
        """

    @Test func `the front service's port is published where we say, and nobody else's`() throws {
        let file = try rendered(usual)
        #expect(file["services"]?["web"]?["ports"] == ["127.0.0.1:42000:3000"])
        #expect(file["services"]?["db"]?["ports"] == nil)
        #expect(file["services"]?["web"]?["container_name"] == nil)
        #expect(file["services"]?["web"]?["build"]?["context"] == ".")
        #expect(file["services"]?["web"]?["environment"]?["PORT"] == 3000)
        #expect(file["services"]?["db"]?["labels"]?["fettle.preview"] == "github:octo/demo#5")
        #expect(file["volumes"]?["data"] != nil)
    }

    @Test func `the service and the port can be named`() throws {
        let text = "services: {a: {image: x, ports: ['80']}, b: {image: y, ports: ['81:82/tcp']}}"
        #expect(throws: PreviewFailure.self) { try read(text) }
        #expect(try rendered(text, .init(service: "b"))["services"]?["b"]?["ports"] == ["127.0.0.1:42000:82"])
        #expect(try rendered(text, .init(service: "a", port: 7))["services"]?["a"]?["ports"] == ["127.0.0.1:42000:7"])
        #expect(throws: PreviewFailure.self) { try read(text, .init(service: "c")) }
        #expect(throws: PreviewFailure.self) { try read("services: {a: {image: x}}") }
        #expect(try rendered("services: {a: {image: x}}", .init(port: 7))["services"]?["a"]?["ports"] == ["127.0.0.1:42000:7"])
    }

    @Test(arguments: [
        "privileged: true", "network_mode: host", "pid: host", "ipc: host", "userns_mode: host", "cap_add: [SYS_ADMIN]",
        "devices: [/dev/mem]",
        "security_opt: [apparmor:unconfined]", "volumes: ['/:/host']", "volumes: ['../..:/up']", "volumes: ['~/x:/x']",
        "volumes: ['${HOME}:/x']",
        "volumes: [{type: bind, source: /, target: /host}]", "build: ../..", "build: {context: /}",
        "build: {context: ., dockerfile: ../../x}",
        "build: {context: ., secrets: [a]}", "build: 'https://example.com/x.git'", "env_file: /etc/passwd", "env_file: [../.env]",
        "extends: {file: /x, service: y}", "secrets: [x]", "configs: [x]", "cgroup_parent: x", "runtime: y", "volumes_from: [x]",
        "sysctls: {a: b}", "group_add: [docker]", "extra_hosts: ['a:host-gateway']", "dns: 1.1.1.1", "deploy: {}", "gpus: all",
        "use_api_socket: true",
        "volumes: ['./a:/b:rshared']", "links: [x]", "external_links: [x]",
    ])
    func `what reaches the host is refused, and the line is named`(key: String) {
        let failure = #expect(throws: PreviewFailure.self) { try read("services:\n  web:\n    image: x\n    ports: ['80']\n    \(key)\n") }
        #expect(failure?.kind == .misconfigured)
        #expect(failure?.cause.contains("line 5") == true)
    }

    @Test(arguments: [
        "volumes: {x: {driver_opts: {type: none, o: bind, device: /}}}", "volumes: {x: {external: true}}",
        "networks: {x: {external: true}}",
        "networks: {x: {driver: host}}", "secrets: {x: {file: /etc/shadow}}", "configs: {x: {file: /etc/shadow}}", "include: [/etc/x.yaml]",
        "volumes: {x: &a {name: other}}",
    ])
    func `what reaches the host from the top is refused too`(key: String) {
        #expect(throws: PreviewFailure.self) { try read("services: {web: {image: x, ports: ['80']}}\n\(key)\n") }
    }

    @Test func `merge keys hide nothing`() {
        let text = "x-evil: &evil {privileged: true}\nservices:\n  web:\n    <<: *evil\n    image: x\n    ports: ['80']\n"
        #expect(throws: PreviewFailure.self) { try read(text) }
    }

    @Test(arguments: [
        "", "services: 3", "services: {}", "[", "services: {web: 3}", "services: {web: {image: x, ports: 80}}",
        "services: {'a b': {image: x}}",
    ])
    func `what is no compose file is a failure and no crash`(text: String) {
        #expect(throws: PreviewFailure.self) { try read(text) }
    }

    @Test func `mutated files never crash the reader`() {
        let source = Array(usual.utf8)
        for seed in 1...UInt64(LongRun.count(1500, long: 150_000)) {
            let random = SeededRandom(seed: seed)
            var bytes = source
            for _ in 0...random.below(5) {
                let place = random.below(bytes.count)
                if random.unit() < 0.5 { bytes[place] = UInt8(truncatingIfNeeded: random.next()) } else { bytes.remove(at: place) }
            }
            _ = try? ComposeFile(parsing: bytes, wishes: .init())
        }
    }
}

@Suite struct ComposePathTests {
    private func read(_ value: String) throws -> ComposeFile {
        let text = "services:\n  web:\n    image: x\n    ports: ['80']\n    environment: {A: '\(value)'}\n"
        return try ComposeFile(parsing: Array(text.utf8), wishes: .init(), hidden: ["https_proxy", "HOME"])
    }

    @Test func `variables of the engine's own surroundings are not given away`() throws {
        for bad in ["$HOME", "${HOME}", "x${https_proxy:-}", "${A:-${HOME}}", "${A:-$HOME}"] {
            #expect(throws: PreviewFailure.self, "\(bad)") { try read(bad) }
        }
        _ = try read("${PREVIEW_SHA:-none} $OTHER 5$")
    }

    @Test func `paths the engine reads are known, so that links in them can be checked`() throws {
        let text = """
            services:
              web: {build: {context: app, dockerfile: x/Dockerfile}, env_file: [a.env], volumes: ['./conf:/c', 'kept:/k'], ports: ['80']}
            """
        let file = try ComposeFile(parsing: Array(text.utf8), wishes: .init())
        #expect(file.paths == [".env", "app", "app/x/Dockerfile", "a.env", "./conf"])
    }
}
