import Forge
import Policy
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct ShownLinesTests {
    private func shown(_ lines: [String], _ wanted: Set<Int>, longest: Int = 2000) throws -> [Int: String] {
        let file = LogFile(named: "job", content: Array(lines.joined(separator: "\n").utf8))
        return try ShownLines(redactor: Redactor(), longest: longest).read(wanted, of: file)
    }

    @Test func `a passage that begins or ends inside a broken secret shows neither half`() throws {
        let token = "ghp_" + String(repeating: "a1B2", count: 9)
        let halves = ["token \(token.prefix(20))", "\(token.dropFirst(20)) after"]
        for filler in [0, 3, 400] {
            let lines = (0..<filler).map { "compiled part \($0) of it" } + halves + (0..<filler).map { "went on to step \($0)" }
            #expect(try shown(lines, [filler + 2]) == [filler + 2: " after"])
            #expect(try shown(lines, [filler + 1]) == [filler + 1: "token (redacted:github-token)"])
        }
    }

    @Test(arguments: [PlantedSecret.Writing.plain, .base64, .hexadecimal, .json])
    func `no line of a secret that a narrow terminal broke many times is shown`(writing: PlantedSecret.Writing) throws {
        let random = SeededRandom(seed: 31)
        for kind in PlantedSecret.kinds {
            let secret = PlantedSecret.write(kind.make(random), writing)
            guard !secret.contains(where: { $0.isNewline || $0 == " " }) else { continue }
            let pieces = stride(from: 0, to: secret.count, by: 10).map { String(secret.dropFirst($0).prefix(10)) }
            let lines = ["a b", "c d", "value " + pieces[0]] + pieces.dropFirst() + ["e f", "g h"]
            var shown: [String] = []
            for line in 3..<(3 + pieces.count) {
                let text = try #require(try self.shown(lines, [line])[line])
                shown.append(text)
            }
            let rest = PlantedSecret.remains(of: secret, in: shown.joined(separator: " "))
            #expect(rest == nil, "\(kind.name): \(rest ?? "")")
        }
    }

    @Test func `the middle of a private key is not shown, with times before its lines or not`() throws {
        for stamp in ["", "2026-04-22T16:09:37.3317193Z "] {
            let body = (0..<180).map { "MIIEpAIBAAKCAQEA7bq0" + String(repeating: "xYz\($0 % 10)", count: 11) }
            let key = ["-----BEGIN RSA PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,00", ""] + body
            let lines = (["one two", "cat id_rsa"] + key + ["-----END RSA PRIVATE KEY-----", "three four"]).map { stamp + $0 }
            for line in [8, 60, 150, 186] { #expect(try shown(lines, [line]) == [line: ""], "\(stamp) \(line)") }
            #expect(try shown(lines, [188]) == [188: "three four"])
        }
    }

    @Test func `a long line is cut after the search, and never inside what may be a secret`() throws {
        let token = "ghp_" + String(repeating: "a1B2", count: 9)
        for before in [1980, 1990, 2000, 3000, 3010, 3030] {
            let line = String(repeating: "word ", count: before / 5) + token + String(repeating: " rest", count: 1000)
            let text = try #require(try shown([line], [1])[1])
            #expect(text.utf8.count <= 2000)
            #expect(!text.contains("ghp_a"))
        }
        let many = Array(repeating: token, count: 300).joined(separator: " ")
        #expect(try shown([many], [1])[1]?.contains("ghp_") == false)
    }

    @Test func `lines that nothing is wrong with come as they are, whatever their distance`() throws {
        let lines = (1...2000).map { $0.isMultiple(of: 3) ? "one" : "line \($0) of many" }
        let wanted: Set<Int> = [1, 2, 3, 20, 21, 300, 900, 1999, 2000, 2001]
        let expected = Dictionary(uniqueKeysWithValues: wanted.filter { $0 <= 2000 }.map { ($0, lines[$0 - 1]) })
        #expect(try shown(lines, wanted) == expected)
    }
}
