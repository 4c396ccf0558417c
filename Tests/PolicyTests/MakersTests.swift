import FoundationEssentials
import Testing

/// The rule that nothing is prompted or published around Policy, read from the sources themselves.
@Suite struct MakersTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    @Test(arguments: ["PublishableText(checked:", "PromptText(redacted:"])
    func `only Policy makes checked text`(call: String) throws {
        var callers: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: Self.sources.appending(path: path), encoding: .utf8)
            if text.contains(call) { callers.insert(path.split(separator: "/").first.map(String.init) ?? path) }
        }
        #expect(callers == ["Policy"])
    }
}
