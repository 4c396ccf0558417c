import Basics
import Jobs

extension DashboardReader {
    func reviewsPage() async throws -> Page {
        let rows = try await reviews(limit: 200).map { record -> [HTML] in
            let detail = record.entry.detail
            let job: HTML = record.entry.job.map { "<a href=\"/jobs/\($0.rawValue)\">job</a>" } ?? ""
            let numbers = ["found", "posted", "demoted", "suppressed"].map { "\(detail[$0]?.int ?? 0)" as HTML }
            return [.time(record.at), "\(record.entry.subject)", "\(detail["status"]?.string ?? "")"] + numbers + [job]
        }
        return Page(
            title: "Reviews", path: "/reviews",
            content: .table(
                "Reviews, newest first", ["When", "Pull request", "Status", "Found", "Posted", "Demoted", "Suppressed", ""], rows,
                empty: "No review yet."))
    }

    func effectsPage() async throws -> Page {
        Page(title: "Effects", path: "/effects", content: effectTable("Writes to forges, newest first", try await effects(limit: 200)))
    }

    func effectTable(_ caption: String, _ effects: [Effect]) -> HTML {
        let rows = effects.map { effect -> [HTML] in
            [
                "\(effect.key)", "\(effect.kind)", .state(effect.state), "\(effect.remoteID ?? "")", "\(effect.sends)",
                .time(effect.confirmedAt),
                "\(effect.lastError ?? "")",
            ]
        }
        return .table(
            caption, ["Key", "Kind", "State", "Forge's id", "Sends", "Confirmed", "Last error"], rows, empty: "Nothing written yet.")
    }

    /// The last 30 days.
    func spendPage(now: Timestamp) async throws -> Page {
        let rows = try await spend(since: now - .seconds(30 * 86400)).map { spend -> [HTML] in
            [
                "\(spend.repository)", "\(spend.model)", "\(spend.calls)", "\(spend.promptTokens)", "\(spend.completionTokens)",
                "\(Self.dollars(spend.cost))",
            ]
        }
        return Page(
            title: "Spend", path: "/spend",
            content: .table(
                "Model calls of the last 30 days", ["Repository", "Model", "Calls", "Tokens in", "Tokens out", "US dollars"], rows,
                empty: "No model was asked in the last 30 days."))
    }

    /// `0.001234`: six places, as the ledger keeps them.
    static func dollars(_ amount: USD) -> String {
        let micros = String(amount.micros.magnitude)
        let padded = String(repeating: "0", count: max(0, 7 - micros.count)) + micros
        return (amount.micros < 0 ? "-" : "") + padded.dropLast(6) + "." + padded.suffix(6)
    }
}
