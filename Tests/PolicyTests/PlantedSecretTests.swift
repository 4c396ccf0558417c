import Basics
import Policy
import TestSupport
import Testing

/// Credentials of every kind we know, made at random, written in every way in which a log brings them.
@Suite struct PlantedSecretTests {
    @Test func `over five hundred secrets of every kind in eight writings leave nothing behind`() {
        let random = SeededRandom(seed: 77)
        let redactor = Redactor()
        var planted = 0
        for kind in PlantedSecret.kinds {
            for _ in 0..<11 {
                let secret = kind.make(random)
                planted += 1
                for writing in PlantedSecret.Writing.allCases {
                    let written = PlantedSecret.write(secret, writing)
                    let text = "2026-04-22 step 3 says: \(written) and goes on\nmake: *** [all] Error 2"
                    let redacted = redactor.redact(text).text
                    let rest = PlantedSecret.remains(of: written, in: redacted)
                    #expect(rest == nil, "\(kind.name), \(writing): \(rest ?? "")")
                    #expect(redacted.hasSuffix("Error 2"))
                }
            }
        }
        #expect(planted >= 500)
        #expect(PlantedSecret.kinds.count >= 30)
    }

    @Test func `registered secrets are found in every writing, also broken by colours and line ends`() {
        let random = SeededRandom(seed: 78)
        for _ in 0..<60 {
            let secret = PlantedSecret("own", ("corp-", 12, PlantedSecret.word)).make(random)
            let redactor = Redactor(secrets: [Secret(secret)])
            for writing in PlantedSecret.Writing.allCases {
                let written = PlantedSecret.write(secret, writing)
                let redacted = redactor.redact("x \(written) y").text
                #expect(PlantedSecret.remains(of: written, in: redacted) == nil, "\(writing): \(redacted)")
            }
        }
    }

    @Test func `a broken secret is found between lines of words that begin and end without a gap`() {
        let random = SeededRandom(seed: 79)
        let redactor = Redactor()
        for kind in PlantedSecret.kinds {
            for writing in [PlantedSecret.Writing.plain, .base64, .hexadecimal, .json] {
                let secret = PlantedSecret.write(kind.make(random), writing)
                let lines = stride(from: 0, to: secret.count, by: 16).map { String(secret.dropFirst($0).prefix(16)) }
                let text = (["$ base64 secret.txt"] + lines + ["abcdef0 made it", "stop"]).joined(separator: "\n")
                let redacted = redactor.redact(text).text
                let rest = PlantedSecret.remains(of: lines.joined(separator: " "), in: redacted)
                #expect(rest == nil, "\(kind.name), \(writing): \(rest ?? "")")
                #expect(redacted.hasPrefix("$ base64 secret.") && redacted.hasSuffix("stop"))
            }
        }
        #expect(redactor.redact("password: hunt\ner22\nthe end").text == "password: (redacted:named-secret)\nthe end")
    }

    @Test(arguments: [
        "web-1  | error: ", "#12 5.123 ", "[12:00:01] ", "stderr: ", "build\tRun pytest\t2026-11-29T10:00:00.1234567Z ", "E   ",
    ])
    func `a broken secret is found whatever a logger puts before each line`(prefix: String) {
        let token = "ghp_" + String(repeating: "a1B2", count: 9)
        let halves = [String(token.prefix(21)), String(token.dropFirst(21))]
        let text = "\(prefix)start\n\(prefix)\(halves[0])\n\(prefix)\(halves[1]) refused\n\(prefix)end"
        let redacted = Redactor().redact(text).text
        #expect(halves.allSatisfy { !redacted.contains($0) }, "\(redacted)")
        #expect(redacted.hasPrefix("\(prefix)start\n\(prefix)") && redacted.hasSuffix(" refused\n\(prefix)end"))
        let later = "#12 5.123 \(halves[0])\n#12 5.987 \(halves[1])"
        #expect(!Redactor().redact(later).text.contains(halves[1]))
    }

    @Test func `lines that belong together lose a secret that a line end broke, and stay as many`() {
        let token = "ghp_" + String(repeating: "a1B2", count: 9)
        let lines = ["before", "token \(token.prefix(20))", "\(token.dropFirst(20)) after", "end"]
        #expect(Redactor().redact(lines: lines) == ["before", "token (redacted:github-token)", " after", "end"])
        #expect(Redactor().redact(lines: ["a", "", "b"]) == ["a", "", "b"])
    }

    @Test(arguments: [
        "commit 3f2a9d1c4b5e6f708192a3b4c5d6e7f809182736", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Digest: sha512-3q2+7wQrFZ0M1p0bJ0c4mJmZ1w8o3o9mJ1y0l9r2v5u8x/A1D4G7K0N3Q6T9W2Z5c8f1i4l7o0r3u6x9==",
        "uuid 123e4567-e89b-12d3-a456-426614174000", "password: required", "Enter password:", "password = input()", "secret=true",
        "docker run -u 1000:1000 image", "The password must not be empty", "invalid password: must be at least 8 characters",
        "/usr/lib/python3/dist-packages/setuptools/command/build_py.py", "bypass=on", "PASSWORD=$SECRET", "--password-file /run/x",
        "OLDPWD=/home/travis/build/x7Kq2/Wd81mZ0p", "declare -x PWD=/builds/group/project-7f2aQ9",
    ])
    func `commit ids, digests and words about passwords stay as they are`(text: String) {
        #expect(Redactor().redact(text).text == text)
    }

    @Test func `a text that is too long to search does not leave`() {
        let text = String(repeating: "x", count: Redactor.longestText.bytes + 1)
        #expect(Redactor().redact(text).text.hasPrefix("(withheld"))
    }
}
