import Jobs
import Text
import Testing

struct RepositoryConfigurationTests {
    @Test func `each feature gets its own part`() {
        let file = RepositoryConfiguration(parsing: Array("review: {enabled: false}\npreview:\n  ttl: 2h\n".utf8))
        #expect(file.faults.isEmpty)
        #expect(file["review"]?["enabled"]?.bool == false)
        #expect(file["preview"]?["ttl"]?.text == "2h")
        #expect(file["nothing"] == nil)
    }

    @Test(arguments: ["", "\n# nothing\n", "---\n"]) func `an empty file is no fault`(text: String) {
        let file = RepositoryConfiguration(parsing: Array(text.utf8))
        #expect(file.root == nil)
        #expect(file.faults.isEmpty)
    }

    @Test(arguments: ["review: [\n", "- a\n- b\n", "just words", "a: &a [*a]\n", "\u{0}"])
    func `a file that cannot be read is one fault and no settings`(text: String) {
        let file = RepositoryConfiguration(parsing: Array(text.utf8))
        #expect(file.root == nil)
        #expect(file.faults.count == 1, "\(file.faults)")
    }
}
