import TestSupport
import Testing
import Text

@Suite struct YAMLFuzzTests {
    static let seeds = [
        "name: CI\non:\n  push:\n    branches: [main, 'v*']\njobs:\n  a: &x\n    runs-on: ${{ matrix.os }}\n    steps:\n      - run: |\n          make\n  b: *x\n",
        "%YAML 1.1\n---\n!!map {? [a, b] : \"\\u263A\\x41\", <<: {c: ~}}\n...\n---\n- >-\n  folded\n   text\n- 'it''s'\n",
    ]

    @Test(arguments: seeds)
    func `mutated texts give a tree or an error and never a trap`(seed: String) {
        let random = SeededRandom(seed: 7)
        let interesting = Array("&*!|>'\"%@`{}[],:?-#\n\t \u{85}\u{2028}\u{FEFF}".utf8) + [0, 0xFF, 0xC2, 0xE2]
        var parsed = 0
        for _ in 0..<4_000 {
            var bytes = Array(seed.utf8)
            for _ in 0...random.below(6) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = interesting[random.below(interesting.count)]
                case 1: bytes.insert(interesting[random.below(interesting.count)], at: place)
                case 2: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(random.below(20)), at: random.below(bytes.count))
                }
            }
            guard let documents = try? YAML.documents(in: bytes, limits: YAMLLimits(nodes: 2_000, expandedNodes: 4_000)) else { continue }
            parsed += 1
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
            for document in documents { check(document.root, lines: lines) }
        }
        #expect(parsed > 100)
    }

    private func check(_ node: YAMLNode?, lines: Int) {
        guard let node else { return }
        #expect(node.start.line >= 1 && node.start.line <= lines && node.start.column >= 1)
        _ = node.value
        for child in node.sequence ?? [] { check(child, lines: lines) }
        for pair in node.mapping ?? [] {
            check(pair.key, lines: lines)
            check(pair.value, lines: lines)
        }
    }
}
