import Basics
import Text

package struct UnpinnedActionRule: Rule {
    package let id = "workflow-unpinned-action"
    package let severity = Severity.medium
    package let category = Category.security
    package let finds = "Third-party actions named by a tag or branch instead of a commit."
    package let why =
        "A tag or branch can be moved to other code at any time by whoever controls that repository, and it then runs with this workflow's token and secrets."
    package let fix = "Name the full commit id and keep the version as a comment: `uses: owner/action@<40 digits> # v1.2.3`."

    /// Kept by the forge itself.
    private static let trustedOwners: Set<String> = ["actions", "github"]

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        change.files.flatMap { file -> [RuleHit] in
            guard let workflow = WorkflowText(file) else { return [] }
            let known = Self.unpinnedBefore(file)
            return workflow.lines.compactMap { line -> RuleHit? in
                guard line.isAdded, let value = WorkflowText.value(of: "uses", in: line)?.value, let action = Self.unpinned(value),
                    !known.contains(Self.name(action))
                else { return nil }
                return RuleHit(
                    path: workflow.path, target: .lines(line.number...line.number),
                    title: UntrustedText("`\(action)` is not pinned to a commit"))
            }
        }
    }

    /// Actions that the change takes out under another tag: a new version of one that was not pinned before either brings in nothing new.
    private static func unpinnedBefore(_ file: Change.File) -> Set<String> {
        let removed = file.diff.hunks.flatMap(\.lines).filter { $0.kind == .removed }.compactMap { line -> String? in
            guard let uses = line.text.raw.firstRange(of: "uses:") else { return nil }
            return unpinned(String(line.text.raw[uses.upperBound...]).trimmingBlanks).map(name)
        }
        return Set(removed)
    }

    private static func name(_ action: String) -> String { String(action.prefix { $0 != "@" }) }

    /// The action when it is somebody else's and not pinned.
    static func unpinned(_ value: String) -> String? {
        let bare = (value.split(separator: "#", maxSplits: 1).first.map(String.init) ?? "").trimmingBlanks.filter {
            $0 != "\"" && $0 != "'"
        }
        // `$/` is this repository at the running commit. Source: docs.github.com, workflow syntax, jobs.<job_id>.steps[*].uses
        if bare.hasPrefix("./") || bare.hasPrefix("$/") || bare.isEmpty { return nil }
        if bare.hasPrefix("docker://") { return bare.contains("@sha256:") ? nil : bare }
        let parts = bare.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let owner = parts[0].split(separator: "/").first, !trustedOwners.contains(owner.lowercased()), parts[0].contains("/") else {
            return nil
        }
        guard parts.count == 2 else { return bare }
        let isCommit =
            [40, 64].contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isCommit ? nil : bare
    }
}
