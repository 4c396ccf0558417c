import Basics
import FoundationEssentials
import Storage
import TestSupport
import Testing

@Suite struct SQLitePrivacyTests {
    @Test func `a new database can be read by its owner alone: it holds keys`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fettle.sqlite"
        let database = try SQLiteDatabase(.file(path: path))
        try await database.migrate([Migration(id: "a") { _ in ["CREATE TABLE a (b BIGINT)"] }])
        for name in [path, path + "-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        await database.close()
    }
}
