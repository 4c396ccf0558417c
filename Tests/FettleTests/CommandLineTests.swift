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

    private func run(_ words: [String]) async -> (status: ExitCode, output: String, error: String) {
        let terminal = RecordedTerminal()
        let status = await CommandRegistry.run(words, in: terminal.context())
        return (status, terminal.output, terminal.error)
    }
}
