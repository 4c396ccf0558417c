/// What one check of `fettle doctor` found, and what to do about it.
struct Diagnosis: Sendable, Hashable {
    enum State: String, Sendable {
        case good
        /// It works, but not as somebody may expect.
        case notice
        case bad
        /// Nothing to check: it is not configured.
        case absent
    }

    let subject: String
    let state: State
    let finding: String
    /// The next step; `nil` when there is none to take.
    let fix: String?

    init(_ subject: String, _ state: State, _ finding: String, fix: String? = nil) {
        self.subject = subject
        self.state = state
        self.finding = finding
        self.fix = fix
    }

    var lines: [String] {
        let mark =
            switch state {
            case .good: "ok     "
            case .notice: "notice "
            case .bad: "FAULT  "
            case .absent: "–      "
            }
        return ["\(mark)\(subject): \(finding)"] + (fix.map { ["       fix: \($0)"] } ?? [])
    }
}
