import FoundationEssentials

/// Which test cases ran through which lines, from a whole run whose coverage was recorded for each test.
package struct TestFootprint: Sendable, Hashable, Codable {
    package struct Case: Sendable, Hashable, Codable {
        package var unit: TestID
        /// How its runner calls it within the file; empty: the whole file.
        package var name: String
        package var milliseconds = 0

        package init(unit: TestID, name: String) {
            self.unit = unit
            self.name = name
        }
    }

    /// The commit whose lines are meant.
    package private(set) var commit: String
    package private(set) var cases: [Case] = []
    /// Units all of whose cases are known by a name, each with a mark of its text: when that has changed, they are not.
    private var divided: [String: UInt64] = [:]
    private var sets: [PlaceSet] = []
    /// Of each file runs of lines: first, last, and the place in `sets` of the cases that ran through them.
    private var files: [String: [Int]] = [:]

    // MARK: Asking

    package var isEmpty: Bool { files.isEmpty }
    func knows(_ path: String) -> Bool { files[path] != nil }

    /// The cases that ran through a line; of a line of which nothing is recorded, as the second one of a statement, those of the last one
    /// before it. `nil` where there is none.
    func cases(of path: String, line: Int) -> PlaceSet? {
        guard let runs = files[path] else { return nil }
        var (low, high) = (0, runs.count / 3)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle * 3] <= line { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? sets[runs[low * 3 - 1]] : nil
    }

    /// All cases that ran through any of these lines.
    func cases(of path: String, lines: ClosedRange<Int>) -> PlaceSet {
        var all = PlaceSet()
        guard let runs = files[path] else { return all }
        for start in stride(from: 0, to: runs.count, by: 3) where runs[start] <= lines.upperBound && runs[start + 1] >= lines.lowerBound {
            all.formUnion(sets[runs[start + 2]])
        }
        return all
    }

    /// The places of the cases of each unit that can be run in parts: at least two of them, in a text that is the one recorded.
    func parts(_ tests: [(path: String, text: [UInt8])]) -> [TestID: [Int]] {
        let places = Dictionary(grouping: cases.indices, by: { cases[$0].unit })
        return tests.reduce(into: [:]) { parts, test in
            let unit = TestID(test.path)
            guard let own = places[unit], own.count > 1, let mark = divided[test.path], mark == Self.mark(of: test.text) else { return }
            parts[unit] = own
        }
    }

    /// Whether a run of the unit may have been one of some of its cases.
    func divides(_ unit: TestID) -> Bool { divided[unit.name] != nil }

    private static func mark(of text: [UInt8]) -> UInt64 { text.withUnsafeBufferPointer { Identifiers.hash($0, 0..<$0.count) } }

    /// What makes it unfit to be used; `nil` when nothing does.
    var fault: String? {
        guard cases.count <= Self.mostCases else { return "its coverage names more than \(Self.mostCases) cases" }
        guard files.values.allSatisfy(isSound), sets.allSatisfy({ ($0.last ?? -1) < cases.count }) else {
            return "its coverage refers to what it does not hold"
        }
        return nil
    }

    /// Runs in order, each with a set that is there.
    private func isSound(_ runs: [Int]) -> Bool {
        guard runs.count.isMultiple(of: 3) else { return false }
        var last = 0
        for start in stride(from: 0, to: runs.count, by: 3) {
            guard runs[start] > last, runs[start + 1] >= runs[start], sets.indices.contains(runs[start + 2]) else { return false }
            last = runs[start + 1]
        }
        return true
    }

    private static let mostCases = 100_000

    // MARK: Making

    /// Collects who ran what.
    package struct Builder {
        private var places: [Case: Int] = [:]
        private var cases: [Case] = []
        private var lines: [String: [Int: PlaceSet]] = [:]
        private var unnamed: Set<TestID> = []
        private static let mostLine = 1 << 24

        package init() {}

        /// - Parameter reported: `nil` for what ran outside of any test, as at the import of a file.
        package mutating func add(_ path: String, lines ran: some Sequence<Int>, of reported: Case?) {
            let number = reported.flatMap { self.number(of: $0) }
            var known = lines.removeValue(forKey: path) ?? [:]
            for line in ran where line > 0 && line < Self.mostLine {
                var set = known.removeValue(forKey: line) ?? PlaceSet()
                if let number { set.insert(number) }
                known[line] = set
            }
            lines[path] = known
        }

        private mutating func number(of reported: Case) -> Int? {
            if let known = places[reported] { return known }
            guard cases.count < TestFootprint.mostCases else { return nil }
            places[reported] = cases.count
            cases.append(reported)
            return cases.count - 1
        }

        /// The run times of the cases, and those that ran through nothing that is recorded.
        package mutating func add(_ report: TestReport, _ location: CaseLocation) {
            for reported in report.cases {
                let files = location.files(of: reported)
                guard files.count == 1, let file = files.first else { continue }
                let unit = TestID(file)
                guard let name = CasePath(reported, in: file)?.name else {
                    unnamed.insert(unit)
                    continue
                }
                guard let known = self.number(of: Case(unit: unit, name: name)) else { continue }
                cases[known].milliseconds += Int(min(reported.seconds * 1000, 1e9).rounded())
            }
        }

        /// - Parameter texts: the test files' content.
        package func footprint(at commit: String, texts: [String: [UInt8]]) -> TestFootprint {
            var made = TestFootprint(commit: commit, cases: cases)
            var known: [PlaceSet: Int] = [:]
            for (path, ran) in lines {
                var runs: [Int] = []
                for line in ran.keys.sorted() {
                    let set = ran[line] ?? PlaceSet()
                    let place = known[set] ?? made.sets.count
                    if place == made.sets.count {
                        known[set] = place
                        made.sets.append(set)
                    }
                    if let last = runs.last, last == place, runs[runs.count - 2] == line - 1 {
                        runs[runs.count - 2] = line
                    } else {
                        runs += [line, line, place]
                    }
                }
                made.files[path] = runs
            }
            for unit in Set(cases.map(\.unit)) where !unnamed.contains(unit) && !places.keys.contains(Case(unit: unit, name: "")) {
                made.divided[unit.name] = texts[unit.name].map(TestFootprint.mark)
            }
            return made
        }
    }

    private init(commit: String, cases: [Case]) {
        self.commit = commit
        self.cases = cases
    }
}

