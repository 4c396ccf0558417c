extension ReportedCase {
    /// A failed test by the name its runner printed into a log, where no report is kept.
    ///
    /// pytest `a/test_b.py::C::test_d`, RSpec `./spec/a_spec.rb:12`, PHPUnit's and PHP's `a/b.phpt`, unittest `test_d (a.b.C)`, Surefire
    /// `testD(a.b.C)`, Gradle `a.b.C > d()`, GoogleTest `Suite.Case`. Any other name stands for itself.
    package init(logged name: String, verdict: Verdict, seconds: Double?) {
        let parts = Self.parts(of: name)
        self.init(group: parts.group, name: CaseName.stable(parts.name), file: parts.file, verdict: verdict, seconds: seconds ?? 0)
    }

    private static func parts(of name: String) -> (file: String?, group: String, name: String) {
        if let mark = name.firstRange(of: "::"), isFile(name[..<mark.lowerBound]) {
            return (path(name[..<mark.lowerBound]), "", last(of: name[mark.upperBound...], after: "::"))
        }
        if let colon = name.lastIndex(of: ":"), isFile(name[..<colon]), isNumber(name[name.index(after: colon)...]) {
            return (path(name[..<colon]), "", name)
        }
        if name.hasSuffix(".phpt") { return (path(name[...]), "", name) }
        if name.hasSuffix(")"), let open = name.lastIndex(of: "("), open != name.startIndex {
            let inside = name[name.index(after: open)...].dropLast()
            if isDotted(inside) { return (nil, String(inside), name[..<open].trimmingBlanks) }
        }
        if let mark = name.firstRange(of: " > "), isDotted(name[..<mark.lowerBound]) {
            return (nil, String(name[..<mark.lowerBound]), String(name[mark.upperBound...]))
        }
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        if words.count == 2, isDotted(name[...]) { return (nil, String(words[0]), String(words[1])) }
        return (nil, "", name)
    }

    private static func last(of text: Substring, after mark: String) -> String {
        var rest = text
        while let next = rest.firstRange(of: mark) { rest = rest[next.upperBound...] }
        return String(rest)
    }

    private static func path(_ text: Substring) -> String { text.split(separator: "/").filter { $0 != "." }.joined(separator: "/") }

    private static func isFile(_ text: Substring) -> Bool {
        !text.contains(" ") && !FileName.fileExtension(String(text)).isEmpty && !text.hasPrefix("/")
    }

    private static func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }

    /// `a.b.C`: words of letters, digits, `_` and `$`, parted by single dots.
    private static func isDotted(_ text: Substring) -> Bool {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        return words.count > 1
            && words.allSatisfy { word in
                !word.isEmpty
                    && word.utf8.allSatisfy { byte in
                        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 36
                    }
            }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

extension RecordedRun {
    /// What logs alone tell of a run: these cases, and nothing of all others.
    ///
    /// - Parameter known: what was recorded before, whose files name the units again.
    package init(logged cases: [ReportedCase], commit: String, branch: String, after known: RunHistory) {
        let files = known.units.map(\.name).filter { $0.contains("/") } + cases.compactMap(\.file)
        self.init(
            TestReport(cases: cases), commit: commit, branch: branch, isWhole: false, location: CaseLocation(tests: Array(Set(files))))
    }
}
