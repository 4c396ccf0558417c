import Git
import TestSupport
import Testing

extension ScratchRepository {
    func open() async throws -> GitRepository { try await GitRepository.open(at: path) }

    /// Commits the files, and gives the commit as the module names it.
    @discardableResult
    func record(_ message: String, _ files: [String: String?], at time: Int = 1_700_000_000) async throws -> ObjectID {
        let hash = try await commit(message, files, at: time)
        return try #require(ObjectID(hash))
    }
}