extension TestFootprint.Case {
    /// Time is no part of what a case is.
    package static func == (a: Self, b: Self) -> Bool { a.unit == b.unit && a.name == b.name }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(unit)
        hasher.combine(name)
    }
}

/// What a case is called within its file: `TestMoney::test_add`.
package struct CasePath: Sendable, Hashable {
    package let name: String

    /// `nil` when the report does not say it, or in a way that could mean something else on a command line.
    package init?(_ reported: ReportedCase, in file: String) {
        let words = reported.group.split(separator: ".")
        guard let stem = words.lastIndex(where: { $0 == FileName.stem(file) }) else { return nil }
        self.init(words[(stem + 1)...].map(String.init) + [reported.name])
    }

    /// A node id of pytest without its file: classes and function, with or without parameters.
    package init?(node: String) {
        self.init(CaseName.stable(node).split(separator: "::", omittingEmptySubsequences: false).map(String.init))
    }

    private init?(_ words: [String]) {
        guard !words.isEmpty, words.allSatisfy(Self.isIdentifier) else { return nil }
        name = words.joined(separator: "::")
    }

    private static func isIdentifier(_ word: String) -> Bool {
        guard let first = word.utf8.first, !(48...57).contains(first) else { return false }
        return word.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 || $0 > 127 }
    }
}

/// A set of small numbers, kept as bits.
struct PlaceSet: Sendable, Hashable, Codable {
    private var bytes: [UInt8] = []

    init() {}

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        bytes = Array(Data(base64Encoded: text) ?? Data())
        trim()
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes).base64EncodedString())
    }

    var isEmpty: Bool { bytes.isEmpty }

    var last: Int? {
        bytes.last.map { (bytes.count - 1) * 8 + 7 - $0.leadingZeroBitCount }
    }

    mutating func insert(_ place: Int) {
        while bytes.count <= place / 8 { bytes.append(0) }
        bytes[place / 8] |= 1 << UInt8(place % 8)
    }

    func contains(_ place: Int) -> Bool { place / 8 < bytes.count && bytes[place / 8] & 1 << UInt8(place % 8) != 0 }

    mutating func formUnion(_ other: PlaceSet) {
        while bytes.count < other.bytes.count { bytes.append(0) }
        for (index, byte) in other.bytes.enumerated() { bytes[index] |= byte }
    }

    private mutating func trim() { while bytes.last == 0 { bytes.removeLast() } }
}
