package import Review

/// Faults of a repository's `.fettle.yml`, as one line for the summary. The rest of the file is used.
package enum SettingsNote {
    private static let most = 5

    package static func lines(_ unreadable: [String], _ faults: [RepositorySettings.Fault]) -> [String] {
        let all = unreadable + faults.map { $0.line > 0 ? "line \($0.line): \($0.message)" : $0.message }
        guard !all.isEmpty else { return [] }
        let more = all.count > most ? ["and \(all.count - most) more"] : []
        return ["\(RepositoryConfiguration.path) on the base branch: \((all.prefix(most) + more).joined(separator: "; "))."]
    }
}
