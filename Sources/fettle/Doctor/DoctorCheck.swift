import Basics
import HTTP

/// One thing `fettle doctor` looks at. A new check is a file here and a line in `DoctorChecks.all`.
protocol DoctorCheck: Sendable {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis]
}

struct DoctorTools: Sendable {
    let http: any HTTPClient
    let clock: any Clock
    let random: any RandomSource
}

enum DoctorChecks {
    static let all: [any DoctorCheck] = [DoorCheck(), DatabaseCheck(), ClockCheck(), GitHubCheck(), GiteaCheck(), ModelCheck()]
}
