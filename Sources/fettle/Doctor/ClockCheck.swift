import Basics
import HTTP

/// Our clock against the forge's: a token signed in the future or past is refused.
///
/// GitHub refuses an App token whose `iat` lies ahead of its own clock. Source: docs.github.com/apps, "Generating a JSON Web Token"
struct ClockCheck: DoctorCheck {
    private static let tolerance = Duration.seconds(30)

    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        guard let url = configuration.github?.apiURL ?? configuration.gitea?.url else { return [] }
        do {
            let response = try await tools.http.send(ClientRequest(.get, url, deadline: .seconds(10), responseLimit: .mebibytes(4)))
            guard let text = response.headers["Date"], let theirs = Self.time(text) else { return [] }
            let skew = tools.clock.now - theirs
            let isClose = abs(skew.inSeconds) < Self.tolerance.inSeconds
            if isClose { return [Diagnosis("clock", .good, "agrees with the forge's")] }
            let seconds = Int(skew.inSeconds.rounded())
            return [
                Diagnosis(
                    "clock", .bad, "\(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the forge's: its tokens will be refused",
                    fix: "set this machine's clock, e.g. 'timedatectl set-ntp true'")
            ]
        } catch {
            // With a credential the forge's own check says so.
            if configuration.github?.credential != nil || configuration.gitea?.token != nil { return [] }
            return [Diagnosis("forge", .bad, "\(url) cannot be reached: \(error)", fix: "check the address, DNS, proxy and firewall")]
        }
    }

    /// `Fri, 20 Nov 2026 19:00:00 GMT`. Source: RFC 9110 §5.6.7
    static func time(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let number = month + 1
        return Timestamp(iso8601: "\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
    }
}
