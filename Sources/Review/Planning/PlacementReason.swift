/// Reasons that more than one place must know again.
enum PlacementReason {
    static let alreadyPosted = "its comment stands there since an earlier push"

    private static let belowFloor = "below the severity floor"

    static func floor(_ severity: Severity) -> String { "\(belowFloor) (\(severity.rawValue))" }
    static func isFloor(_ reason: String) -> Bool { reason.hasPrefix(belowFloor) }
}
