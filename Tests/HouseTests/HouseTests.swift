import TestSupport
import Testing

/// The rules of the house that a compiler does not keep.
@Suite struct HouseTests {
    /// From the bottom up; a module uses modules of lower layers only, or the ones named beside it.
    private static let layers: [[String]] = [
        ["Basics"],
        ["HTTP", "Crypto", "Text", "Storage", "Subprocess", "Git"],
        ["Forge", "LLM"],
        ["Policy", "ForgeClients", "LLMClients", "Kubernetes", "Notifiers"],
        ["Review", "TestSelection", "FailureAnalysis", "WorkflowLint", "Generators", "Previews"],
        ["Jobs"],
        ["Webhooks", "Dashboard", "SandboxForge"],
        ["fettle"],
    ]

    /// Neighbours that may be used, each with its reason.
    private static let neighbours: [String: Set<String>] = [
        // Bulk reads and the network go through the git program.
        "Git": ["Subprocess"]
    ]

    @Test func `arrows point down`() throws {
        #expect(try sources().count > 100, "the sources were not found")
        for source in try sources() {
            let level = try #require(Self.layers.firstIndex { $0.contains(source.module) }, "\(source.module) has no layer")
            for imported in source.imports {
                guard let other = Self.layers.firstIndex(where: { $0.contains(imported) }), imported != source.module else { continue }
                let allowed = other < level || Self.neighbours[source.module]?.contains(imported) == true
                #expect(allowed, "\(source.path) imports \(imported)")
            }
        }
    }

    @Test func `each C library has one doorway`() throws {
        var users: [String: Set<String>] = [:]
        for source in try sources() {
            for imported in source.imports where Self.isCLibrary(imported) { users[imported, default: []].insert(source.module) }
        }
        // What Glibc's own module leaves out is no library of its own.
        users["CLinux"] = nil
        for (library, modules) in users { #expect(modules.count == 1, "\(library) is imported by \(modules.sorted())") }
    }

    @Test func `only FoundationEssentials is used, so that the binary stays small`() throws {
        for source in try sources() {
            #expect(!source.imports.contains { $0 == "Foundation" || $0 == "FoundationNetworking" }, "\(source.path)")
        }
    }

    @Test func `nothing in the product can trap by a forced shortcut`() throws {
        for source in try sources() {
            for word in ["try!", " as! ", "fatalError("] { #expect(!source.text.contains(word), "\(source.path) has \(word)") }
        }
    }

    @Test func `what is published and prompted is made by Policy alone`() throws {
        for source in try sources() where source.module != "Policy" {
            for call in ["PublishableText(checked:", "PromptText(redacted:"] {
                #expect(!source.text.contains(call), "\(source.path) calls \(call)")
            }
        }
    }

    @Test func `every module explains itself in at most 40 lines`() throws {
        for module in Set(try sources().map(\.module)) {
            let text = try Repository.text("Sources/\(module)/README.md")
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 41, "\(module)")
        }
    }

    private struct Source {
        let path: String
        let module: String
        let text: String

        var imports: [String] {
            text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index <= 2, words.count > index + 1, !line.hasPrefix("//") else {
                    return nil
                }
                let isImport = words[..<index].allSatisfy {
                    ["package", "public", "internal", "@preconcurrency", "@testable"].contains($0)
                }
                return isImport ? words[index + 1].split(separator: ".").first.map(String.init) : nil
            }
        }
    }

    private func sources() throws -> [Source] {
        try Repository.files(under: "Sources", suffix: ".swift").map { path in
            Source(path: path, module: String(path.split(separator: "/")[1]), text: try Repository.text(path))
        }
    }

    private static func isCLibrary(_ name: String) -> Bool {
        ["CCurl", "CMicroHTTPD", "COpenSSL", "CGit2", "CYAML", "CPCRE2", "CExpat", "CSQLite", "CLZ4", "CPostgreSQL", "CLinux"].contains(
            name)
    }
}
