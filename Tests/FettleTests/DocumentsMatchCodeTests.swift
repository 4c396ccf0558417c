import Basics
import ForgeClients
import Review
import TestSupport
import Testing

@testable import fettle

/// Run with `UPDATE_DOCUMENTS=1 swift test --filter DocumentsMatchCode` to write the documents anew.
@Suite(.serialized) struct DocumentsMatchCodeTests {
    @Test func `the JSON Schema of fettle.yml in docs is the one the code has`() throws {
        try same(
            "docs/fettle.schema.json", as: String(decoding: ConfigurationSchema.jsonSchema.serialized(pretty: true), as: UTF8.self) + "\n")
    }

    @Test func `the README's table of settings is the one the code has`() throws {
        try same("README.md", section: "configuration", as: ConfigurationSchema.markdownTable)
    }

    @Test func `the README's list of commands is the one the code has`() throws {
        let rows = CommandRegistry.commands.map { "| `fettle \($0.description.name)` | \($0.description.summary) |" }
        try same("README.md", section: "commands", as: (["| command | what it does |", "|---|---|"] + rows).joined(separator: "\n"))
    }

    @Test func `the guide to a GitHub App asks for what the code uses and nothing else`() throws {
        let purposes = Configuration.gitHubPurposes
        let permissions = GitHubPermissions.needed(for: purposes).map { "\($0.name): \($0.level.rawValue)" }
        let rows = [
            "| field | value |", "|---|---|", "| Webhook URL | `https://YOUR-HOST/webhooks/github`, active |",
            "| Webhook secret | `openssl rand -hex 32`; keep it in a file |",
            "| Repository permissions | \(permissions.joined(separator: " · ")) |",
            "| Events | \(GitHubPermissions.events(for: purposes).joined(separator: " · ")) |",
        ]
        try same("docs/install/github-app.md", section: "grants", as: rows.joined(separator: "\n"))
    }

    @Test func `the schema a model is asked to answer with is the documented one`() throws {
        let schema = String(decoding: ReviewSchema.schema.serialized(pretty: true), as: UTF8.self)
        try same("docs/model-requests.md", section: "fettle_review", as: "```json\n\(schema)\n```")
    }

    private var isUpdating: Bool { UpdateDocuments.isWanted }

    private func same(_ path: String, as expected: String) throws {
        if isUpdating { return try Repository.write(expected, to: path) }
        #expect(try Repository.text(path) == expected, "write it anew: UPDATE_DOCUMENTS=1 swift test --filter DocumentsMatchCode")
    }

    /// Compares what stands between `<!-- name -->` and `<!-- /name -->`.
    private func same(_ path: String, section: String, as expected: String) throws {
        let text = try Repository.text(path)
        let begin = "<!-- \(section) -->\n"
        let end = "\n<!-- /\(section) -->"
        let from = try #require(text.firstRange(of: begin)).upperBound
        let to = try #require(text[from...].firstRange(of: end)).lowerBound
        if isUpdating { return try Repository.write(text[..<from] + expected + text[to...], to: path) }
        #expect(text[from..<to] == expected, "write it anew: UPDATE_DOCUMENTS=1 swift test --filter DocumentsMatchCode")
    }
}
