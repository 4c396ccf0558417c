/// Why a run failed, as far as a line of its log tells. The raw values are what we print and what models answer.
package enum FailureClass: String, Sendable, Hashable, Codable, CaseIterable {
    case test, compile, lint, dependency, configuration, infrastructure, timeout, permission, flaky, unknown
    case outOfMemory = "out_of_memory"
}
