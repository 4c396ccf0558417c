import Testing

@testable import fettle

@Suite struct ConfigurationFileTests {
    @Test func `settings are read by path, each with its line`() {
        let (settings, faults) = ConfigurationFile.settings(
            in: "listen: 127.0.0.1:0\ngithub:\n  app_id: 12345\n  webhook_secret: [new, old]\n", name: "fettle.yml")
        #expect(faults.isEmpty)
        #expect(settings["github.app_id"]?.text == "12345")
        #expect(settings["github.app_id"]?.origin == "fettle.yml:3")
        #expect(settings["github.webhook_secret"]?.text == "new\nold")
    }

    @Test func `unknown, repeated and misplaced keys are all named with their lines`() {
        let (_, faults) = ConfigurationFile.settings(
            in: "listne: x\ngithub:\n  app_id: 1\n  app_id: 2\n  url: [a]\ngitea: nonsense\n", name: "fettle.yml")
        #expect(Set(faults.map(\.origin)) == ["fettle.yml:1", "fettle.yml:4", "fettle.yml:5", "fettle.yml:6"])
        #expect(faults.contains { $0.problem.contains("did you mean 'listen'?") })
    }

    @Test(arguments: ["", "# only a comment\n", "---\n"])
    func `an empty file sets nothing`(text: String) {
        let (settings, faults) = ConfigurationFile.settings(in: text, name: "fettle.yml")
        #expect(settings.isEmpty)
        #expect(faults.isEmpty)
    }

    @Test(arguments: ["listen: [", "\tlisten: x", "- a\n- b", "just text"])
    func `a file that is no list of keys is one clear fault`(text: String) {
        #expect(ConfigurationFile.settings(in: text, name: "fettle.yml").faults.count == 1)
    }
}
