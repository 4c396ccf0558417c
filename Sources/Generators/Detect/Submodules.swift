import Text

/// Whether a checkout needs the repository's submodules.
enum Submodules {
    /// As existing CI checks out; without CI, all of them where anybody may read them.
    static func apply(_ jobs: [CIJob], to model: inout RepositoryModel, _ context: DetectionContext) {
        let path = ".gitmodules"
        guard context.has(path) else { return }
        let checkouts = jobs.flatMap(\.actions).filter { $0.name.lowercased() == "actions/checkout" }
        if let named = checkouts.lazy.compactMap({ $0.inputs["submodules"] }).first(where: { ["true", "recursive"].contains($0.value) }) {
            model.submodules = named
        } else if checkouts.isEmpty {
            let addresses = context.lines(path).filter { $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("url") }
            let isOpen = addresses.allSatisfy { $0.holds("https://") || $0.holds("= ../") || $0.holds("= ./") }
            if isOpen, !addresses.isEmpty { model.submodules = Sourced("recursive", Evidence(path, 1)) }
        }
    }
}
