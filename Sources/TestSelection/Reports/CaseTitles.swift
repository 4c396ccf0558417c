/// Finds the test file that holds a case's titles as quoted texts, for runners whose reports name no file.
struct CaseTitles: Sendable {
    private var owners: [UInt64: [Int32]] = [:]
    private let paths: [String]

    /// A title that stands in more files than this is no title.
    private static let mostOwners = 40
    private static let longestTitle = 300

    init(_ tests: [(path: String, text: [UInt8])]) {
        paths = tests.map(\.path)
        for (place, test) in tests.enumerated() {
            for title in Self.quoted(test.text) where (owners[title]?.count ?? 0) <= Self.mostOwners {
                if owners[title]?.last != Int32(place) { owners[title, default: []].append(Int32(place)) }
            }
        }
    }

    /// The one file in which the name and the suites' titles stand; titles that stand nowhere, as made ones do, are passed over.
    func file(of reported: ReportedCase) -> String? {
        var candidates: Set<Int32>?
        for title in reported.suites + [reported.group, reported.name] where !title.isEmpty {
            guard let found = owners[Identifiers.hash(title)] else { continue }
            let both = candidates?.intersection(found) ?? Set(found)
            if !both.isEmpty { candidates = both }
        }
        guard let candidates, candidates.count == 1, let only = candidates.first else { return nil }
        return paths[Int(only)]
    }

    /// Hashes of the texts between like quotation marks on one line, written as `CaseName` writes names.
    private static func quoted(_ text: [UInt8]) -> Set<UInt64> {
        var found: Set<UInt64> = []
        for line in text.split(separator: 10) {
            for mark in [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")] where line.contains(mark) {
                for part in line.split(separator: mark, omittingEmptySubsequences: false).dropFirst().dropLast() where part.count > 1 {
                    guard part.count <= longestTitle else { continue }
                    found.insert(Identifiers.hash(CaseName.stable(String(decoding: part, as: UTF8.self))))
                }
            }
        }
        return found
    }
}
