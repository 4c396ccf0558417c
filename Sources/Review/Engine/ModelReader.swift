import Basics
import LLM
import Policy
import Text

/// Asks a model about a change, request by request, and keeps account of what was read.
struct ModelReader: Sendable {
    let change: Change
    let settings: ReviewSettings
    let redactor: Redactor
    let random: any RandomSource
    let model: any LanguageModel

    /// What came of asking about one chunk.
    private struct Answer: Sendable {
        var reply: ReviewReply?
        var error: ModelError?
        var usage = ReviewResult.Usage()
        var model: String?
        /// Requests on the wire; where the call failed, as many as it was allowed.
        var sent = 0

        /// Whole, or broken off behind findings that can be used.
        var isUsable: Bool { reply.map { $0.fault == nil || ($0.fault == .cutOff && !$0.findings.isEmpty) } ?? false }

        var isWorthAnother: Bool {
            if isUsable || error == .cancelled { return false }
            return error.map(\.mayPass) ?? (reply?.fault != .cutOff)
        }

        /// What the model is told of an answer that could not be read.
        var complaint: String? {
            guard error == nil, let fault = reply?.fault else { return nil }
            return "Your last answer could not be used: \(fault.rawValue). Answer with the JSON object alone."
        }

        /// The second answer counts, unless none came; what both took counts in any case.
        mutating func take(_ again: Answer) {
            let first = self
            if again.error == nil || first.error != nil { self = again }
            usage.requests = first.usage.requests + again.usage.requests
            usage.tokens = first.usage.tokens + again.usage.tokens
        }
    }

    /// Requests without a usable answer, one after the other, after which the model counts as down.
    private static let patience = 3

    func read() async -> ModelReading {
        let beside = ReviewPrompt(change: change, settings: settings, redactor: redactor).surroundings(for: model.profile)
        let chunks = ReviewChunks(
            change, budget: settings.chunkBudget(for: model.profile, beside: TokenEstimate.tokens(in: beside)), settings: settings)
        var reading = ModelReading(model: model.profile.name)
        reading.coverage = coverage(leftOut: chunks.leftOut)
        let asked = chunks.chunks.prefix(max(0, settings.maximumChunks))
        note(chunks.chunks.dropFirst(asked.count), reason: "over the limit of \(settings.maximumChunks) requests", in: &reading)
        await ask(asked, into: &reading)
        reading.readNothing = reading.coverage.readLines == 0 && chunks.chunks.contains { !$0.hunks.isEmpty }
        return reading
    }

    // MARK: Asking

    /// The first chunk goes alone, the others a few at a time. However a model fails, no more than `patience` requests in a row are spent
    /// on it; what is then left is named as not read.
    private func ask(_ chunks: ArraySlice<ReviewChunk>, into reading: inout ModelReading) async {
        var rest = chunks
        var patience = Self.patience
        while !rest.isEmpty, patience > 0 {
            let isFirst = rest.count == chunks.count
            let wave = Array(rest.prefix(isFirst ? 1 : max(1, min(settings.parallelRequests, patience))))
            rest = rest.dropFirst(wave.count)
            // Alone, a request may be sent again at once; side by side each is sent once, and those that failed go again one by one.
            var answers = await askAll(wave, of: chunks.count, attempts: wave.count == 1 ? patience : 1)
            if answers.contains(where: \.isUsable) { patience = Self.patience }
            patience -= answers.reduce(0) { $0 + ($1.isUsable ? 0 : $1.sent) }
            for index in answers.indices where answers[index].isWorthAnother && patience > 0 {
                let again = await ask(wave[index], of: chunks.count, attempts: patience, complaint: answers[index].complaint)
                patience = again.isUsable ? Self.patience : patience - again.sent
                answers[index].take(again)
            }
            for (chunk, answer) in zip(wave, answers) { take(answer, for: chunk, into: &reading) }
        }
        note(rest, reason: "the model did not answer", in: &reading)
    }

