import Basics
import FoundationEssentials
import HTTP
import Kubernetes
import LLM
import Previews
import TestSupport
import Testing

@testable import fettle

@Suite struct ConfigurationTests {
    @Test func `nothing configured is a valid start on loopback with SQLite and no model`() throws {
        let configuration = try read([:])
        #expect(configuration.listen == ListenAddress(host: "127.0.0.1", port: 8080))
        guard case .sqlite(path: "fettle.sqlite") = configuration.database, case .none = configuration.model else {
            Issue.record("unexpected defaults: \(configuration)")
            return
        }
        #expect(configuration.github == nil)
        #expect(configuration.gitea == nil)
    }

    @Test func `all faults are reported together, each with the name to mend`() {
        let error = #expect(throws: ConfigurationError.self) {
            try read([
                "FETTLE_LISTEN": "8080", "FETTLE_DATABASE": "mysql://x", "FETTLE_GITHUB_APP_ID": "1",
                "FETTLE_GITHUB_WEBHOOK_SECRET": "a,,b",
                "FETTLE_LLM_URL": "localhost", "FETTLE_LLM_MODEL": "m", "FETTLE_LLM_TASKS": "ask=small,paint=m", "FETTLE_LOG_LEVEL": "loud",
            ])
        }
        let origins = Set(error?.faults.map(\.origin) ?? [])
        #expect(
            origins == [
                "FETTLE_LISTEN", "FETTLE_DATABASE", "FETTLE_GITHUB_APP_ID", "FETTLE_GITHUB_WEBHOOK_SECRET", "FETTLE_LLM_URL",
                "FETTLE_LLM_TASKS", "FETTLE_LOG_LEVEL",
            ])
    }

    @Test func `previews in a cluster need a cluster and a domain, and take names that Kubernetes would have`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try read([
                "FETTLE_PREVIEW_KUBERNETES": "true", "FETTLE_PREVIEW_IMAGE": "a {b}", "FETTLE_PREVIEW_INGRESS_NAMESPACE": "A/b",
                "FETTLE_PREVIEW_TLS": "yes", "FETTLE_PREVIEW_GRANT": "role",
                "FETTLE_PREVIEW_REGISTRIES": #"{"auths": {"ghcr.io": {}}, "credsStore": "desktop"}"#,
            ])
        }
        let faults = error?.faults ?? []
        #expect(faults.filter { $0.origin == "FETTLE_PREVIEW_KUBERNETES" }.count == 2)
        let others = Set(faults.map(\.origin)).subtracting(["FETTLE_PREVIEW_KUBERNETES"])
        #expect(
            others == [
                "FETTLE_PREVIEW_IMAGE", "FETTLE_PREVIEW_INGRESS_NAMESPACE", "FETTLE_PREVIEW_TLS", "FETTLE_PREVIEW_GRANT",
                "FETTLE_PREVIEW_REGISTRIES",
            ])
        let whole = try read([
            "FETTLE_PREVIEW_KUBERNETES": "true", "FETTLE_KUBERNETES": "in-cluster", "FETTLE_PREVIEW_DOMAIN": "previews.example.com",
            "FETTLE_PREVIEW_TLS": "issuer:letsencrypt", "FETTLE_PREVIEW_GRANT": "fettle-preview:fettle:fettle",
            "FETTLE_PREVIEW_REGISTRIES": #"{"auths": {"ghcr.io": {"auth": "c2VjcmV0OnRva2Vu"}}}"#,
        ])
        #expect(whole.secrets.contains { $0.reveal() == "c2VjcmV0OnRva2Vu" }, "no part of it is ever shown")
        #expect(whole.previews.kubernetes?.tls == .issuer("letsencrypt"))
        #expect(whole.previews.kubernetes?.grant?.account.text == "fettle")
        #expect(whole.previews.kubernetes?.ingressNamespace.text == "ingress-nginx")
    }

    @Test(arguments: ["127.0.0.1:99999", "0.0.0.0:65536", "[::1]:70000", "127.0.0.1:-1"])
    func `a port out of range is named as such`(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(["FETTLE_LISTEN": text]) }
        #expect(error?.description.contains("is no port; ports go from 0 (any free one) to 65535") == true)
    }

    @Test func `faults of the file come in the order of its lines, before those of the environment`() throws {
        let folder = try TemporaryFolder()
        let text = "listen: nowhere\nunknown: 1\ngithub:\n  url: ftp://x\n  other: 2\nlog_level: loud\n"
        let path = folder.path + "/fettle.yml"
        try Data(text.utf8).write(to: URL(filePath: path))
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(environment: ["FETTLE_CONFIG": path, "FETTLE_DATABASE": "nothing"])
        }
        let origins = error?.faults.map { $0.origin.replacing(path, with: "fettle.yml") }
        #expect(origins == ["fettle.yml:1", "fettle.yml:2", "fettle.yml:4", "fettle.yml:5", "fettle.yml:6", "FETTLE_DATABASE"])
    }

    @Test(arguments: ["", ",", "a,", ",a", " ,a", "a,b,c"])
    func `an empty or third webhook secret is a start-up error`(text: String) {
        #expect(throws: ConfigurationError.self) { try read(["FETTLE_GITHUB_WEBHOOK_SECRET": text]) }
    }

    @Test func `two webhook secrets are trimmed and kept in order`() throws {
        #expect(try read(["FETTLE_GITHUB_WEBHOOK_SECRET": " new , old "]).github?.webhookSecrets == [Secret("new"), Secret("old")])
    }

    @Test func `a secret file holds one secret a line and loses its last newline only`() throws {
        let configuration = try read(["FETTLE_GITHUB_WEBHOOK_SECRET_FILE": "/secret"], files: ["/secret": "new\nold\n"])
        #expect(configuration.github?.webhookSecrets == [Secret("new"), Secret("old")])
        #expect(throws: ConfigurationError.self) {
            try read(["FETTLE_GITHUB_WEBHOOK_SECRET_FILE": "/secret"], files: ["/secret": "new\n\n"])
        }
        #expect(throws: ConfigurationError.self) { try read(["FETTLE_GITHUB_WEBHOOK_SECRET_FILE": "/missing"]) }
    }

    @Test func `a setting given both directly and by file is a fault, not a guess`() {
        #expect(throws: ConfigurationError.self) {
            try read(["FETTLE_LLM_API_KEY": "a", "FETTLE_LLM_API_KEY_FILE": "/key"], files: ["/key": "b"])
        }
    }

    @Test func `the App wins over the token`() throws {
        let configuration = try read(
            ["FETTLE_GITHUB_APP_ID": "7", "FETTLE_GITHUB_PRIVATE_KEY_FILE": "/pem", "FETTLE_GITHUB_TOKEN": "t"], files: ["/pem": "PEM"])
        guard case .app(id: "7", let key) = configuration.github?.credential else {
            Issue.record("the token was chosen")
            return
        }
        #expect(key.reveal() == "PEM")
    }

    @Test func `PORT means all addresses, and FETTLE_LISTEN wins over it`() throws {
        #expect(try read(["PORT": "9000"]).listen == ListenAddress(host: "0.0.0.0", port: 9000))
        #expect(try read(["PORT": "9000", "FETTLE_LISTEN": "[::1]:0"]).listen == ListenAddress(host: "::1", port: 0))
    }

    @Test(arguments: [("http://litellm:4000", "http://litellm:4000/v1"), ("http://litellm:4000/v1/", "http://litellm:4000/v1")])
    func `the older agent's LITELLM_URL gets its v1`(given: String, used: String) throws {
        guard case .openAI(url: used, _, let profile) = try read(["LITELLM_URL": given, "LITELLM_MODEL": "m"]).model, profile.name == "m"
        else {
            Issue.record("not read as an OpenAI-compatible server at \(used)")
            return
        }
    }

    @Test(arguments: ["FETTLE_LLM_TIMEOUT", "FETTLE_LLM_CONTEXT", "FETTLE_LLM_LONGEST_ANSWER"], ["0", "-1", "many", "1e9", ""])
    func `a number out of its range is a fault that names the range`(variable: String, text: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try read(["FETTLE_LLM_URL": "http://localhost/v1", "FETTLE_LLM_MODEL": "m", variable: text])
        }
        #expect(error?.faults.contains { $0.origin == variable && $0.problem.contains(" to ") } == true)
    }

    @Test func `a variable with a letter wrong is a fault that names the right one`() {
        let error = #expect(throws: ConfigurationError.self) { try read(["FETTLE_GITHUB_TOKN": "t"]) }
        #expect(error?.faults.first?.problem.contains("'FETTLE_GITHUB_TOKEN'") == true)
        #expect(throws: Never.self) { try read(["FETTLE_SOMETHING_OF_ANOTHER_PROGRAM": "x"]) }
    }

    @Test func `the model's numbers are checked also without a model, and one fault is not told twice`() {
        let error = #expect(throws: ConfigurationError.self) { try read(["FETTLE_LLM_CONTEXT": "abc", "FETTLE_LLM_TIMEOUT": "soon"]) }
        #expect(Set(error?.faults.map(\.origin) ?? []) == ["FETTLE_LLM_CONTEXT", "FETTLE_LLM_TIMEOUT"])
    }

    @Test func `the environment wins over the file, and a fault in the file names its line`() throws {
        let file = ["listen": RawSettings.Setting(text: "127.0.0.1:1", origin: "fettle.yml:3")]
        #expect(try read(["FETTLE_LISTEN": "127.0.0.1:2"], file: file).listen.port == 2)
        #expect(try read([:], file: file).listen.port == 1)
        let wrong = ["listen": RawSettings.Setting(text: "nonsense", origin: "fettle.yml:3")]
        #expect(throws: ConfigurationError.self) { try read([:], file: wrong) }
    }

    @Test func `no secret shows in a printed configuration`() throws {
        let configuration = try read([
            "FETTLE_GITHUB_TOKEN": "s3cr3t-a", "FETTLE_GITHUB_WEBHOOK_SECRET": "s3cr3t-b", "FETTLE_GITEA_URL": "https://git.example.com",
            "FETTLE_GITEA_TOKEN": "s3cr3t-c", "FETTLE_LLM_URL": "http://localhost/v1", "FETTLE_LLM_MODEL": "m",
            "FETTLE_LLM_API_KEY": "s3cr3t-d",
            "FETTLE_DATABASE": "postgres://u:s3cr3t-e@h/d", "FETTLE_REPORT_FAILURE_TOKEN": "s3cr3t-f",
        ])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("s3cr3t"))
        #expect(!"\(configuration)".contains("s3cr3t"))
        #expect(configuration.secrets.count == 6)
    }

    private func read(
        _ environment: [String: String], file: [String: RawSettings.Setting] = [:], files: [String: String] = [:]
    ) throws -> Configuration {
        try Configuration(environment: environment, file: file) { path in
            guard let content = files[path] else { throw ConfigurationFault(origin: path, problem: "no such file") }
            return content
        }
    }
}
