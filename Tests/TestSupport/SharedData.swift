import FoundationEssentials
import Glibc

/// Development data beside the project, used where it is there. Nothing of it is part of the project.
package enum SharedData {
    /// `../shared` seen from the package root; `nil` when absent.
    package static let root: String? = {
        var path = #filePath
        for _ in 0..<3 { path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
        let shared = path + "/../shared"
        return FileManager.default.fileExists(atPath: shared + "/data") ? shared : nil
    }()

    /// A file's bytes; `nil` when the data or the file is absent.
    package static func bytes(_ path: String) -> [UInt8]? {
        root.flatMap { FileManager.default.contents(atPath: $0 + "/" + path) }.map { Array($0) }
    }

    /// Names in a folder, sorted; empty when absent.
    package static func names(in folder: String) -> [String] {
        guard let root, let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder) else { return [] }
        return names.sorted()
    }

    /// Every file of a `.tar.xz`, by its path in it; empty when absent. Unpacked by the system's `tar` into a temporary folder.
    package static func unpacked(_ archive: String) -> [String: [UInt8]] {
        guard let root, FileManager.default.fileExists(atPath: root + "/" + archive) else { return [:] }
        var template = Array("/tmp/fettle-shared-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return [:] }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard run("tar", "-xJf", root + "/" + archive, "-C", folder) else { return [:] }
        var files: [String: [UInt8]] = [:]
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [] {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder), !isFolder else { continue }
            files[path] = FileManager.default.contents(atPath: folder + "/" + path).map { Array($0) }
        }
        return files
    }

    private static func run(_ arguments: String...) -> Bool {
        var child: pid_t = 0
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        argv.append(nil)
        defer { for argument in argv { free(argument) } }
        guard posix_spawnp(&child, arguments[0], nil, nil, &argv, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return false } }
        return status == 0
    }
}
