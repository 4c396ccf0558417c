import Basics
package import Forge
import HTTP

/// Source: docs.github.com/rest/checks/runs, "List check run annotations"
extension GitHubClient: CheckAnnotationReader {
    package func annotations(
        on commit: CommitID, in repository: RepositoryReference, limit: Int
    ) async throws(ForgeError) -> [CheckAnnotation] {
        do throws(ForgeError) {
            let ours = mayWriteChecks ? try await identity.ours().appID : nil
            // A workflow's token does not know which of its App's checks are ours.
            if mayWriteChecks, ours == nil { return [] }
            let list = ForgeCall(.get, path(repository, "commits/\(commit)/check-runs"), query: Self.fullPage)
            let runs = try await api.read(GitHubAnnotatedRunsWire.self, list).checkRuns
                .filter { ($0.output?.count ?? 0) > 0 && (ours == nil || $0.app?.id != ours) }
            var annotations: [CheckAnnotation] = []
            for run in runs.prefix(max(limit, 0)) {
                let call = ForgeCall(.get, path(repository, "check-runs/\(run.id)/annotations"), query: Self.fullPage)
                annotations += try await api.read([GitHubAnnotationWire].self, call).compactMap { $0.annotation(of: run.name) }
            }
            return annotations
        } catch .forbidden {
            return []
        } catch .notFound {
            return []
        }
    }
}

struct GitHubAnnotatedRunsWire: Decodable {
    struct Run: Decodable {
        struct App: Decodable { let id: Int64 }
        struct Output: Decodable {
            let count: Int?

            enum CodingKeys: String, CodingKey {
                case count = "annotations_count"
            }
        }

        let id: Int64
        let name: UntrustedText
        let app: App?
        let output: Output?
    }

    let checkRuns: [Run]

    enum CodingKeys: String, CodingKey {
        case checkRuns = "check_runs"
    }
}

struct GitHubAnnotationWire: Decodable {
    let path: String
    let startLine: Int
    let endLine: Int
    let title: UntrustedText?
    let message: UntrustedText?

    enum CodingKeys: String, CodingKey {
        case path, title, message
        case startLine = "start_line"
        case endLine = "end_line"
    }

    /// `nil` for one about no line.
    func annotation(of check: UntrustedText) -> CheckAnnotation? {
        guard startLine >= 1, endLine >= startLine else { return nil }
        return CheckAnnotation(check: check, path: path, lines: startLine...endLine, title: title ?? "", message: message ?? "")
    }
}
