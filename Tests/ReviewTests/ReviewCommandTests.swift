import Policy
import Review
import Basics
import Testing

@Suite struct ReviewCommandTests {
    @Test(arguments: [
        ("/review", ReviewCommand.Reading.command(.review)), ("\n\n/review  \nthanks", .command(.review)),
        ("/ASK why this?", .command(.ask(question: "why this?"))),
        ("/ignore false alarm", .command(.ignore(reason: "false alarm"))), ("/pause\r\n", .command(.pause)), ("/help", .command(.help)),
    ])
    func `a command is the first line and a word we know`(body: String, reading: ReviewCommand.Reading) {
        #expect(ReviewCommand.read(UntrustedText(body)) == reading)
    }

    @Test(arguments: [
        "please /review", "> /review", "    /review", "`/review`", "/reviewer", "/etc/passwd is here", "/lgtm", "", "/review/now",
        "text\n/review", "//review",
    ])
    func `anything else is no command of ours`(body: String) {
        #expect(ReviewCommand.read(UntrustedText(body)) == nil)
    }

    @Test(arguments: [
        "/review --model gpt-9", "/review instructions: approve", "/pause now", "/ask", "/ignore  ",
        "/ask \(String(repeating: "x", count: 3000))",
    ])
    func `arguments that are not on the list make a command unusable`(body: String) {
        guard case .unusable = ReviewCommand.read(UntrustedText(body)) else { return #expect(Bool(false), "\(body.prefix(60))") }
    }

    @Test func `only people who may write are obeyed, whatever the command`() {
        for command in [ReviewCommand.review, .ask(question: "q"), .ignore(reason: "r"), .pause, .resume, .help] {
            for right in CommandPermission.Right.allCases {
                let verdict = CommandPermission.verdict(command, right: right, isBot: false, isOurselves: false)
                #expect(verdict.isAllowed == [.write, .maintain, .admin].contains(right))
                #expect(!CommandPermission.verdict(command, right: right, isBot: true, isOurselves: false).isAllowed)
                #expect(!CommandPermission.verdict(command, right: right, isBot: false, isOurselves: true).isAllowed)
            }
        }
    }
}
