import Basics
import Forge
import Previews
import TestSupport
import Testing

/// A preview and what stands around it, driven by hand: the driver obeys at once and always succeeds unless told otherwise.
struct PlayedPreview {
    var preview = Preview()
    var facts = PreviewFacts(isOpen: true, head: Self.commit(1))
    var policy: PreviewPolicy? = PreviewPolicy()
    var others = 0
    var now = Timestamp(seconds: 1_800_000_000)
    var failure: PreviewFailure?
    var calls: [String] = []
    /// What the driver really runs.
    var runs: CommitID?

    static func commit(_ number: Int) -> CommitID {
        guard let commit = CommitID(String(repeating: "\(number % 10)", count: 40)) else { preconditionFailure("forty digits") }
        return commit
    }

    var surroundings: Preview.Surroundings { .init(policy: policy, refusal: "nothing is configured", others: others, now: now) }

    mutating func look() {
        // More rounds than any decision needs; a machine that wants more would never come to rest.
        for _ in 0..<5 {
            guard let action = preview.handle(.seen(facts), in: surroundings) else { return }
            perform(action)
        }
        Issue.record("the machine does not come to rest")
    }

    mutating func perform(_ action: PreviewAction) {
        switch action {
        case .bringUp(let head):
            calls.append("up \(head.hex.first.map(String.init) ?? "")")
            if let failure {
                _ = preview.handle(.failed(failure), in: surroundings)
            } else {
                runs = head
                _ = preview.handle(.cameUp(address: "http://here"), in: surroundings)
            }
        case .takeDown:
            calls.append("down")
            runs = nil
            _ = preview.handle(.wentDown, in: surroundings)
        }
    }

    mutating func ask(_ command: PreviewCommand) {
        _ = preview.handle(.asked(command), in: surroundings)
        look()
    }
}

@Suite struct LifeCycleTests {
    @Test func `looking again at the same head calls nobody`() {
        var played = PlayedPreview()
        for _ in 0..<4 { played.look() }
        #expect(played.calls == ["up 1"])
        #expect(played.preview.phase == .running)
    }

    @Test func `a push updates, a close takes down once, a reopening brings another environment`() {
        var played = PlayedPreview()
        played.look()
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        played.facts.isOpen = false
        played.look()
        played.look()
        #expect(played.preview.generation == 1)
        played.facts.isOpen = true
        played.look()
        #expect(played.calls == ["up 1", "up 2", "down", "up 2"])
        #expect(played.preview.generation == 2)
    }

    @Test func `a failed build is not repeated by itself, does not stop the next push, and is taken down at the end`() {
        var played = PlayedPreview()
        played.failure = PreviewFailure(.buildFailed, cause: "It failed.", nextStep: "Mend it.")
        played.look()
        played.look()
        #expect(played.preview.phase == .failed)
        played.failure = nil
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        played.facts.isOpen = false
        played.look()
        #expect(played.calls == ["up 1", "up 2", "down"])
    }

    @Test func `asking again after a failure tries the same head again`() {
        var played = PlayedPreview()
        played.failure = PreviewFailure(.buildFailed, cause: "It failed.", nextStep: "Mend it.")
        played.look()
        played.failure = nil
        played.ask(.start)
        #expect(played.calls == ["up 1", "up 1"])
        #expect(played.preview.phase == .running)
    }

    @Test func `a fork's head runs only after its own approval`() {
        var played = PlayedPreview()
        played.facts.isFork = true
        played.look()
        #expect(played.preview.phase == .waitingForApproval)
        played.ask(.approve(prefix: "2222222"))
        #expect(played.calls == [])
        played.ask(.approve(prefix: ""))
        #expect(played.calls == ["up 1"])
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        #expect(played.calls == ["up 1"])
        #expect(played.preview.phase == .waitingForApproval)
        #expect(played.runs == PlayedPreview.commit(1))
        played.ask(.approve(prefix: "2222"))
        #expect(played.calls == ["up 1", "up 2"])
    }

    @Test func `an approval that comes after another push serves the head that was announced, not the new one`() {
        var played = PlayedPreview()
        played.facts.isFork = true
        played.look()
        // Pushed, and nobody looked yet.
        played.facts.head = PlayedPreview.commit(2)
        played.ask(.approve(prefix: ""))
        #expect(played.calls == [])
        #expect(played.preview.approved == PlayedPreview.commit(1))
    }

    @Test func `a preview goes when it was idle, stays away, and comes back with a push`() {
        var played = PlayedPreview()
        played.look()
        played.now = played.now + .seconds(3 * 86_400)
        played.look()
        played.look()
        #expect(played.calls == ["up 1", "down"])
        #expect(played.preview.phase == .expired)
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        #expect(played.calls == ["up 1", "down", "up 2"])
    }

    @Test func `an extension is granted up to the operator's bound`() {
        var played = PlayedPreview()
        played.look()
        played.ask(.extend(by: .seconds(2 * 86_400)))
        #expect(played.preview.expiresAt == played.now + .seconds(5 * 86_400))
        played.ask(.extend(by: .seconds(300 * 86_400)))
        #expect(played.preview.expiresAt == played.now + .seconds(14 * 86_400))
    }

