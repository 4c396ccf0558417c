import Basics
import Text

package struct LargeFileRule: Rule {
    package let id = "large-or-binary-file"
    package let severity = Severity.low
    package let category = Category.maintainability
    package let finds = "Added binary files, and added text files of more than 5,000 lines that no tool's name explains."
    package let why = "What is once committed stays in every clone for ever, and nobody can review it as a diff."
    package let fix = "Keep built and large files outside the repository: in a release, a package registry or Git LFS."

    private static let mostLines = 5000
    /// Small by nature and usual in a repository.
    private static let usualBinaries: Set<String> = ["png", "jpg", "jpeg", "gif", "ico", "webp", "woff", "woff2", "ttf", "icns", "pdf"]
    private static let artefacts: Set<String> = [
        "exe", "dll", "so", "dylib", "o", "a", "class", "jar", "war", "pyc", "zip", "gz", "tgz", "xz", "7z", "rar", "iso", "dmg", "deb",
        "rpm", "wasm", "bin",
        "sqlite", "db", "mp4", "mov", "psd",
    ]

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        change.files.compactMap { file in
            guard file.diff.change == .added else { return nil }
            let ending = file.path.split(separator: ".").last.map { $0.lowercased() } ?? ""
            if file.diff.content == .binary, !Self.usualBinaries.contains(ending) {
                let severity: Severity = Self.artefacts.contains(ending) ? .medium : .low
                return RuleHit(path: file.diff.path, target: .file, title: "A binary file is added", severity: severity)
            }
            guard file.diff.addedLineCount > Self.mostLines, !PathKind(file.path).isLeftOut else { return nil }
            return RuleHit(
                path: file.diff.path, target: .file,
                title: UntrustedText("A file of \(Count.of(file.diff.addedLineCount, "line")) is added"))
        }
    }
}
