import FoundationEssentials
import Glibc

/// A new folder that only we can enter, removed by its owner.
struct ScratchFolder: Sendable {
    let path: String

    init(prefix: String) throws {
        let manager = FileManager.default
        let path = manager.temporaryDirectory.path + "/\(prefix)-\(UUID().uuidString)"
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            let reason = String(cString: strerror(errno))
            throw ConfigurationError(faults: [
                ConfigurationFault(
                    origin: "TMPDIR",
                    problem:
                        "no folder can be made in '\(manager.temporaryDirectory.path)' (\(reason)): name one that exists and is ours to write"
                )
            ])
        }
        self.path = path
    }

    /// Leaves the folder behind where it cannot be removed: the system's own clean-up takes it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
