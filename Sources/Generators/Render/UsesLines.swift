/// The `uses:` lines of what was rendered: other pins, and addresses that do not depend on a server's settings.
enum UsesLines {
    static func rewrite(_ blocks: [ManagedBlock], for options: GenerationOptions) -> [ManagedBlock] {
        blocks.map { block in
            var block = block
            block.lines = block.lines.map { rewrite($0, options) }
            return block
        }
    }

    /// Where Gitea looks for `owner/repo` is a setting of each server, so the address says it.
    private static func rewrite(_ line: String, _ options: GenerationOptions) -> String {
        guard let mark = line.firstRange(of: "uses: "), let at = line.lastIndex(of: "@") else { return line }
        var action = String(line[mark.upperBound..<at])
        guard !action.hasPrefix("./"), !action.contains("://") else { return line }
        var rest = String(line[at...])
        let repository = action.split(separator: "/").prefix(2).joined(separator: "/")
        if let pin = options.pins.pins[repository] { rest = "@\(pin.commit) # \(pin.tag)" }
        if options.target == .gitea { action = "https://github.com/" + action }
        return line[..<mark.upperBound] + action + rest
    }
}
