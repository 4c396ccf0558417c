import Basics
import Forge
import Previews
package import Storage

/// What is there and should not be. Empty is the promise.
package struct PreviewLeaks: Sendable {
    private let world: PreviewWorld
    private let database: any Database

    package init(world: PreviewWorld, database: any Database) {
        self.world = world
        self.database = database
    }

    /// One line each, with what to do about it.
    package func report() async throws -> [String] {
        let records = try await database.read { try PreviewRecords.all(in: $0) }
        let known = Set(records.filter(\.preview.mayExist).map(\.identity))
        var leaks = records.filter { $0.preview.phase == .stopping }.map { record in
            "\(record.identity): \(record.preview.because), and it could not be taken down"
        }
        for (kind, driver) in world.drivers {
            for identity in try await driver.existing() ?? [] where !known.contains(identity) {
                leaks.append("\(identity): the driver \(kind.rawValue) runs it and no row knows it")
            }
        }
        for identity in try await world.databases?.existing() ?? [] where !known.contains(identity) {
            leaks.append("\(identity): its database is left")
        }
        return leaks.sorted()
    }
}
