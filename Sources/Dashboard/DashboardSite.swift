package import Basics
package import HTTP
import Jobs

/// The pages, their assets, and the read-only API beside them.
package struct DashboardSite: Sendable {
    private let reader: DashboardReader
    private let live: LiveStream
    private let clock: any Clock
    private let gate = LoopbackGuard()

    package init(reader: DashboardReader, clock: any Clock) {
        self.reader = reader
        self.clock = clock
        live = LiveStream(clock: clock) { try await reader.version() }
    }

    /// The paths served, as router patterns.
    package static let patterns = [
        "/", "/deliveries", "/deliveries/{id}", "/jobs", "/jobs/{id}", "/reviews", "/previews", "/effects", "/spend", "/assets/fettle.css",
        "/assets/live.js",
        "/api/v1/events", "/api/v1/counts", "/api/v1/jobs/{id}",
    ]

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        if let refusal = gate.refusal(of: request) { return refusal }
        do {
            return Self.guarded(try await answer(request.path.split(separator: "/").map(String.init)) ?? .text(404, "no such page"))
        } catch {
            return .text(503, "the database does not answer; the log says why")
        }
    }

    private func answer(_ path: [String]) async throws -> HTTPResponse? {
        switch path {
        case ["assets", "fettle.css"]: Self.asset(Assets.styleSheet, "text/css; charset=utf-8")
        case ["assets", "live.js"]: Self.asset(Assets.script, "text/javascript; charset=utf-8")
        case ["api", "v1", "events"]: live.open()
        case ["api", "v1", "counts"]: .json(200, try await counts())
        case _ where path.count == 4 && path.starts(with: ["api", "v1", "jobs"]): try await job(path[3])
        default: try await page(path).map(Self.html)
        }
    }

    private func page(_ path: [String]) async throws -> Page? {
        switch path {
        case []: try await reader.overviewPage()
        case ["deliveries"]: try await reader.deliveriesPage()
        case ["jobs"]: try await reader.jobsPage()
        case ["reviews"]: try await reader.reviewsPage()
        case ["previews"]: try await reader.previewsPage(now: clock.now)
        case ["effects"]: try await reader.effectsPage()
        case ["spend"]: try await reader.spendPage(now: clock.now)
        case _ where path.count == 2 && path[0] == "deliveries": try await Int64(path[1]).asyncFlatMap(reader.deliveryPage)
        case _ where path.count == 2 && path[0] == "jobs": try await reader.jobPage(path[1])
        default: nil
        }
    }

    private func counts() async throws -> JSONValue {
        var answer: [String: JSONValue] = ["version": 1]
        for table in [DashboardReader.CountedTable.deliveries, .jobs, .effects] {
            let counts = try await reader.counts(of: table)
            answer[table.rawValue] = .object(Dictionary(counts.map { ($0.state, .integer($0.count)) }, uniquingKeysWith: { $1 }))
        }
        return .object(answer)
    }

    private func job(_ id: String) async throws -> HTTPResponse? {
        guard let job = try await reader.queue.job(JobID(rawValue: id)) else { return .json(404, ["version": 1, "error": "no such job"]) }
        return .json(
            200,
            [
                "version": 1, "id": .string(job.id.rawValue), "kind": .string(job.kind), "state": .string(job.progress.state.rawValue),
                "attempt": .integer(Int64(job.progress.attempt)), "created_at": .string(job.createdAt.iso8601),
                "ended_at": job.endedAt.map { .string($0.iso8601) } ?? .null, "last_error": job.lastError.map { .string($0) } ?? .null,
            ])
    }

    private static func html(_ page: Page) -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Content-Type": "text/html; charset=utf-8"], body: .bytes(Array(page.markup.utf8)))
    }

    private static func asset(_ text: StaticString, _ type: String) -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Content-Type": type], body: .bytes(Array(text.description.utf8)))
    }

    /// Nothing but our own style sheet, script and event stream may load; nobody may frame a page.
    private static func guarded(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        let policy =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        response.headers.replace("Content-Security-Policy", policy)
        response.headers.replace("X-Content-Type-Options", "nosniff")
        response.headers.replace("Referrer-Policy", "no-referrer")
        response.headers.replace("Cache-Control", "no-store")
        return response
    }
}

extension Optional {
    fileprivate func asyncFlatMap<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        if let self { try await transform(self) } else { nil }
    }
}