    @Test func `a stopped preview ignores pushes until it is asked for`() {
        var played = PlayedPreview()
        played.look()
        played.ask(.stop)
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        #expect(played.calls == ["up 1", "down"])
        played.ask(.start)
        #expect(played.calls == ["up 1", "down", "up 2"])
    }

    @Test func `no more than the cap run, and one that waited comes when there is room`() {
        var played = PlayedPreview()
        played.others = 5
        played.look()
        #expect(played.preview.phase == .waitingForRoom)
        played.others = 4
        played.look()
        #expect(played.calls == ["up 1"])
        // Who runs already keeps running.
        played.others = 9
        played.facts.head = PlayedPreview.commit(2)
        played.look()
        #expect(played.calls == ["up 1", "up 2"])
    }

    @Test func `a label brings and its removal takes away`() {
        var played = PlayedPreview()
        played.policy?.when = .label("preview")
        played.look()
        played.facts.labels = ["preview"]
        played.look()
        played.facts.labels = []
        played.look()
        played.now = played.now + .seconds(30 * 86_400)
        played.facts.labels = ["preview"]
        played.look()
        #expect(played.calls == ["up 1", "down", "up 1"])
    }

    @Test func `drafts, paths and commands are heeded, and asking overrules them`() {
        var draft = PlayedPreview()
        draft.policy?.includesDrafts = false
        draft.facts.isDraft = true
        draft.look()
        #expect(draft.calls == [])
        draft.ask(.start)
        #expect(draft.calls == ["up 1"])

        var paths = PlayedPreview()
        paths.policy?.when = .paths(["web/**"])
        paths.look()
        #expect(paths.calls == [])
        paths.facts.touchesPaths = true
        paths.look()
        #expect(paths.calls == ["up 1"])

        var command = PlayedPreview()
        command.policy?.when = .command
        command.look()
        #expect(command.calls == [])
        command.ask(.start)
        #expect(command.calls == ["up 1"])
    }

    @Test func `a lost right to read and a removed section both take it down`() {
        var played = PlayedPreview()
        played.look()
        if let action = played.preview.handle(.unreadable, in: played.surroundings) { played.perform(action) }
        #expect(played.calls == ["up 1", "down"])
        played.look()
        played.policy = nil
        played.look()
        #expect(played.calls == ["up 1", "down", "up 1", "down"])
        #expect(played.preview.because == "nothing is configured")
    }

    @Test func `a crash between a decision and its end repeats the call`() {
        var played = PlayedPreview()
        #expect(played.preview.handle(.seen(played.facts), in: played.surroundings) == .bringUp(PlayedPreview.commit(1)))
        #expect(played.preview.mayExist)
        // The process died here; another looks.
        played.look()
        #expect(played.calls == ["up 1"])
        #expect(played.preview.attempt == 1)
        played.facts.isOpen = false
        #expect(played.preview.handle(.seen(played.facts), in: played.surroundings) == .takeDown)
        #expect(played.preview.mayExist)
        played.look()
        #expect(!played.preview.mayExist)
    }

    @Test func `a reopening in the middle of a removal ends the removal first`() {
        var played = PlayedPreview()
        played.look()
        played.facts.isOpen = false
        _ = played.preview.handle(.seen(played.facts), in: played.surroundings)
        played.facts.isOpen = true
        played.look()
        #expect(played.calls == ["up 1", "down", "up 1"])
    }

    @Test func `whatever happens in whatever order, it comes to rest, forks never run unapproved, and closing leaves nothing`() {
        for seed in 1...UInt64(LongRun.count(400, long: 20_000)) {
            let random = SeededRandom(seed: seed)
            var played = PlayedPreview()
            played.facts.isFork = random.unit() < 0.3
            for _ in 0..<25 {
                play(&played, random)
                if played.facts.isFork, let runs = played.runs { #expect(played.preview.approved == runs || played.calls.isEmpty == false) }
                #expect(played.preview.mayExist || played.runs == nil, "seed \(seed): it runs and nobody knows")
            }
            played.facts.isOpen = false
            played.look()
            #expect(played.runs == nil, "seed \(seed)")
            #expect(!played.preview.mayExist, "seed \(seed)")
        }
    }

    private func play(_ played: inout PlayedPreview, _ random: SeededRandom) {
        switch random.next() % 12 {
        case 0: played.facts.head = PlayedPreview.commit(Int(random.next() % 9) + 1)
        case 1: played.facts.isOpen.toggle()
        case 2: played.failure = random.unit() < 0.5 ? PreviewFailure(.buildFailed, cause: "x", nextStep: "y") : nil
        case 3: played.now = played.now + .seconds(Int64(random.next() % 400_000))
        case 4: played.ask(.start)
        case 5: played.ask(.stop)
        case 6:
            let before = played.runs
            played.ask(.approve(prefix: ""))
            if played.facts.isFork, played.runs != before, let runs = played.runs { #expect(runs == played.preview.approved) }
        case 7: played.others = Int(random.next() % 8)
        case 8: played.policy = random.unit() < 0.2 ? nil : PreviewPolicy(when: random.unit() < 0.5 ? .always : .command)
        case 9:
            // Decided, and the process died before it was done.
            if case .bringUp(let head)? = played.preview.handle(.seen(played.facts), in: played.surroundings), random.unit() < 0.5 {
                played.runs = head
            }
        default: played.look()
        }
    }
}
