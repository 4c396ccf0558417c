import Basics
import Text

/// CI a repository has already, in the words of a note: what it is, what it runs, and what becomes of it beside generated files.
enum PresentCI {
    private static let others = [
        ".gitlab-ci.yml", ".travis.yml", ".circleci/config.yml", "azure-pipelines.yml", "Jenkinsfile", ".drone.yml", ".woodpecker.yml",
        "appveyor.yml", ".appveyor.yml", ".cirrus.yml", "bitbucket-pipelines.yml", ".buildkite/pipeline.yml",
    ]
    private static let mostFiles = 12

    static func notes(_ model: RepositoryModel, beside files: [GenerationPlan.File], _ reader: DetectionContext) -> [String] {
        let written = Set(files.map(\.path))
        let foreign = model.workflowFiles.filter { path in
            !written.contains(path) && reader.text(path).map { ManagedText.parse($0) == nil } ?? false
        }
        let present = foreign + others.filter(reader.has)
        guard !present.isEmpty, !files.isEmpty else { return [] }
        let told = present.prefix(mostFiles).map { path in describe(path, reader) }
        let rest = present.count > mostFiles ? ["and \(present.count - mostFiles) more"] : []
        var notes = ["CI is here already and stays as it is: \((told + rest).joined(separator: "; "))"]
        let repeated = model.components.flatMap(\.commands).filter { command in foreign.contains(command.because.path) }
        if let ci = files.first(where: { $0.path.hasSuffix("ci.yml") }) {
            let same = repeated.prefix(6).map { "'\($0.line)' (\($0.because))" }
            notes.append(
                same.isEmpty
                    ? "\(ci.path) stands beside it and took nothing over from it; keep the one you want and remove the other"
                    : "\(ci.path) runs again what it runs: \(same.joined(separator: ", ")); take those steps out of one of the two, or remove the file that is then left over"
            )
        }
        if foreign.contains(where: { $0.hasPrefix(".github/") }) {
            notes.append("'fettle verify workflow --diff .github/workflows' proposes changes to what is risky in them")
        }
        return notes
    }

    private static func describe(_ path: String, _ reader: DetectionContext) -> String {
        guard CIFiles.isWorkflow(path), let root = reader.tree(path) else { return path }
        let trigger = root["on"] ?? root["true"]
        let events =
            trigger?.string.map { [$0] } ?? trigger?.sequence?.compactMap(\.string) ?? trigger?.mapping?.compactMap(\.key.text) ?? []
        let jobs = root["jobs"]?.mapping?.count ?? 0
        let plain = events.filter { $0.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") } }.prefix(5)
        return "\(path) (\(Count.of(jobs, "job"))\(plain.isEmpty ? "" : " on " + plain.joined(separator: ", ")))"
    }
}
