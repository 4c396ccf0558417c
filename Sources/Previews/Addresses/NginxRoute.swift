import Basics
import FoundationEssentials
package import Subprocess

/// A fragment of nginx's configuration for each preview: written, tested with `nginx -t`, then loaded; a fragment that does not stand the
/// test is taken back, so that one preview cannot stop the others.
package struct NginxRoute: PreviewRoute {
    package struct Settings: Sendable {
        /// Included by nginx's configuration: `include FOLDER/*.conf;`.
        package var folder: String
        /// nginx's own configuration; `nil` for the one it was built with.
        package var configuration: String?
        /// Certificate and key on this machine, by path; `nil` for plain HTTP.
        package var certificate: String?
        package var certificateKey: String?
        package var port: Int

        package init(folder: String, configuration: String? = nil, certificate: String? = nil, certificateKey: String? = nil, port: Int) {
            self.folder = folder
            self.configuration = configuration
            self.certificate = certificate
            self.certificateKey = certificateKey
            self.port = port
        }

        var isSecure: Bool { certificate != nil && certificateKey != nil }
    }

    private let settings: Settings
    private let runner: any CommandRunner
    private let path: String

    package init(settings: Settings, runner: any CommandRunner, path: String) {
        self.settings = settings
        self.runner = runner
        self.path = path
    }

    package func publish(_ order: PreviewOrder, port: Int, address: String) async throws(PreviewFailure) -> PreviewAddress {
        guard let host = order.host else {
            throw PreviewFailure(
                .misconfigured, cause: "There is no domain for previews.", nextStep: "The operator sets FETTLE_PREVIEW_DOMAIN.")
        }
        try refuseStranger(host, order.preview)
        let file = file(of: order.preview)
        let before = FileManager.default.contents(atPath: file)
        let text = fragment(order.preview, host: host, upstream: "\(address):\(port)")
        try write(Data(text.utf8), file)
        do {
            try await nginx(["-t"], "test")
        } catch {
            if let before { try write(before, file) } else { try? FileManager.default.removeItem(atPath: file) }
            throw error
        }
        try await nginx(["-s", "reload"], "reload")
        let standard = settings.isSecure ? 443 : 80
        let place = settings.port == standard ? host : "\(host):\(settings.port)"
        guard let found = PreviewAddress("\(settings.isSecure ? "https" : "http")://\(place)/") else { throw .overtaken }
        return found
    }

    package func withdraw(_ preview: PreviewIdentity) async throws(PreviewFailure) {
        let file = file(of: preview)
        guard FileManager.default.fileExists(atPath: file) else { return }
        do { try FileManager.default.removeItem(atPath: file) } catch { throw Self.unwritable }
        try await nginx(["-s", "reload"], "reload")
    }

    /// The whole fragment. Everything in it is ours or checked: a host name, a number, an identity of plain characters.
    func fragment(_ preview: PreviewIdentity, host: String, upstream: String) -> String {
        var lines = [
            "# \(preview)", "server {", "    listen \(settings.port)\(settings.isSecure ? " ssl" : "");", "    server_name \(host);",
        ]
        if let certificate = settings.certificate, let key = settings.certificateKey {
            lines += ["    ssl_certificate \(certificate);", "    ssl_certificate_key \(key);"]
        }
        lines += [
            "    location / {", "        proxy_pass http://\(upstream);", "        proxy_http_version 1.1;",
            "        proxy_set_header Host $host;",
            "        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", "        proxy_set_header X-Forwarded-Proto $scheme;",
            "        proxy_set_header Upgrade $http_upgrade;", "        proxy_set_header Connection \"upgrade\";",
            "        add_header X-Robots-Tag noindex;", "    }", "}", "",
        ]
        return lines.joined(separator: "\n")
    }

    private func file(of preview: PreviewIdentity) -> String { "\(settings.folder)/\(preview.slug).conf" }

    /// Two owners' repositories of one name would answer to one host.
    private func refuseStranger(_ host: String, _ preview: PreviewIdentity) throws(PreviewFailure) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: settings.folder)) ?? [] where name.hasSuffix(".conf") {
            guard name != "\(preview.slug).conf", let text = try? String(contentsOfFile: "\(settings.folder)/\(name)", encoding: .utf8),
                text.contains("server_name \(host);")
            else { continue }
            throw PreviewFailure(
                .portConflict, cause: "The host name \(host) belongs to another preview.",
                nextStep: "The operator gives each owner a domain of its own.")
        }
    }

    private func write(_ data: Data, _ file: String) throws(PreviewFailure) {
        do { try data.write(to: URL(filePath: file), options: .atomic) } catch { throw Self.unwritable }
    }

    private static let unwritable = PreviewFailure(
        .unavailable, cause: "nginx's fragments cannot be written.",
        nextStep: "The operator lets the server write to FETTLE_PREVIEW_NGINX.",
        mayPass: true)

    private func nginx(_ words: [String], _ what: String) async throws(PreviewFailure) {
        let configuration = settings.configuration.map { ["-c", $0] } ?? []
        let invocation = Invocation("nginx", configuration + words, environment: ["PATH": path + ":/usr/sbin"], deadline: .seconds(30))
        let done: Completion
        do { done = try await runner.run(invocation) } catch {
            throw PreviewFailure(
                .unavailable, cause: "nginx cannot be run: \(error).",
                nextStep: "The operator installs it, or unsets FETTLE_PREVIEW_NGINX.",
                mayPass: true)
        }
        if done.succeeded { return }
        throw PreviewFailure(
            .unavailable, cause: "nginx does not \(what).", nextStep: "The operator reads what it says and mends its configuration.",
            excerpt: LogExcerpt.end(of: done.errorOutput), mayPass: true)
    }
}
