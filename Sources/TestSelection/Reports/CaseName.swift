/// Names that stay the same from run to run, whatever parameters a case ran with.
///
/// pytest `test_a[1-x]`, JUnit 5 `works(int)[2]`, `works()`, .NET `Works(x: 1)`, PHPUnit `testA with data set "b"`, Go `TestA/case_1`,
/// Jest-each and RSpec have none. Spock `name [a: 1, #0]`.
enum CaseName {
    static func stable(_ name: String) -> String {
        var name = name[...]
        if let place = name.firstRange(of: " with data set ") { name = name[..<place.lowerBound] }
        if let slash = name.firstIndex(of: "/"), isGoTest(name[..<slash]) { name = name[..<slash] }
        name = withoutTrailing(name, "[", "]")
        name = withoutTrailing(name, "(", ")")
        name = withoutTrailing(name, "[", "]")
        while name.last == " " { name = name.dropLast() }
        return String(name)
    }

    private static func isGoTest(_ name: Substring) -> Bool {
        !name.contains(" ") && ["Test", "Fuzz", "Benchmark", "Example"].contains { name.hasPrefix($0) }
    }

    /// Cuts a bracketed end off, when something is left before it.
    private static func withoutTrailing(_ name: Substring, _ open: Character, _ close: Character) -> Substring {
        guard name.last == close, let start = name.firstIndex(of: open), start != name.startIndex else { return name }
        return name[..<start]
    }
}
