import Testing

@testable import fettle

@Suite struct CommandLineTests {
    @Test func `help names every command and exits 0`() async {
        let (status, output, _) = await run(["--help"])
        #expect(status == .done)
        for command in CommandRegistry.commands { #expect(output.contains(command.description.summary)) }
    }

    @Test(arguments: CommandRegistry.commands.map { $0.description.path })
    func `every command explains itself and refuses unknown options with its usage line`(path: [String]) async {
        let help = await run(path + ["--help"])
        #expect(help.status == .done)
        #expect(help.output.contains("usage: fettle \(path.joined(separator: " "))"))
        let wrong = await run(path + ["--no-such-option"])
        #expect(wrong.status == .usage)
        #expect(wrong.error.contains("unknown option '--no-such-option'"))
        #expect(wrong.error.contains("usage: fettle \(path.joined(separator: " "))"))
    }

    @Test func `a mistyped command is answered with the nearest one`() async {
        let (status, _, error) = await run(["verison"])
        #expect(status == .usage)
        #expect(error.contains("did you mean 'version'?"))
    }

    @Test(arguments: [["generate", "bogus"], ["logs", "exerpt"], ["tests", "--bogus"]])
    func `a group's unknown command is said to be unknown, beside those there are`(words: [String]) async {
        let (status, _, error) = await run(words)
        #expect(status == .usage)
        #expect(error.contains("unknown command '\(words.joined(separator: " "))'"))
        #expect(error.contains("'fettle \(words[0])' has these commands:"))
    }

    @Test func `help COMMAND is COMMAND --help, for a command, a group and a mistake`() async {
        #expect(await run(["help", "review"]) == run(["review", "--help"]))
        #expect(await run(["help", "tests", "select"]) == run(["tests", "select", "--help"]))
        let group = await run(["help", "tests"])
        #expect(group.status == .done && group.output.contains("fettle tests shard"))
        #expect(await run(["help", "verison"]).error.contains("did you mean 'version'?"))
    }

    @Test func `a stray word is named before what is missing, and everything missing is named together`() async {
        let stray = await run(["tests", "rank", "extra"])
        #expect(stray.status == .usage)
        #expect(
            stray.error.hasPrefix(
                "fettle tests rank: unexpected argument 'extra'; it takes options only and needs '--base REV'\n"))
        #expect(await run(["tests", "rank"]).error.hasPrefix("fettle tests rank: '--base REV' is missing\n"))
    }

    @Test(arguments: CommandRegistry.commands.map { $0.description.help })
    func `no help speaks of an empty default`(help: String) {
        #expect(!help.contains("(default: )"))
    }

    @Test func `serve's help lists every setting, and its exit statuses`() async {
        let help = await run(["serve", "--help"]).output
        for key in ConfigurationKey.all { #expect(help.contains("  \(key.variable)")) }
        #expect(help.contains("Exit status: 0 stopped by a signal; 2 "))
    }

    private func run(_ words: [String]) async -> (status: ExitCode, output: String, error: String) {
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(words, in: terminal.context())
        return (status, terminal.output, terminal.error)
    }
}
