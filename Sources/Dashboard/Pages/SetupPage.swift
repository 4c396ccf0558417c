package import HTTP

/// The pages on which a GitHub App is registered.
package enum SetupPage: Sendable {
    /// Where this server is reached, and for whom the App is.
    case questions(problem: String?)
    /// The manifest on its way to GitHub, by the operator's own click.
    case form(action: String, manifest: String, permissions: [String], events: [String])
    /// `addition`: lines for a `fettle.yml` that was there already.
    case done(app: String, page: String, install: String, files: [String], addition: String?)
    case failed(String)

    package var response: HTTPResponse {
        let page = Page(title: "GitHub App", path: "/setup/github", content: content)
        let headers: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
            // Forms go to ourselves and to GitHub's page, and nowhere else.
            "Content-Security-Policy":
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'\(target); frame-ancestors 'none'",
        ]
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(page.markup.utf8)))
    }

    private var status: Int {
        switch self {
        case .questions(let problem): problem == nil ? 200 : 422
        case .form, .done: 200
        case .failed: 400
        }
    }

    /// The origin a form may be sent to.
    private var target: String {
        guard case .form(let action, _, _, _) = self else { return "" }
        let parts = action.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return "" }
        return " \(parts[0])//\(parts[2].prefix { $0 != "/" && $0 != ";" && $0 != " " && $0 != "," })"
    }

    private var content: HTML {
        switch self {
        case .questions(let problem): Self.questions(problem)
        case .form(let action, let manifest, let permissions, let events):
            """
            <p>GitHub shows the App's name once more and asks you to confirm. Nothing is registered before that.</p>
            \(HTML.facts([("Permissions", "\(permissions.joined(separator: ", "))"), ("Events", "\(events.joined(separator: ", "))")]))
            <form method="post" action="\(action)">
            <input type="hidden" name="manifest" value="\(manifest)">
            <button>Register on GitHub</button>
            </form>
            """
        case .done(let app, let page, let install, let files, let addition): Self.done(app, page, install, files, addition)
        case .failed(let reason):
            """
            <p class="bad"><strong>Not finished.</strong> \(reason)</p>
            <p><a href="/setup/github">Begin again</a>. An App that GitHub registered meanwhile can be deleted in your settings there.</p>
            """
        }
    }

    private static func questions(_ problem: String?) -> HTML {
        let complaint: HTML? = problem.map { "<p class=\"bad\"><strong>Not possible so:</strong> \($0)</p>" }
        return """
            \(complaint)
            <p>No GitHub App is configured. This registers one with the least permissions that reviews need: GitHub asks you to confirm, sends you back
            here, and the App's key and webhook secret are written beside <code>fettle.yml</code>, readable by this server's user alone.</p>
            <form method="get" action="/setup/github">
            <label>Address at which GitHub reaches this server <input name="site" required placeholder="https://fettle.example.com"></label>
            <label>Name of the App <input name="name" value="fettle" maxlength="34"></label>
            <label>Organization (empty: your own account) <input name="organization" maxlength="39"></label>
            <button>Continue</button>
            </form>
            """
    }

    private static func done(_ app: String, _ page: String, _ install: String, _ files: [String], _ addition: String?) -> HTML {
        let written = HTML.list(files.map { "<li><code>\($0)</code></li>" })
        let step: HTML? = addition.map {
            """
            <li>Your <code>fettle.yml</code> was not changed. Put this into it:<pre>\($0)</pre>
            and start with <code>FETTLE_GITHUB_WEBHOOK_SECRET_FILE=github-webhook-secret</code>.</li>
            """
        }
        return """
            <p class="good"><strong>\(app) is registered.</strong> Its page: <a href="\(page)">\(page)</a></p>
            <p>Written, readable by this server's user alone:</p><ul>\(written)</ul>
            <h2>What to do now</h2>
            <ol>
            \(step)
            <li><a href="\(install)">Install the App</a> on the repositories it shall review.</li>
            <li>Start <code>fettle serve</code> again: settings are read once. Deliveries that came meanwhile are asked for again.</li>
            <li><code>fettle doctor</code> checks all of it and says what is missing.</li>
            </ol>
            """
    }
}
