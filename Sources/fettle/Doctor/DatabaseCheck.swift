import Storage

/// The database opens, can be written, and nobody else holds it.
struct DatabaseCheck: DoctorCheck {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        do {
            let database = try await configuration.openDatabase()
            do {
                try await database.probe()
                await database.close()
                return [Diagnosis("database", .good, "opens and takes a write")]
            } catch {
                await database.close()
                return [
                    Diagnosis(
                        "database", .bad, "\(error)",
                        fix: "give the file's folder room and write permission, or another path in FETTLE_DATABASE")
                ]
            }
        } catch DatabaseError.inUse(let path) {
            return [Diagnosis("database", .notice, "'\(path)' is held by another process: most likely the running server")]
        } catch {
            return [Diagnosis("database", .bad, "\(error)", fix: "check FETTLE_DATABASE and the rights on the file's folder")]
        }
    }
}
