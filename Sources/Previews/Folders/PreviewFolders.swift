import FoundationEssentials
import Glibc
package import Subprocess

/// Where checkouts and logs of previews lie: one folder each, that only we may enter, gone with the preview.
///
/// A checkout stays as long as what was started from it: a server may serve files out of it.
package struct PreviewFolders: Sendable {
    private let root: String

    /// `root` is made when it is first needed; a relative path counts from the working directory of now.
    package init(root: String) {
        self.root = root.hasPrefix("/") ? root : FileManager.default.currentDirectoryPath + "/" + root
    }

    package func folder(of preview: PreviewIdentity) -> String { "\(root)/\(preview.slug)" }

    /// The path for a checkout, which does not exist yet.
    package func newCheckout(for preview: PreviewIdentity) throws(PreviewFailure) -> String {
        try make(preview)
        return folder(of: preview) + "/checkout-" + UUID().uuidString.lowercased().prefix(8)
    }

    /// An empty folder to run in where no checkout can be had.
    package func emptyFolder(for preview: PreviewIdentity) throws(PreviewFailure) -> String {
        let path = folder(of: preview) + "/empty"
        try make(path)
        return path
    }

    /// The home of the programs that are run: not ours.
    package func home(of preview: PreviewIdentity) throws(PreviewFailure) -> String {
        let path = folder(of: preview) + "/home"
        try make(path)
        return path
    }

    package func logs(of preview: PreviewIdentity, named name: String) throws(PreviewFailure) -> Invocation.LeftRunning {
        try make(preview)
        let base = folder(of: preview) + "/" + name
        return Invocation.LeftRunning(output: base + ".out", errorOutput: base + ".err")
    }

    /// Removes checkouts other than this one.
    package func keepOnly(_ checkout: String, of preview: PreviewIdentity) {
        let folder = folder(of: preview)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix("checkout-") {
            if "\(folder)/\(name)" != checkout { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        }
    }

    package func remove(_ preview: PreviewIdentity) { try? FileManager.default.removeItem(atPath: folder(of: preview)) }

    /// The real place of a file in a checkout; `nil` when there is none, or when links lead out of it.
    func path(_ name: String, inside checkout: String) -> String? {
        let base = URL(filePath: checkout).resolvingSymlinksInPath().path
        let path = URL(filePath: checkout + "/" + name).resolvingSymlinksInPath().path
        return path.hasPrefix(base + "/") && FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Whether a path of a checkout passes through a link that leads out of it, or nowhere. What does not exist leads nowhere else.
    func leadsOut(_ name: String, of checkout: String) -> Bool {
        guard let base = Self.real(checkout) else { return true }
        var path = checkout
        for part in name.split(separator: "/") where part != "." {
            path += "/" + part
            guard let place = Self.real(path) else {
                var status = stat()
                return lstat(path, &status) == 0
            }
            if place != base, !place.hasPrefix(base + "/") { return true }
        }
        return false
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// What stands in the files of one name, of all previews.
    func notes(named name: String) -> Set<String> {
        let slugs = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return Set(slugs.compactMap { try? String(contentsOfFile: "\(root)/\($0)/\(name)", encoding: .utf8) })
    }

    /// Cuts logs that servers left running went on writing to.
    package func cutLogs(longerThan limit: Int64 = 16 << 20) {
        for slug in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(slug)")) ?? [] {
                let path = "\(root)/\(slug)/\(name)"
                guard name.hasSuffix(".out") || name.hasSuffix(".err"), Self.size(path) > limit else { continue }
                _ = truncate(path, 0)
            }
        }
    }

    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return lstat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private func make(_ preview: PreviewIdentity) throws(PreviewFailure) { try make(folder(of: preview)) }

    private func make(_ path: String) throws(PreviewFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw PreviewFailure(
                .unavailable, cause: "The folder for previews cannot be written.",
                nextStep: "Give the server's user the right to write there, or set FETTLE_PREVIEW_FOLDER.", mayPass: true)
        }
    }
}
