import Basics
import Forge
import Previews
import TestSupport
import Testing

@Suite struct PreviewSettingsTests {
    private func read(_ text: String) -> PreviewSettingsReading { PreviewSettingsReader.read(Array(text.utf8)) }

    @Test func `the contract's section is read with quiet defaults`() throws {
        let settings = try #require(read("preview: {driver: command, up: [sh, up.sh], down: [sh, down.sh]}\n").settings)
        #expect(settings.driver == .command)
        #expect(settings.up == ["sh", "up.sh"])
        #expect(settings.down == ["sh", "down.sh"])
        #expect(settings.policy == PreviewPolicy())
        #expect(settings.database == nil)
        #expect(settings.comments == nil)
    }

    @Test func `a file without the section asks for nothing`() {
        #expect(read("review: {enabled: true}\n") == read(""))
        #expect(read("").settings == nil)
        #expect(read("").faults.isEmpty)
    }

    @Test func `everything in it is read`() throws {
        let settings = try #require(
            read(
                """
                preview:
                  driver: compose
                  paths: ["web/**", api]
                  drafts: false
                  ttl: 36h
                  cap: 2
                  comment: true
                  compose: {file: deploy/compose.yaml, service: web, port: 8080}
                  database: {migrate: [make, migrate], seed: [make, seed]}
                """
            ).settings)
        #expect(settings.policy.when == .paths(["web/**", "api"]))
        #expect(settings.policy.idleLimit == Seconds(36 * 3600))
        #expect(settings.policy.cap == 2)
        #expect(!settings.policy.includesDrafts)
        #expect(settings.compose == .init(file: "deploy/compose.yaml", service: "web", port: 8080))
        #expect(settings.database == .init(migrate: ["make", "migrate"], seed: ["make", "seed"]))
        #expect(settings.comments == true)
    }

    @Test func `all faults are named with their lines, and then there is no preview`() {
        let reading = read(
            """
            review: {}
            preview:
              driver: command
              up: make up
              ttl: soon
              cap: 0
              colour: red
              when: sometimes
              compose: {file: ../../etc/passwd}
            """)
        #expect(reading.settings == nil)
        #expect(reading.faults.map(\.line) == [4, 5, 6, 7, 9, 8, 3])
        #expect(reading.faults.first?.message.contains("a program and its arguments") == true)
        #expect(reading.faults.last?.message.contains("`preview.down`") == true)
    }

    @Test(arguments: ["preview: 3", "preview: []", "preview: {up: [a]}", "preview: {driver: heroku}", "preview: [", "\u{0}", "a: *b"])
    func `what is no section is a fault and no crash`(text: String) {
        #expect(read(text).settings == nil)
        #expect(!read(text).faults.isEmpty)
    }

    @Test func `mutated sections never crash the reader`() {
        let source = Array("preview: {driver: command, up: [sh, up.sh], down: [sh, down.sh], ttl: 2d, database: {seed: [x]}}\n".utf8)
        for seed in 1...UInt64(LongRun.count(2000, long: 200_000)) {
            let random = SeededRandom(seed: seed)
            var bytes = source
            for _ in 0...(random.next() % 4) {
                let place = Int(random.next() % UInt64(bytes.count))
                if random.unit() < 0.5 { bytes[place] = UInt8(truncatingIfNeeded: random.next()) } else { bytes.remove(at: place) }
            }
            let reading = PreviewSettingsReader.read(bytes)
            #expect(reading.settings == nil || reading.faults.isEmpty)
        }
    }

    @Test func `times are read and bounded`() {
        #expect(Seconds("90m")?.count == 5400)
        #expect(Seconds("2d")?.text == "2d")
        #expect(Seconds("36h")?.text == "36h")
        for bad in ["", "d", "0d", "-1d", "+1d", "2", "2w", "99999999999999999d", "400d", "1.5h"] { #expect(Seconds(bad) == nil, "\(bad)") }
    }
}

@Suite struct PreviewNamesTests {
    private func identity(_ name: String, _ number: Int) throws -> PreviewIdentity {
        PreviewIdentity(forge: .github, repository: try #require(RepositoryName(name)), number: number)
    }

    @Test func `slugs fit everywhere and differ where identities differ`() throws {
        let a = try identity("octo/Demo_App.x", 5)
        #expect(a.slug.hasPrefix("pr-5-demo-app-x-"))
        #expect(a.slug.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 })
        #expect(try identity("acme/Demo_App.x", 5).slug != a.slug)
        let long = try identity("octo/" + String(repeating: "n", count: 100), Int(Int32.max))
        #expect(long.slug.utf8.count <= 40)
        #expect(try identity("octo/...-", 1).slug.hasPrefix("pr-1-x-"))
    }

    @Test func `an identity is read back from what drivers write`() throws {
        let a = try identity("octo/demo", 5)
        #expect(PreviewIdentity("\(a)") == a)
        for bad in ["", "github:octo/demo", "github:octo/demo#0", "github:octo#1", "svn:octo/demo#1", "github:octo/demo#x", "#:1"] {
            #expect(PreviewIdentity(bad) == nil, "\(bad)")
        }
    }

    @Test func `hosts are pr-N, repository, domain`() throws {
        let domain = try #require(PreviewDomain("Previews.Example.com"))
        #expect(domain.host(of: try identity("octo/Demo_App", 7)) == "pr-7.demo-app.previews.example.com")
        for bad in ["", "a..b", "-a.b", "a b", "a;b", "a/b", "a:80"] { #expect(PreviewDomain(bad) == nil, "\(bad)") }
    }

    @Test(arguments: ["http://127.0.0.1:8080", "https://pr-5.demo.example.com/path?q=1#f", "http://[::1]:80/", "HTTP://host"])
    func `addresses of the web are taken`(text: String) {
        #expect(PreviewAddress(text) != nil)
    }

    @Test(arguments: [
        "", "listening", "ftp://host", "javascript:alert(1)", "http://", "http:///x", "http://user@host", "http://host:0",
        "http://host:99999",
        "http://host:80a", "http://ho st", "http://host/\"><script>", "http://host/`x`", "http://host\n", "http://hö.st", "//host",
        "http://host)[x](http://evil", "http://[x", "http://:80",
    ])
    func `anything else is no address`(text: String) {
        #expect(PreviewAddress(text) == nil)
    }
}
