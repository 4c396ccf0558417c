/// What a Dockerfile says about the image's last stage: read, not run.
///
/// Source: docs.docker.com/reference/dockerfile
package struct ContainerFile: Sendable, Hashable {
    /// The first port it exposes.
    package private(set) var port: Int?
    /// A number other than root's; `nil` for a name, root, or nothing.
    package private(set) var user: Int?
    /// The path its health check asks for over HTTP.
    package private(set) var health: String?
    /// Whether it says what a container of the image runs.
    package private(set) var runs = false
    /// Whether the last stage installs or builds something.
    package private(set) var works = false
    /// What any stage copies out of the build's folder, as written.
    package private(set) var copied: [String] = []

    private static let mostBytes = 256 << 10

    package init(parsing bytes: [UInt8]) {
        for line in Self.lines(bytes) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let instruction = words.first?.uppercased() else { continue }
            switch instruction {
            case "FROM":
                let copied = copied
                self = ContainerFile()
                self.copied = copied
            case "CMD", "ENTRYPOINT": runs = true
            case "RUN": works = true
            case "COPY", "ADD": copied += Self.sources(words.dropFirst())
            case "EXPOSE": if port == nil { port = words.dropFirst().first.flatMap(Self.port) }
            case "USER":
                let number = words.dropFirst().first?.split(separator: ":").first.flatMap { Int($0) }
                user = number.flatMap { (1...4_294_967_294).contains($0) ? $0 : nil }
            case "HEALTHCHECK": health = Self.path(in: line)
            default: continue
            }
        }
    }

    private init() {}

    /// Other stages, addresses and texts inside the file are no sources.
    private static func sources(_ words: ArraySlice<Substring>) -> [String] {
        let paths = words.drop { $0.hasPrefix("--") }
        let isOther = words.contains { $0.hasPrefix("--from") } || paths.contains { $0.hasPrefix("[") || $0.hasPrefix("<<") }
        return isOther ? [] : paths.dropLast().filter { !$0.contains("://") }.map(String.init)
    }

    /// With continued lines joined and comments left out.
    private static func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var open = ""
        for line in String(decoding: bytes.prefix(mostBytes), as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = line.drop(while: \.isWhitespace)
            if text.hasPrefix("#") { continue }
            if text.hasSuffix("\\") {
                open += text.dropLast() + " "
                continue
            }
            lines.append(open + text)
            open = ""
        }
        return open.isEmpty ? lines : lines + [open]
    }

    private static func port(_ word: Substring) -> Int? {
        let port = word.split(separator: "/").first.flatMap { Int($0) }
        return port.flatMap { (1...65535).contains($0) ? $0 : nil }
    }

    /// `/healthz` of `curl -f http://localhost:8080/healthz || exit 1`.
    private static func path(in line: String) -> String? {
        guard let start = line.firstRange(of: "http://") else { return nil }
        let path = line[start.upperBound...].drop { $0 != "/" && !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        let end = path.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.~".contains($0)) }
        return end.hasPrefix("/") && end.utf8.count <= 300 ? String(end) : nil
    }
}
