import FoundationEssentials
import Glibc

/// Ports of this machine for previews: each keeps its own from update to update.
package struct PortAllotment: Sendable {
    package let range: ClosedRange<Int>
    /// Where containers are published: an IPv4 address of this machine.
    package let address: String

    package init(range: ClosedRange<Int>, address: String = "127.0.0.1") {
        self.range = range
        self.address = address
    }

    func port(for preview: PreviewIdentity, in folders: PreviewFolders) throws(PreviewFailure) -> Int {
        let file = try note(preview, folders)
        if let text = try? String(contentsOfFile: file, encoding: .utf8), let port = Int(text), range.contains(port) { return port }
        let taken = folders.notes(named: Self.noteName)
        for port in range where !taken.contains("\(port)") && isFree(port) {
            do { try Data("\(port)".utf8).write(to: URL(filePath: file)) } catch { continue }
            return port
        }
        throw PreviewFailure(
            .noRoom, cause: "Every port from \(range.lowerBound) to \(range.upperBound) is taken.",
            nextStep: "The operator widens the range, or previews are closed.", mayPass: true)
    }

    func forget(_ preview: PreviewIdentity, in folders: PreviewFolders) {
        try? FileManager.default.removeItem(atPath: folders.folder(of: preview) + "/" + Self.noteName)
    }

    private static let noteName = "port"

    private func note(_ preview: PreviewIdentity, _ folders: PreviewFolders) throws(PreviewFailure) -> String {
        _ = try folders.home(of: preview)
        return folders.folder(of: preview) + "/" + Self.noteName
    }

    /// Somebody takes connections there.
    func answers(_ port: Int) -> Bool {
        withSocket { socket in withAddress(port) { Glibc.connect(socket, __CONST_SOCKADDR_ARG(__sockaddr__: $0), $1) == 0 } } ?? false
    }

    private func isFree(_ port: Int) -> Bool {
        withSocket { socket in
            var yes: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            return withAddress(port) { Glibc.bind(socket, __CONST_SOCKADDR_ARG(__sockaddr__: $0), $1) == 0 }
        } ?? false
    }

    private func withSocket(_ body: (Int32) -> Bool) -> Bool? {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return nil }
        defer { close(number) }
        return body(number)
    }

    private func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else { return false }
        return withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
