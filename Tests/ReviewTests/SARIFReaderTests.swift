import Basics
import Review
import TestSupport
import Testing

@Suite struct SARIFReaderTests {
    private static let report: JSONValue = [
        "version": "2.1.0",
        "runs": [
            [
                "tool": [
                    "driver": [
                        "name": "scan",
                        "rules": [
                            [
                                "id": "R1", "shortDescription": ["text": "Bad thing"],
                                "properties": ["security-severity": "9.8", "tags": ["security"]],
                            ],
                            ["id": "R2", "defaultConfiguration": ["level": "note"], "messageStrings": ["m": ["text": "{0} and {1}"]]],
                        ],
                    ]
                ],
                "results": [
                    [
                        "ruleIndex": 0, "message": ["text": "here"],
                        "locations": [
                            [
                                "physicalLocation": [
                                    "artifactLocation": ["uri": "./src/a%20b.c"], "region": ["startLine": 3, "endLine": 4],
                                ]
                            ]
                        ],
                    ],
                    ["ruleId": "R2", "message": ["id": "m", "arguments": ["x", "y"]]],
                    ["ruleId": "R2", "message": ["text": "hidden"], "suppressions": [["kind": "inSource"]]],
                    ["ruleId": "R2", "message": ["text": "old"], "baselineState": "unchanged"],
                    ["ruleId": "R2", "message": ["text": "fine"], "kind": "pass"],
                ],
            ]
        ],
    ]

    @Test func `a result has its place, its rule's words and the severity its tool gave`() throws {
        let findings = try SARIFReader.findings(in: Self.report.serialized())
        #expect(findings.count == 2)
        let first = try #require(findings.first)
        #expect(first.path == "src/a b.c" && first.target == .lines(3...4) && first.title == "Bad thing" && first.body == "here")
        #expect(first.severity == .critical && first.category == .security && first.source == .tool(name: "scan", rule: "R1"))
        #expect(findings[1].severity == .low && findings[1].body == "x and y" && findings[1].target == .change)
    }

    @Test(arguments: ["", "[]", "{}", "{\"runs\": 1}"])
    func `what is no report is an error`(text: String) {
        #expect(throws: SARIFReader.Unreadable.self) { try SARIFReader.findings(in: Array(text.utf8)) }
    }

    @Test func `a damaged report never traps`() {
        let bytes = Self.report.serialized()
        let random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            var broken = bytes
            for _ in 0...random.below(4) { broken[random.below(broken.count)] = UInt8(truncatingIfNeeded: random.next()) }
            _ = try? SARIFReader.findings(in: broken)
        }
        let extremes: [JSONValue] = [.integer(.max), .integer(.min), .integer(0), .integer(-1), .number(1e300), nil, "x", []]
        for start in extremes {
            for end in extremes {
                let place: JSONValue = [
                    "physicalLocation": ["artifactLocation": ["uri": "a%"], "region": ["startLine": start, "endLine": end]]
                ]
                let run: JSONValue = ["results": [["ruleIndex": start, "locations": [place]]]]
                #expect((try? SARIFReader.findings(in: JSONValue.object(["runs": [run]]).serialized()))?.count == 1)
            }
        }
    }
}
