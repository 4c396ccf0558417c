/// Fills a preview's database: migrations at every update, the seed once.
package struct PreviewMigrations: Sendable {
    private let programs: PreviewPrograms

    package init(programs: PreviewPrograms) {
        self.programs = programs
    }

    package func run(_ wishes: PreviewSettings.Database, _ order: PreviewOrder, isNew: Bool) async throws(PreviewFailure) {
        guard let checkout = order.checkout else { return }
        if !wishes.migrate.isEmpty { _ = try await programs.run(wishes.migrate, "database.migrate", in: checkout, order) }
        if isNew, !wishes.seed.isEmpty { _ = try await programs.run(wishes.seed, "database.seed", in: checkout, order) }
    }
}
