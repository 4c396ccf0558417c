import Basics
import Forge
import Review
import Text

/// Reads a pull request's change from the forge, with the whole text of the few files that rules read as a whole.
struct ChangeLoader: Sendable {
    /// More changed workflow files than this are judged by their hunks alone.
    private static let mostWholeFiles = 4
    private static let wholeFileLimit = ByteCount.kibibytes(512)

    let client: any ForgeClient

    func load(_ pull: PullRequest) async throws(ForgeError) -> Change {
        let changed = try await client.changedFiles(of: pull.reference)
        var change = Change(changed, title: pull.title, body: pull.body)
        var loads = 0
        for index in change.files.indices where Change.wantsHeadText(change.files[index].path) {
            let diff = change.files[index].diff
            switch diff.change {
            case .removed: continue
            case .added where diff.content == .text: change.files[index].headText = diff.addedText
            default:
                guard loads < Self.mostWholeFiles else { continue }
                loads += 1
                change.files[index].headText = try await text(of: change.files[index].path, pull)
            }
        }
        return change
    }

    private func text(of path: String, _ pull: PullRequest) async throws(ForgeError) -> UntrustedText? {
        do throws(ForgeError) {
            let bytes = try await client.file(path, at: pull.head.commit, in: pull.reference.repository, limit: Self.wholeFileLimit)
            return bytes.map { UntrustedText(String(decoding: $0, as: UTF8.self)) }
        } catch .tooLarge {
            return nil
        }
    }
}
