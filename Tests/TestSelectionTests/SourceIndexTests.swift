import TestSupport
import Testing
import Text

@testable import TestSelection

@Suite struct SourceIndexTests {
    private static let texts: [String: String] = [
        "conf/app.yaml": "plugin: shop.audit-log\n", "logo.png": "\u{0}\u{1}", "shop/basket.py": "from shop.money import Money\n",
        "shop/money.py": "class Money:\n    def add(self): pass\n", "tests/deep/test_money.py": "from shop.money import Money\nMoney()\n",
        "tests/test_basket.py": "from shop.basket import total\nx = a$Inner\ntotal(total)\n", "tool.py": "import money\n",
    ]

    private func digest(_ text: String) -> SourceIndex.Digest {
        let hash = Array(text.utf8).withUnsafeBufferPointer { Identifiers.hash($0, 0..<$0.count) }
        let digits = String(hash, radix: 16)
        guard let digest = SourceIndex.Digest(hex: String(repeating: "0", count: 40 - digits.count) + digits) else {
            preconditionFailure("forty digits are an id")
        }
        return digest
    }

    /// Walks a tree as the command does, and counts what it had to read.
    private func index(
        _ texts: [String: String], from known: SourceIndex = SourceIndex(), absent: Set<String> = []
    ) -> (index: SourceIndex, read: [String], directories: Int) {
        var update = SourceIndexUpdate(known)
        func below(_ folder: String) -> [String: String] { folder.isEmpty ? texts : texts.filter { $0.key.hasPrefix(folder + "/") } }
        func walk(_ folder: String) {
            let inside = below(folder)
            let tree = digest(inside.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)" }.joined(separator: "\u{0}"))
            if update.keep(folder, tree: tree) { return }
            update.begin(folder, tree: tree)
            var seen: Set<String> = []
            let prefix = folder.isEmpty ? "" : folder + "/"
            for (path, text) in inside.sorted(by: { $0.key < $1.key }) {
                let rest = path.dropFirst(prefix.count)
                if let slash = rest.firstIndex(of: "/") {
                    let name = prefix + rest[..<slash]
                    if seen.insert(name).inserted { walk(name) }
                } else {
                    update.add(path, kind: .file, content: digest(text))
                }
            }
            update.end()
        }
        walk("")
        let read = update.missing.map { update.path($0) }
        for place in update.missing {
            let path = update.path(place)
            if !absent.contains(path) { update.fill(place, path, text: texts[path].map { Array($0.utf8) }) }
        }
        return (update.finished(), read, update.changedDirectories)
    }

    private func says(_ index: SourceIndex) -> [String: [String]] {
        let graph = SourceGraph(index)
        let documents = TestDocuments(index, index.tests, names: ["total", "Money"], words: ["money"])
        return (0..<index.count).reduce(into: [:]) { said, place in
            let path = index.path(place)
            said[path] = graph.testsReaching(path).sorted() + ["\(index.names(place))", "\(index.part(place)) \(index.content(place).hex)"]
        }.merging(["": ["\(index.tests.map(index.path)) \(documents.names.lengths) \(documents.words.postings(of: "money"))"]]) { a, _ in a
        }
    }

    @Test func `an index that was kept says what one that was just made says`() {
        let made = index(Self.texts).index
        let kept = SourceIndex(parsing: made.serialized())
        #expect(kept.count == Self.texts.count)
        #expect(says(kept) == says(made))
        let graph = SourceGraph(kept)
        #expect(graph.testsReaching("shop/money.py") == ["tests/test_basket.py", "tests/deep/test_money.py"])
        #expect(graph.nearness(to: ["shop/basket.py"]).keys.sorted() == ["tests/test_basket.py"])
        #expect(!graph.knows("logo.png") && !graph.knows("conf/app.yaml"))
    }

    @Test func `nothing is read of a tree that is known`() {
        let made = index(Self.texts).index
        let again = index(Self.texts, from: SourceIndex(parsing: made.serialized()))
        #expect(again.read.isEmpty && again.directories == 0)
        #expect(says(again.index) == says(made))
    }

    @Test(arguments: [
        ("a changed file", ["shop/money.py": "class Euro: pass\n"] as [String: String?], ["shop/money.py"]),
        ("a new file in a new folder", ["new/one/test_a.py": "import tool\n"], ["new/one/test_a.py"]),
        ("a removed folder", ["tests/deep/test_money.py": nil], []),
        ("a removed file", ["shop/basket.py": nil], []),
        ("a moved file", ["shop/basket.py": nil, "shop/bag.py": "from shop.money import Money\n"], ["shop/bag.py"]),
        ("a file that became a folder", ["tool.py": nil, "tool.py/a.py": "import money\n"], ["tool.py/a.py"]),
        ("a folder that became a file", ["conf/app.yaml": nil, "conf": "x\n"], ["conf"]),
        ("a file before and one after its folders", ["aaa.py": "import tool\n", "zzz.py": "import basket\n"], ["aaa.py", "zzz.py"]),
        ("everything", texts.mapValues { $0 + "# more\n" }, texts.keys.sorted()),
    ]) func `of another tree only what is new is read, and all of it is as if it were read anew, after`(
        what: String, change: [String: String?], read: [String]
    ) {
        let first = index(Self.texts).index
        var texts = Self.texts
        for (path, text) in change { texts[path] = text }
        let second = index(texts, from: SourceIndex(parsing: first.serialized()))
        #expect(second.read.sorted() == read)
        #expect(says(second.index) == says(index(texts).index), "\(what)")
        let back = index(Self.texts, from: SourceIndex(parsing: second.index.serialized()))
        #expect(says(back.index) == says(first), "\(what), and back")
    }

