import Basics
import Forge
import Policy
import Review
import Text

/// `fettle review --replay BUNDLE`: what a recorded review said, from the record alone.
enum ReviewReplay {
    static func run(_ path: String, _ arguments: ParsedArguments, in context: CommandContext) async throws -> ExitCode {
        for option in ["--repo", "--base", "--head", "--bundle"] where arguments.value(option) != nil {
            throw UsageError("\(option) has no meaning with --replay: everything is in the record")
        }
        let bundle: ReviewBundle
        do { bundle = try ReviewBundle.read(try InputFile.read(path, limit: 64 << 20)) } catch let error as InputFile.Unreadable {
            throw UsageError(error.description)
        } catch {
            throw UsageError("'\(path)' is no record of a review, or one of another version")
        }
        let redactor = Redactor()
        if let plan = await bundle.replayedPlan(redactor: redactor) {
            context.output(published(plan).serialized(pretty: true).text + "\n")
            return .done
        }
        guard let format = ReviewFormats.named(arguments.value("--format") ?? "text") else { throw UsageError("unknown format") }
        let report = ReviewReport(change: bundle.change, result: await bundle.replay(redactor: redactor), redactor: redactor)
        context.output(format.render(report))
        return report.result.exitCode(failOn: arguments.value("--fail-on").flatMap(Severity.init))
    }

    /// What stood on the forge, text by text.
    private static func published(_ plan: ReviewPlan) -> JSONValue {
        let comments = (plan.review?.comments ?? []).map { comment -> JSONValue in
            .object([
                "path": .string(comment.path), "side": .string(comment.side == .old ? "old" : "new"), "line": .integer(Int64(comment.line)),
                "start_line": comment.startLine.map { .integer(Int64($0)) } ?? .null, "body": .string(comment.body.text),
            ])
        }
        let onFiles = plan.fileComments.map { JSONValue.object(["path": .string($0.path), "body": .string($0.body.text)]) }
        return .object([
            "version": 1, "summary": .string(plan.summary.text), "review": .string(plan.review?.body.text ?? ""),
            "comments": .array(comments), "file_comments": .array(onFiles),
            "check": ["title": .string(plan.check.title.text), "summary": .string(plan.check.summary.text)],
        ])
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}

/// A file of `--report`, written as `FORMAT:FILE`.
enum ToolReportFile {
    static func findings(in argument: String) throws -> [Finding] {
        guard let colon = argument.firstIndex(of: ":"), let form = ToolReports.named(String(argument[..<colon])) else {
            let names = ToolReports.all.map(\.name).joined(separator: ", ")
            throw UsageError("'\(argument)' names no form; write it as FORMAT:FILE with one of \(names)")
        }
        do {
            let bytes = try InputFile.read(String(argument[argument.index(after: colon)...]), limit: 64 << 20)
            return form.findings(in: UntrustedText(String(decoding: bytes, as: UTF8.self)), root: "")
        } catch {
            throw UsageError(error.description)
        }
    }
}
