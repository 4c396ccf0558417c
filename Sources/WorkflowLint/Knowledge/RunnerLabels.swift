/// Labels of runners GitHub hosts, and those every self-hosted runner has.
///
/// Source: docs.github.com/actions/reference/runners/github-hosted-runners, self-hosted runner labels
enum RunnerLabels {
    enum System: String, Sendable { case linux, macos, windows }

    static let hosted: [String] = [
        "ubuntu-latest", "ubuntu-26.04", "ubuntu-26.04-arm", "ubuntu-24.04", "ubuntu-24.04-arm", "ubuntu-22.04", "ubuntu-22.04-arm",
        "ubuntu-slim",
        "ubuntu-latest-4-cores", "ubuntu-latest-8-cores", "ubuntu-latest-16-cores", "windows-latest", "windows-latest-8-cores",
        "windows-2025",
        "windows-2025-vs2026", "windows-2022", "windows-11-arm", "macos-latest", "macos-latest-large", "macos-latest-xlarge", "macos-26",
        "macos-26-intel", "macos-26-large", "macos-26-xlarge", "macos-15", "macos-15-intel", "macos-15-large", "macos-15-xlarge",
        "macos-14",
        "macos-14-large", "macos-14-xlarge",
    ]

    /// Every self-hosted runner has the first and one each of systems and processors.
    static let selfHosted: [String] = ["self-hosted", "linux", "macos", "windows", "x64", "arm", "arm64"]

    static func isKnown(_ label: String) -> Bool {
        let label = label.lowercased()
        return hosted.contains(label) || selfHosted.contains(label)
    }

    static func system(of label: String) -> System? {
        let label = label.lowercased()
        if label == "linux" || label.hasPrefix("ubuntu-") { return .linux }
        if label == "macos" || label.hasPrefix("macos-") { return .macos }
        if label == "windows" || label.hasPrefix("windows-") { return .windows }
        return nil
    }

    /// No runner has both labels.
    static func conflict(_ a: String, _ b: String) -> Bool {
        guard let one = system(of: a), let two = system(of: b) else { return false }
        if one != two { return true }
        let hostedBoth = hosted.contains(a.lowercased()) && hosted.contains(b.lowercased())
        let latest = a.lowercased().hasSuffix("-latest") || b.lowercased().hasSuffix("-latest")
        return hostedBoth && !latest && a.lowercased() != b.lowercased()
    }
}