    @Test func `a long row of changes leaves nothing behind`() {
        var known = index(Self.texts).index
        let size = known.serialized().count
        for round in 0..<50 {
            var texts = Self.texts
            texts["shop/money.py"] = "class Money:\n    def add_\(round)(self): pass\n"
            known = SourceIndex(parsing: index(texts, from: known).index.serialized())
        }
        let last = index(Self.texts, from: known).index
        #expect(last.serialized().count < size * 2)
        #expect(says(last) == says(index(Self.texts).index))
    }

    @Test func `content that is not here is not taken for empty, and is read once it is here`() {
        let partial = index(Self.texts, absent: ["shop/basket.py", "tests/test_basket.py"])
        #expect(!SourceGraph(partial.index).knows("shop/basket.py"))
        #expect(partial.index.tests.map(partial.index.path).contains("tests/test_basket.py"))
        let whole = index(Self.texts, from: SourceIndex(parsing: partial.index.serialized()))
        #expect(whole.read == ["shop/basket.py", "tests/test_basket.py"])
        #expect(says(whole.index) == says(index(Self.texts).index))
    }

    @Test func `a test that holds bytes of no text still leads to what it uses`() {
        let test: (path: String, text: [UInt8]) = ("tests/test_odd.py", Array("from shop.money import Money\nx = '".utf8) + [0])
        let money: (path: String, text: [UInt8]) = ("shop/money.py", Array("class Money: pass\n".utf8))
        #expect(SourceNames(test.path, text: test.text).part == .test)
        #expect(SourceGraph(tests: [test], sources: [money]).testsReaching("shop/money.py") == ["tests/test_odd.py"])
    }

    @Test func `a file that is cut short or disturbed anywhere is an empty index`() {
        let whole = index(Self.texts).index.serialized()
        for length in 0..<whole.count where SourceIndex(parsing: Array(whole.prefix(length))).count != 0 {
            Issue.record("\(length) of \(whole.count) bytes were taken for an index")
        }
        #expect(SourceIndex(parsing: whole + [0]).count == 0)
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            #expect(SourceIndex(parsing: bytes).count == 0, "byte \(place) of \(whole.count)")
        }
    }

    @Test func `a file of an older form is an empty index`() {
        let older = Array("fettle-index-1\n\0".utf8) + [UInt8](repeating: 0, count: 16)
        #expect(SourceIndex(parsing: older).count == 0)
        #expect(SourceIndex(parsing: older + [UInt8](repeating: 7, count: 400)).count == 0)
    }

    @Test func `an index that someone made up, with a sum that is right, is refused or answers`() {
        let good = index(Self.texts).index
        let random = SeededRandom(seed: 4)
        func number(_ most: Int) -> Int { Int(random.next() % UInt64(most)) }
        for _ in 0..<2000 {
            var made = good
            for _ in 0...number(3) {
                let value = [0, 1, UInt32(number(40)), UInt32(made.names.count), .max, .max - 1][number(6)]
                let file = number(made.files.count)
                let directory = number(made.directories.count)
                switch number(12) {
                case 0: made.files[file].path = value
                case 1: made.files[file].pathLength = value
                case 2: made.files[file].names = value
                case 3: made.files[file].handles = value
                case 4: made.files[file].mentions = value
                case 5: made.files[file].terms = value
                case 6: made.files[file].wordTerms = value
                case 7: made.files[file].marks = value
                case 8: made.directories[directory].firstFile = value
                case 9: made.directories[directory].endFile = value
                case 10: made.directories[directory].end = value
                default: made.directories[directory].path = value
                }
            }
            let read = SourceIndex(parsing: made.bytes)
            guard read.count > 0 else { continue }
            _ = says(read)
            _ = says(index(Self.texts.merging(["shop/new.py": "x"]) { a, _ in a }, from: read).index)
        }
    }

    @Test(arguments: [
        ("audit-log", ["conf/app.yaml"]), ("Inner", []), ("money", ["shop/basket.py", "tool.py"]), ("plugin", ["conf/app.yaml"]),
        ("nowhere", []), ("aud", []),
    ]) func `the texts in which a name may stand are found without reading them`(stem: String, paths: [String]) {
        let index = index(Self.texts).index
        let change = SourceChange(files: [
            SourceChange.File(path: "src/\(stem).py", kind: .modified, hunks: [], old: Array("x".utf8), new: Array("y".utf8))
        ])
        let demand = SourceDemand(change)
        #expect(demand.places(in: index).map(index.path) == paths && !demand.includesTests)
    }

    @Test(arguments: [("fixtures/a.csv", true), ("poetry.lock", true), ("README.md", false)])
    func `a change of data or of dependencies asks for every text, one of prose for the tests'`(path: String, everything: Bool) {
        let change = SourceChange(files: [SourceChange.File(path: path, kind: .modified, hunks: [], old: [], new: [])])
        let demand = SourceDemand(change)
        #expect((demand.sources == .all) == everything && demand.includesTests)
    }
}
