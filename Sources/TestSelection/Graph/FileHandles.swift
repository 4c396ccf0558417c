/// The names by which other files mean a file: its own, its package's, and what it declares where the language finds that without a path.
///
/// Sources: docs.python.org (packages), nodejs.org (folders as modules), go.dev/ref/spec (packages), doc.rust-lang.org (modules),
/// guides.rubyonrails.org (autoloading), docs.swift.org (no imports within a module).
struct FileHandles {
    let names: Set<String>

    init(_ path: String, text: [UInt8]) {
        let stem = FileName.stem(path)
        let ending = FileName.fileExtension(path)
        let folder = FileName.folders(path).last.map(String.init)
        var names: Set<String> = [stem]
        if Self.packageFiles.contains(stem) || ending == "go", let folder { names.insert(folder) }
        if stem == "__init__", folder != nil { names.remove(stem) }
        if ending == "rb" { names.insert(Identifiers.words(stem).map(Self.capitalized).joined()) }
        if stem.hasPrefix("_"), stem.utf8.count > 2 { names.insert(String(stem.drop { $0 == "_" })) }
        if let depth = Self.declaringLanguages[ending] { names.formUnion(Self.declared(in: text, depth: depth)) }
        self.names = names.filter { $0.utf8.count > 1 }
    }

    /// Files that stand for the folder they lie in.
    private static let packageFiles: Set<String> = ["__init__", "__main__", "index", "mod", "lib", "main", "init", "package"]

    /// Languages whose files are found by what they declare, with how far declarations are indented at most.
    private static let declaringLanguages: [String: Int] = [
        "swift": 0, "kt": 0, "scala": 0, "groovy": 0, "cs": 4, "fs": 0, "vb": 4, "go": 0, "rs": 0, "php": 0, "c": 0, "cc": 2, "cpp": 2,
        "cxx": 2, "h": 2, "hh": 2, "hpp": 2, "hxx": 2, "m": 0, "mm": 0, "dart": 0, "ex": 2, "rb": 2,
    ]
    private static let shortestDeclared = 4
    private static let mostDeclared = 60

    private static func declared(in text: [UInt8], depth: Int) -> Set<String> {
        var names: Set<String> = []
        for line in text.split(separator: 10) where names.count < mostDeclared {
            guard let first = line.first(where: { $0 != 32 && $0 != 9 }), isLetter(first) else { continue }
            guard line.prefix(while: { $0 == 32 || $0 == 9 }).count <= depth else { continue }
            guard let name = EnclosingDeclarations.declaredName(in: String(decoding: line.prefix(300), as: UTF8.self)) else { continue }
            if name.utf8.count >= shortestDeclared, !ReservedWords.contains(name) { names.insert(name) }
        }
        return names
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    private static func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}
