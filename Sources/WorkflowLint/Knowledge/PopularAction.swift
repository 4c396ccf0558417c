/// What is known of an action's interface.
struct PopularAction: Sendable {
    /// Lower case.
    var inputs: Set<String>
    var takesAnyInput: Bool
    /// As the action spells them, for messages.
    var inputNames: [String]
    var required: [String]
    /// Lower-case names, and the major version since which they are deprecated.
    var deprecated: [String: Int]
    /// `nil`: any.
    var outputs: [String]?
    /// First major version whose runtime GitHub still has; 0 when all run.
    var firstLivingMajor: Int

    static func named(_ name: String) -> PopularAction? { table[name.lowercased()] }

    private static let table: [String: PopularAction] = {
        var table: [String: PopularAction] = [:]
        for line in PopularActionTable.text.description.split(separator: "\n") {
            let columns = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ").map(String.init) }
            guard columns.count == 4, let name = columns[0].first else { continue }
            table[name.lowercased()] = PopularAction(columns)
        }
        return table
    }()

    private init(_ columns: [[String]]) {
        takesAnyInput = columns[1].contains("*")
        let bare = columns[1].map { word in String(word.prefix { $0 != "!" && $0 != "~" }) }
        inputs = Set(bare.map { $0.lowercased() })
        inputNames = bare
        required = zip(columns[1], bare).filter { $0.0.contains("!") }.map { $0.1 }
        let since = columns[1].map { word in word.split(separator: "~").dropFirst().first.flatMap { Int($0) } }
        deprecated = Dictionary(zip(bare, since).compactMap { name, major in major.map { (name.lowercased(), $0) } }, uniquingKeysWith: min)
        outputs = columns[2] == ["*"] ? nil : columns[2]
        firstLivingMajor = columns[3].first.flatMap { Int($0) } ?? 0
    }
}

/// `owner/repo/path@ref`, taken apart.
struct ActionReference: Sendable, Equatable {
    var owner: String
    var repository: String
    /// Folder inside the repository; empty for its root.
    var path: String
    var ref: String

    /// `nil` for local paths, images and anything that has not this form.
    init?(_ text: String) {
        guard !text.hasPrefix("./"), !text.hasPrefix("docker://"), let at = text.lastIndex(of: "@") else { return nil }
        var parts = text[..<at].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // Gitea takes `https://host/owner/repo@ref`.
        if parts.count >= 5, parts[0] == "https:", parts[1].isEmpty { parts.removeFirst(3) }
        guard parts.count >= 2, !parts[0].isEmpty, !parts[1].isEmpty, !text[text.index(after: at)...].isEmpty else { return nil }
        owner = parts[0]
        repository = parts[1]
        path = parts.dropFirst(2).joined(separator: "/")
        ref = String(text[text.index(after: at)...])
    }

    /// `owner/repo` with the folder.
    var name: String { path.isEmpty ? "\(owner)/\(repository)" : "\(owner)/\(repository)/\(path)" }

    /// A full commit id: what the reference names can never change.
    var isPinned: Bool { ref.count == 40 && ref.allSatisfy(\.isHexDigit) }

    /// 4 for `v4`, `v4.1.0` and `4`; `nil` for branches and commits.
    var major: Int? {
        guard !isPinned else { return nil }
        let digits = (ref.hasPrefix("v") ? ref.dropFirst() : ref[...]).prefix { $0.isNumber }
        guard !digits.isEmpty else { return nil }
        let rest = ref.drop { $0 == "v" }.dropFirst(digits.count)
        return rest.isEmpty || rest.hasPrefix(".") ? Int(digits) : nil
    }
}
