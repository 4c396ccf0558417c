/// How much a finding matters. The order is the comparison's: `.info` is least.
package enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }
}

package enum Category: String, Sendable, Hashable, Codable, CaseIterable {
    case security, bug, performance, maintainability, tests, docs, compliance
}
