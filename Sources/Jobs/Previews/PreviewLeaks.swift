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

    /// One line each.
    package func report() async throws -> [String] {
        try await Self.found(in: world, records: database.read { try PreviewRecords.all(in: $0) })
    }

    /// - Parameter before: previews that began to go later than this are on their way, and no leaks; `nil` takes all.
    static func found(in world: PreviewWorld, records: [PreviewRecord], before: Timestamp? = nil) async throws -> [String] {
        let known = Set(records.filter(\.preview.mayExist).map(\.identity))
        let stuck = records.filter { record in record.preview.phase == .stopping && before.map { record.updatedAt <= $0 } ?? true }
        var leaks = stuck.map { "\($0.identity): \($0.preview.because), and it could not be taken down" }
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