    private func askAll(_ chunks: [ReviewChunk], of count: Int, attempts: Int) async -> [Answer] {
        await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, chunk) in chunks.enumerated() {
                group.addTask { (index, await ask(chunk, of: count, attempts: attempts)) }
            }
            var answers = chunks.map { _ in Answer() }
            for await (index, answer) in group { answers[index] = answer }
            return answers
        }
    }

    private func ask(_ chunk: ReviewChunk, of count: Int, attempts: Int, complaint: String? = nil) async -> Answer {
        let prompt = ReviewPrompt(change: change, settings: settings, redactor: redactor)
        var request = prompt.request(for: chunk, of: count, model: model.profile, random: random, complaint: complaint)
        request.mostAttempts = attempts
        var answer = Answer()
        answer.usage.requests = 1
        answer.sent = attempts
        do {
            let reply = try await model.complete(request)
            answer.usage.requests = max(1, reply.attempts)
            answer.sent = max(1, reply.attempts)
            answer.reply = ReviewReply(parsing: reply.text.raw, model: reply.model)
            answer.usage.tokens = reply.usage
            answer.model = reply.model
        } catch .cutOff(let partial, let usage) {
            // Whole findings before the break are as good as any.
            var reply = ReviewReply(parsing: partial.raw, model: model.profile.name)
            if reply.fault == nil { reply.fault = .cutOff }
            answer.reply = reply.findings.isEmpty && reply.fault != .cutOff ? nil : reply
            answer.error = .cutOff(partial: "", usage: usage)
            answer.sent = 1
            answer.usage.tokens = usage
        } catch {
            answer.error = error
        }
        return answer
    }

    // MARK: Keeping account

    private func coverage(leftOut: [LeftOut]) -> Coverage {
        var coverage = Coverage()
        coverage.files = change.files.count
        coverage.changedLines = change.changedLineCount
        for out in leftOut where out.reason != "no lines changed" {
            let diff = change.files[out.file].diff
            coverage.gaps.append(
                .init(
                    path: diff.path, reason: out.reason, lines: diff.addedLineCount + diff.removedLineCount,
                    isIntended: diff.content != .omitted))
        }
        for file in change.files where file.diff.content == .cutOff {
            coverage.gaps.append(.init(path: file.diff.path, reason: "its diff breaks off", lines: 0, isIntended: false))
        }
        return coverage
    }

    private func take(_ answer: Answer, for chunk: ReviewChunk, into reading: inout ModelReading) {
        reading.usage.requests += answer.usage.requests
        reading.usage.tokens = reading.usage.tokens + answer.usage.tokens
        if let name = answer.model { reading.model = name }
        guard let reply = answer.reply, reply.fault == nil || reply.fault == .cutOff else {
            let reason =
                answer.error.map(\.sentence) ?? "The model's answer could not be used: \(answer.reply?.fault?.rawValue ?? "no answer")."
            if !reading.problems.contains(reason) { reading.problems.append(reason) }
            if let cause = answer.error?.description, !reading.causes.contains(cause) { reading.causes.append(cause) }
            return note([chunk], reason: "the model gave no usable answer", in: &reading)
        }
        reading.findings += reply.findings
        if reading.summary == nil { reading.summary = reply.summary }
        if reply.unreadableCount > 0 {
            reading.problems.append("\(reply.unreadableCount) of the model's findings could not be understood.")
        }
        if reply.fault == .cutOff {
            reading.problems.append("The model's answer breaks off; the findings before the break are kept.")
            note([chunk], reason: "the model's answer about it breaks off", in: &reading)
        } else {
            reading.coverage.readLines += chunk.hunks.reduce(0) { $0 + $1.changedLineCount }
        }
    }

    /// Names the files of chunks that were not read, one gap a file and reason.
    private func note(_ chunks: some Sequence<ReviewChunk>, reason: String, in reading: inout ModelReading) {
        var lines: [Int: Int] = [:]
        for hunk in chunks.flatMap(\.hunks) { lines[hunk.file, default: 0] += hunk.changedLineCount }
        for (file, count) in lines.sorted(by: { $0.key < $1.key }) {
            reading.coverage.gaps.append(.init(path: change.files[file].diff.path, reason: reason, lines: count, isIntended: false))
        }
    }
}

extension ModelError {
    /// One sentence for the reader of a review; says nothing of addresses or keys.
    var sentence: String {
        switch self {
        case .unreachable: "The model's server could not be reached."
        case .timedOut(_, let after): "The model did not answer within \(Int(after.inSeconds.rounded())) seconds."
        case .unauthorized: "The model's server refused our key."
        case .rateLimited: "The model's server asked us to wait longer than this review can."
        case .refused(_, let status, _): "The model's server refused the request (status \(status))."
        case .serverFailed(_, let status, _): "The model's server failed (status \(status))."
        case .cutOff: "The model's answer breaks off before it says anything."
        case .empty: "The model's answer is empty."
        case .malformed: "The model's server sent something that is no answer."
        case .withheld: "The model's server withheld the answer."
        case .overBudget: "The model was not asked: this repository's budget for today has no room left."
        case .cancelled: "The review was cancelled before the model answered."
        }
    }
}
