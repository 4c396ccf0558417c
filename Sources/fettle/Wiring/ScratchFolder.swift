import FoundationEssentials

/// A new folder that only we can enter, removed by its owner.
struct ScratchFolder: Sendable {
    let path: String

    init(prefix: String) throws {
        let manager = FileManager.default
        let path = manager.temporaryDirectory.path + "/\(prefix)-\(UUID().uuidString)"
        try manager.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        self.path = path
    }

    /// Leaves the folder behind where it cannot be removed: the system's own clean-up takes it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
