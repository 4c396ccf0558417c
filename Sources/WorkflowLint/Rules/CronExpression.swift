/// A cron line as GitHub reads it: five fields, no seconds, no `@daily`. Source: POSIX crontab(5)
enum CronExpression {
    private struct Field {
        var name: String
        var range: ClosedRange<Int>
        var names: [String] = []
    }

    private static let fields = [
        Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23), Field(name: "day of month", range: 1...31),
        Field(name: "month", range: 1...12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Field(name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// What is wrong with `text`; `nil` when GitHub takes it.
    static func complaint(about text: String) -> String? {
        let parts = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard parts.count == 5 else {
            return
                "'\(text)' is no schedule: cron has the 5 fields minute, hour, day of month, month and day of week; this has \(parts.count)"
        }
        var sets: [[Int]] = []
        for (part, field) in zip(parts, fields) {
            guard let values = values(of: part, field), !values.isEmpty else {
                let range = "\(field.range.lowerBound)–\(field.range.upperBound)"
                return "'\(part)' is no \(field.name) in the schedule '\(text)'; it takes \(range), lists, ranges and steps such as */2"
            }
            sets.append(values)
        }
        return tooOften(minutes: sets[0], hours: sets[1], text)
    }

    private static func values(of part: String, _ field: Field) -> [Int]? {
        var all: Set<Int> = []
        for item in part.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let base = pieces.first, pieces.count <= 2 else { return nil }
            var step = 1
            if pieces.count == 2 {
                guard let given = Int(pieces[1]), given > 0 else { return nil }
                step = given
            }
            guard let range = range(of: String(base), field, hasStep: pieces.count == 2) else { return nil }
            all.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        return all.sorted()
    }

    private static func range(of text: String, _ field: Field, hasStep: Bool) -> ClosedRange<Int>? {
        if text == "*" { return field.range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { number(String($0), field) }
        switch ends.count {
        case 1:
            guard let single = ends[0] else { return nil }
            return hasStep ? single...field.range.upperBound : single...single
        case 2:
            guard let first = ends[0], let last = ends[1], first <= last else { return nil }
            return first...last
        default: return nil
        }
    }

    private static func number(_ text: String, _ field: Field) -> Int? {
        if let named = field.names.firstIndex(of: text.lowercased()) { return named + (field.range.lowerBound == 1 ? 1 : 0) }
        guard !text.isEmpty, text.allSatisfy(\.isNumber), let number = Int(text), field.range.contains(number) else { return nil }
        return number
    }

    /// GitHub's shortest interval is five minutes.
    private static func tooOften(minutes: [Int], hours: [Int], _ text: String) -> String? {
        var gaps = zip(minutes, minutes.dropFirst()).map { $1 - $0 }
        let hoursFollow = zip(hours, hours.dropFirst()).contains { $1 - $0 == 1 } || hours.count == 24
        if hoursFollow, let first = minutes.first, let last = minutes.last { gaps.append(first + 60 - last) }
        guard let shortest = gaps.min(), shortest < 5 else { return nil }
        return "the schedule '\(text)' runs every \(shortest) minutes; the shortest interval is 5 minutes"
    }
}
