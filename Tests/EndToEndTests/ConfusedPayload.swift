import Basics
import Glibc

/// A JSON document in which single values are replaced by other types, or taken away. Bytes outside the value stay as they are.
struct ConfusedPayload {
    private static let replacements = ["null", "-7", "9.5e300", "\"\"", "\"not\\u0000this\"", "true", "[]", "[1]", "{}"].map {
        Array($0.utf8)
    }

    private struct Place {
        var value: Range<Int>
        /// The value with its key and one comma.
        var member: Range<Int>
    }

    private let bytes: [UInt8]
    private var places: [Place] = []

    /// `bytes` must be a valid document.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var index = 0
        read(&index, from: 0)
    }

    /// Every document, or every `step`th.
    func mutations(every step: Int) -> [[UInt8]] {
        var all: [[UInt8]] = []
        var number = 0
        for place in places {
            for replacement in Self.replacements.map(Optional.some) + [nil] {
                number += 1
                guard number % step == 0 else { continue }
                let range = replacement == nil ? place.member : place.value
                all.append(Array(bytes[..<range.lowerBound]) + (replacement ?? []) + bytes[range.upperBound...])
            }
        }
        return all
    }

    /// Reads one value; `start`: where its key begins.
    private mutating func read(_ index: inout Int, from start: Int) {
        skipSpace(&index)
        let begin = index
        switch bytes[index] {
        case UInt8(ascii: "{"): readList(&index, end: UInt8(ascii: "}"), hasKeys: true)
        case UInt8(ascii: "["): readList(&index, end: UInt8(ascii: "]"), hasKeys: false)
        case UInt8(ascii: "\""): skipText(&index)
        default: while index < bytes.count, !",]} \n".utf8.contains(bytes[index]) { index += 1 }
        }
        places.append(Place(value: begin..<index, member: start..<index))
    }

    private mutating func readList(_ index: inout Int, end: UInt8, hasKeys: Bool) {
        index += 1
        var previousComma: Int?
        while true {
            skipSpace(&index)
            if bytes[index] == end { break }
            let start = index
            if hasKeys {
                skipText(&index)
                skipSpace(&index)
                index += 1
            }
            read(&index, from: start)
            let number = places.count - 1
            skipSpace(&index)
            let isMore = bytes[index] == UInt8(ascii: ",")
            // The comma after it goes too, else the one before it.
            if isMore {
                places[number].member = start..<index + 1
            } else if let comma = previousComma {
                places[number].member = comma..<places[number].member.upperBound
            }
            if isMore {
                previousComma = index
                index += 1
            }
        }
        index += 1
    }

    private func skipSpace(_ index: inout Int) { while " \n\r\t".utf8.contains(bytes[index]) { index += 1 } }

    private func skipText(_ index: inout Int) {
        index += 1
        while bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        index += 1
    }
}

extension Array {
    func chunked(by size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

enum ResidentMemory {
    /// Of this process.
    static var mebibytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 >> 20 : 0
    }
}

/// A request as it was recorded: head, empty line, body.
struct RecordedRequest {
    var headers: [String: String] = [:]
    var body: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) || bytes[$0...].starts(with: "\n\n".utf8) })
        else { return nil }
        body = Array(bytes[(end + (bytes[end] == 13 ? 4 : 2))...])
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[String(parts[0])] = String(parts[1].drop { $0 == " " }) }
        }
    }
}

/// The smallest payloads that every event of GitHub's is understood from.
enum SamplePayloads {
    private static let repository: JSONValue = ["id": 1, "full_name": "octo/demo", "name": "demo", "owner": ["login": "octo", "id": 2]]
    private static let sender: JSONValue = ["login": "mona", "id": 3, "type": "User"]
    private static let sha: JSONValue = .string(String(repeating: "a1", count: 20))
    private static let installation: JSONValue = ["id": 5, "account": ["login": "octo", "id": 2]]
    private static let pull: JSONValue = ["number": 7]

    static let github: [(String, JSONValue)] = [
        ("ping", ["zen": "Keep it logically awesome.", "hook_id": 1, "repository": repository]),
        ("installation", ["action": "created", "installation": installation, "sender": sender]),
        (
            "installation_repositories",
            [
                "action": "added", "installation": installation, "repositories_added": [["full_name": "octo/demo"]],
                "repositories_removed": [], "sender": sender,
            ]
        ),
        (
            "check_run",
            [
                "action": "rerequested", "repository": repository, "sender": sender,
                "check_run": ["id": 9, "head_sha": sha, "name": "fettle / review", "pull_requests": [pull]],
            ]
        ),
        (
            "merge_group",
            [
                "action": "checks_requested", "repository": repository, "sender": sender,
                "merge_group": [
                    "head_sha": sha, "head_ref": "refs/heads/gh-readonly-queue/main/pr-7", "base_ref": "main", "base_sha": sha,
                ],
            ]
        ),
        (
            "issue_comment",
            [
                "action": "created", "repository": repository, "sender": sender,
                "issue": ["number": 7, "pull_request": ["url": "https://api.github.com/x"]],
                "comment": ["id": 11, "body": "/fettle review", "user": sender],
            ]
        ),
        (
            "workflow_run",
            [
                "action": "completed", "repository": repository, "sender": sender,
                "workflow_run": [
                    "id": 12, "run_attempt": 1, "name": "CI", "head_branch": "main", "head_sha": sha, "conclusion": "failure",
                    "pull_requests": [pull],
                ],
            ]
        ),
    ]
}
