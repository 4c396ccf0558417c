import Basics
import ForgeClients
import Glibc

/// Where the credentials of a new App go: files beside `fettle.yml` that only their owner can read. Nothing is ever overwritten.
struct SetupFiles: Sendable {
    /// The operator's settings, there or not.
    let settings: String

    private var folder: String { settings.lastIndex(of: "/").map { String(settings[..<$0]) } ?? "." }
    private var prefix: String { settings.lastIndex(of: "/").map { String(settings[...$0]) } ?? "" }
    private var key: String { prefix + "github-app.pem" }
    private var secret: String { prefix + "github-webhook-secret" }

    /// Why the files could not be written; `nil` when they can.
    var problem: String? {
        for path in [key, secret] where access(path, F_OK) == 0 {
            return "'\(path)' is there already: move it away first, so that no App's key is lost"
        }
        return access(folder, W_OK) == 0 ? nil : "'\(folder)' cannot be written: start fettle where it may keep the App's key"
    }

    /// Writes key and secret, and `fettle.yml` where there is none; else `addition` is what to put into it.
    func write(_ app: GitHubRegisteredApp, api: String) throws -> (paths: [String], addition: String?) {
        try create(key, app.privateKey.reveal())
        try create(secret, app.webhookSecret.reveal() + "\n")
        let text = withoutSecret(app, api: api) + "  webhook_secret: \(JSONValue.string(app.webhookSecret.reveal()).text)\n"
        if access(settings, F_OK) == 0 { return ([key, secret], withoutSecret(app, api: api)) }
        try create(settings, text)
        return ([key, secret, settings], nil)
    }

    /// A JSON text is a YAML text.
    private func withoutSecret(_ app: GitHubRegisteredApp, api: String) -> String {
        var lines = ["github:"]
        if api != ConfigurationKey.githubURL.defaultText { lines.append("  url: \(JSONValue.string(api).text)") }
        lines += ["  app_id: \(app.id)", "  private_key_file: \(JSONValue.string(key).text)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func create(_ path: String, _ text: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw OperatorError("'\(path)' cannot be made: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw OperatorError("'\(path)' cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
