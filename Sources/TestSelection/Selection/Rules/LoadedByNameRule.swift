import Text

/// Code that is loaded by its name — plug-ins, services, dependency injection — is reached by ways no reference shows.
enum LoadedByNameRule: SelectionRule {
    static let name = "loaded by name"

    static func findings(_ facts: SelectionFacts) -> [RuleFinding] {
        facts.changedCode.filter { !facts.isReached($0) }.compactMap { file in
            let named = LoadedName(file.path)
            let places = zip(facts.situation.sources, facts.sourceRoles)
            guard let place = places.first(where: { $0.path != file.path && named.isLoaded(by: $0, $1) })?.0 else { return nil }
            return RuleFinding(
                rule: name, effect: .everything,
                reason: "\(place.path) names \(named.stem), which is \(file.path), in a string or configuration")
        }
    }
}

/// How a file is called by what loads it: `package.stem`, `folder/stem`, or a stem that is the name of a type.
private struct LoadedName {
    let stem: String
    private let folder: String
    /// Several words run together, as `AuditListener`: such a name in a string means the type.
    private let isTypeName: Bool

    init(_ path: String) {
        stem = FileName.stem(path)
        folder = FileName.folders(path).last.map(String.init) ?? ""
        isTypeName =
            stem.first?.isUppercase == true && stem.dropFirst().contains(where: \.isUppercase) && stem.contains(where: \.isLowercase)
    }

    func isLoaded(by source: (path: String, text: [UInt8]), _ role: FileRole) -> Bool {
        guard stem.utf8.count > 2 else { return false }
        switch role {
        case .code: return Mention.places(source.text, stem, first: false).contains { isLoad(source.text, $0) }
        case .data, .unknown: return isConfiguration(source)
        default: return source.path.contains("META-INF/") && isConfiguration(source)
        }
    }

    /// In configuration the name must be told from a common word: by its package before it, or by being a type's name.
    private func isConfiguration(_ source: (path: String, text: [UInt8])) -> Bool {
        Mention.places(source.text, stem, first: false).contains { place in
            guard Mention.stands(source.text, place, stem) else { return false }
            return isTypeName || isQualified(source.text, place)
        }
    }

    /// In a string that is no import: qualified by the package, a type's name alone, or on a line that loads something.
    private func isLoad(_ text: [UInt8], _ place: Int) -> Bool {
        let end = place + stem.utf8.count
        guard end < text.count, text[end] == 34 || text[end] == 39, place > 0 else { return false }
        guard [34, 39, 46, 36, 47, 92, 58].contains(text[place - 1]), !Mention.isImport(text, place) else { return false }
        guard !isProse(text, place) else { return false }
        return isQualified(text, place) || isTypeName || isLoadingLine(text, place)
    }

    /// Quoted within backticks, as documentation comments do.
    private func isProse(_ text: [UInt8], _ place: Int) -> Bool {
        guard let quote = text[..<place].lastIndex(where: { $0 == 34 || $0 == 39 || $0 == 10 }), quote > 0 else { return false }
        return text[quote] != 10 && text[quote - 1] == 96
    }

    /// The folder's name stands right before, as in `shop.audit`, `shop/audit` and `shop::audit`.
    private func isQualified(_ text: [UInt8], _ place: Int) -> Bool {
        guard folder.utf8.count > 1 else { return false }
        var end = place
        while end > 0, [46, 47, 58, 92, 36].contains(text[end - 1]) { end -= 1 }
        let before = Array(folder.utf8)
        return end < place && end >= before.count && Array(text[(end - before.count)..<end]) == before
    }

    private func isLoadingLine(_ text: [UInt8], _ place: Int) -> Bool {
        let start = text[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
        let line = String(decoding: text[max(start, place - 300)..<place], as: UTF8.self)
        return Self.loading.contains { line.contains($0) }
    }

    private static let loading = [
        "import_module", "__import__", "load_module", "forName", "loadClass", "NSClassFromString", "CreateInstance", "GetType(",
        "const_get",
        "constantize", "load(", "load_plugin", "plugin(", "autoload", "import(",
    ]
}
