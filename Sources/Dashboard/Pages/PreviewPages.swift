import Basics
import Forge
import Jobs
import Previews

extension DashboardReader {
    /// Those that may exist or are waited for first, then what is gone.
    func previewsPage(now: Timestamp) async throws -> Page {
        let records = try await previews().sorted { a, b in
            (a.preview.mayExist ? 0 : 1, b.updatedAt) < (b.preview.mayExist ? 0 : 1, a.updatedAt)
        }
        let rows = records.map { record -> [HTML] in
            let preview = record.preview
            // Only addresses of the web are stored, and they are escaped like any text.
            let address: HTML = preview.address.map { "<a href=\"\($0)\" rel=\"noreferrer noopener\">\($0)</a>" } ?? "–"
            let log: HTML = preview.failure.map { "<p>\($0.cause) \($0.nextStep)</p><pre>\($0.excerpt)</pre>" } ?? "\(preview.because)"
            return [
                "\(record.identity.description)", .state(preview.phase.rawValue), "\((preview.deployed ?? preview.head)?.short ?? "")",
                address, "\(Self.age(now - record.updatedAt))", .time(preview.mayExist ? preview.expiresAt : nil), log,
            ]
        }
        let leaks = try await previewLeaks()
        let table = HTML.table(
            "Previews of pull requests", ["Preview", "State", "Head", "Address", "Since", "Goes", "Why, and the last log"], rows,
            empty: "No preview yet.")
        let lost = HTML.table(
            "Leaked: found by the last hourly look", ["What is left"], leaks.map { ["\($0)"] }, empty: "Nothing is leaked.")
        return Page(title: "Previews", path: "/previews", content: "\(table)\(lost)")
    }

    /// In the largest whole unit.
    static func age(_ time: Duration) -> String {
        let seconds = max(0, time.components.seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<86_400: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}
