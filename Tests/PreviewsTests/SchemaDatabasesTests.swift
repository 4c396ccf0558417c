import Basics
import Forge
import Previews
import Storage
import TestSupport
import Testing

/// A schema and a role for each preview, on a real server.
@Suite(.serialized, .enabled(if: PostgreSQLServer.isAvailable)) struct SchemaDatabasesTests {
    private func databases() throws -> (SchemaDatabases, admin: any Database) {
        let server = try PostgreSQLServer.shared.get()
        let socket = server.folder.replacingExactly("/", with: "%2F")
        let address = try #require(PostgreSQLAddress("postgres://fettle@\(socket)/postgres"))
        let admin = PostgreSQLDatabase(server.conninfo(), connections: 1)
        return (SchemaDatabases(database: admin, url: address) { "pw\($0.number)" }, admin)
    }

    private func preview(_ number: Int) throws -> PreviewIdentity {
        PreviewIdentity(forge: .github, repository: try #require(RepositoryName("octo/demo")), number: number)
    }

    @Test func `each preview has a database of its own, made once, kept over updates, gone at the end`() async throws {
        let (databases, admin) = try databases()
        let (first, second) = (try preview(1), try preview(2))
        let one = try await databases.make(for: first)
        #expect(one.isNew)
        let again = try await databases.make(for: first)
        #expect(!again.isNew)
        #expect(again.url == one.url)
        let other = try await databases.make(for: second)
        #expect(try await databases.existing() == [first, second])

        let user = PostgreSQLDatabase(one.url.reveal(), connections: 1)
        try await user.write { try $0.execute("CREATE TABLE things (name TEXT)") }
        try await user.write { try $0.execute("INSERT INTO things VALUES ('a')") }
        let schema = try await user.read { try $0.query("SELECT current_schema() AS name").first?.text("name") }
        #expect(schema?.hasPrefix("pr_1_demo_") == true)
        let stranger = PostgreSQLDatabase(other.url.reveal(), connections: 1)
        let name = try #require(schema)
        await #expect(throws: DatabaseError.self) { try await stranger.read { try $0.query("SELECT * FROM \"\(name)\".things") } }
        await #expect(throws: DatabaseError.self) { try await stranger.write { try $0.execute("CREATE TABLE \"\(name)\".x (y TEXT)") } }
        await #expect(throws: DatabaseError.self) { try await stranger.write { try $0.execute("CREATE SCHEMA evil") } }
        await user.close()
        await stranger.close()

        try await databases.drop(for: first)
        try await databases.drop(for: first)
        try await databases.drop(for: second)
        #expect(try await databases.existing().isEmpty)
        let gone = PostgreSQLDatabase(one.url.reveal(), connections: 1)
        await #expect(throws: DatabaseError.self) { try await gone.read { try $0.query("SELECT 1 AS one") } }
        await gone.close()
        await admin.close()
    }

    @Test func `a server that does not answer is a failure that names the setting`() async throws {
        let address = try #require(PostgreSQLAddress("postgres://x@127.0.0.1:1/none"))
        let databases = SchemaDatabases(database: PostgreSQLDatabase("postgres://x@127.0.0.1:1/none", connections: 1), url: address) { _ in
            "p"
        }
        let failure = await #expect(throws: PreviewFailure.self) { _ = try await databases.make(for: try preview(1)) }
        #expect(failure?.kind == .database)
        #expect(failure?.nextStep.contains("FETTLE_PREVIEW_DATABASE") == true)
    }

    @Test func `addresses are taken apart without losing anything`() {
        for bad in ["", "http://x", "postgres://", "postgres:///name", "postgres://user@/name"] {
            #expect(PostgreSQLAddress(bad) == nil, "\(bad)")
        }
        #expect(PostgreSQLAddress("postgres://a:b@db:5432/name?sslmode=require") != nil)
    }
}
