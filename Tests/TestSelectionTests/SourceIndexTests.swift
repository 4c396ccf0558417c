import TestSupport
import Testing
import Text

@testable import TestSelection

@Suite struct SourceIndexTests {
    private let texts: [(path: String, text: [UInt8])] = [
        ("shop/money.py", Array("class Money:\n    def add(self): pass\n".utf8)),
        ("shop/basket.py", Array("from shop.money import Money\n".utf8)), ("conf/app.yaml", Array("plugin: shop.audit-log\n".utf8)),
        ("logo.png", [0, 1, 2]), ("tests/test_basket.py", Array("from shop.basket import total\nx = a$Inner\n".utf8)),
    ]

    private func index() -> (index: SourceIndex, files: [(path: String, key: SourceIndex.Key)]) {
        var index = SourceIndex()
        let files = texts.enumerated().map { number, file in
            (path: file.path, key: SourceIndex.Key(path: file.path, content: String(repeating: "\(number)", count: 40)))
        }
        for (file, known) in zip(texts, files) { index.add(SourceNames(file.path, text: file.text), for: known.key) }
        return (index, files)
    }

    @Test func `an index that was kept leads from tests to files as one that was just made`() {
        let (index, files) = index()
        let kept = SourceIndex(parsing: index.serialized(keeping: files.map(\.key)))
        #expect(kept.count == files.count)
        for file in files { #expect(kept[file.key] == index[file.key]) }
        for graph in [SourceGraph(files, in: index), SourceGraph(files, in: kept)] {
            #expect(graph.testsReaching("shop/money.py") == ["tests/test_basket.py"])
            #expect(graph.nearness(to: ["shop/basket.py"]).keys.sorted() == ["tests/test_basket.py"])
            #expect(!graph.knows("logo.png") && !graph.knows("conf/app.yaml"))
        }
    }

    @Test func `a test that holds bytes of no text still leads to what it uses`() {
        let test: (path: String, text: [UInt8]) = ("tests/test_odd.py", Array("from shop.money import Money\nx = '".utf8) + [0])
        #expect(SourceNames(test.path, text: test.text).part == .test)
        #expect(SourceGraph(tests: [test], sources: [texts[0]]).testsReaching("shop/money.py") == ["tests/test_odd.py"])
    }

    @Test func `only what is asked for is kept, and other content is not known`() {
        let (index, files) = index()
        let kept = SourceIndex(parsing: index.serialized(keeping: [files[0].key]))
        #expect(kept.count == 1 && kept.holds(files[0].key) && !kept.holds(files[1].key))
        #expect(!index.holds(SourceIndex.Key(path: "shop/money.py", content: String(repeating: "9", count: 40))))
        #expect(!index.holds(SourceIndex.Key(path: "shop/other.py", content: String(repeating: "0", count: 40))))
    }

    @Test func `a file that is cut, disturbed or no index at all is an empty index or one that answers`() {
        let (index, files) = index()
        let whole = index.serialized(keeping: files.map(\.key))
        for length in 0..<whole.count where SourceIndex(parsing: Array(whole.prefix(length))).count != 0 {
            Issue.record("\(length) of \(whole.count) bytes were taken for an index")
        }
        let random = SeededRandom(seed: 4)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
            let damaged = SourceIndex(parsing: bytes)
            for file in files { _ = damaged[file.key] }
            _ = SourceGraph(files, in: damaged).testsReaching("shop/money.py")
        }
    }

    @Test(arguments: [
        ("audit-log", ["conf/app.yaml"]), ("Inner", []), ("money", ["shop/basket.py"]), ("plugin", ["conf/app.yaml"]), ("nowhere", []),
        ("aud", []),
    ]) func `the texts in which a name may stand are found without reading them`(stem: String, paths: [String]) {
        let (index, files) = index()
        let change = SourceChange(files: [
            SourceChange.File(path: "src/\(stem).py", kind: .modified, hunks: [], old: Array("x".utf8), new: Array("y".utf8))
        ])
        #expect(SourceDemand(change).paths(among: files, in: index) == paths)
    }

    @Test func `a change of data or of dependencies asks for every text`() {
        for path in ["fixtures/a.csv", "poetry.lock"] {
            let change = SourceChange(files: [SourceChange.File(path: path, kind: .modified, hunks: [], old: [], new: [])])
            #expect(SourceDemand(change) == .all)
        }
    }
}
