/// Versions that are still looked after, as of August 2026, and which of them a project's bounds allow.
enum LivingVersions {
    /// Source: php.net/supported-versions
    static let php = ["8.2", "8.3", "8.4", "8.5"]
    /// Source: ruby-lang.org/en/downloads/branches
    static let ruby = ["3.3", "3.4", "4.0"]
    /// Releases with long support. Source: adoptium.net/support
    static let java = [17, 21, 25]
    /// The two that Go's own policy looks after; setup-go knows them as `oldstable` and `stable`. Source: go.dev/doc/devel/release
    static let go = [26, 27]

    /// `major * 100 + minor`; `nil` without digits.
    static func number(_ version: some StringProtocol) -> Int? {
        let parts = version.split(separator: ".").prefix(2).map { Int($0.prefix { $0.isASCII && $0.isNumber }) }
        guard let major = parts.first ?? nil, (0..<10_000).contains(major) else { return nil }
        let minor = parts.count > 1 ? parts[1] ?? 0 : 0
        return major * 100 + min(minor, 99)
    }
}

/// The version that is taken where no file names one, and what speaks for it.
enum UsualVersion {
    static func of(_ component: Component) -> (version: String, merit: String)? {
        switch component.packageManager.value {
        case .npm, .pnpm, .yarnClassic, .yarnBerry: ("24", "has long support")
        case .pip, .poetry, .uv, .pipenv, .pdm: (PythonEcosystem.runtime(of: component), "is looked after")
        case .maven, .gradle: ("21", "has long support")
        case .make where component.language.value == .java: ("21", "has long support")
        case .bundler: ("3.4", "is looked after")
        case .composer: ("8.4", "is looked after")
        case .nuget: ("10.0.x", "has long support")
        case .swiftpm: ("6.2", "is looked after")
        case .deno: ("v2.x", "is looked after")
        case .mix: ("1.19", "is looked after")
        default: nil
        }
    }
}

extension LivingVersions {
    /// The oldest that still gets fixes, of languages whose applications name the version they run.
    ///
    /// Source: devguide.python.org/versions, github.com/nodejs/release, endoflife.date/dotnet
    private static let oldest: [Language: String] = [.python: "3.10", .node: "22", .php: "8.2", .ruby: "3.3", .dotnet: "8"]

    /// What is said of an application on a version that gets no more fixes.
    static func advice(_ component: Component) -> String? {
        guard component.role.value == .application, let version = component.version, let least = oldest[component.language.value],
            let digit = version.value.first, digit.isNumber || digit == "v", let number = number(version.value.replacingFirst("v", "")),
            let bound = self.number(least), number < bound
        else { return nil }
        let name = component.language.value == .node ? "Node.js" : component.language.value.name
        return "\(name) \(version.value) (because: \(version.because)) gets no more fixes; \(least) and newer do"
    }
}

/// A constraint of Composer or RubyGems on versions of two parts: alternatives of conditions that hold together.
///
/// Source: getcomposer.org/doc/articles/versions.md, guides.rubygems.org/patterns
struct VersionConstraint {
    private var alternatives: [[(low: Int, high: Int)]] = []

    /// What cannot be read allows everything.
    init(_ text: String) {
        for alternative in text.split(separator: "|") {
            let words = alternative.split { $0 == " " || $0 == "," }.map(String.init)
            var ranges: [(low: Int, high: Int)] = []
            var index = 0
            while index < words.count {
                var word = words[index]
                // `>= 3.1` stands apart in RubyGems.
                if word.allSatisfy({ "<>=!~^".contains($0) }), index + 1 < words.count {
                    index += 1
                    word += words[index]
                }
                if let range = Self.range(word) { ranges.append(range) }
                index += 1
            }
            alternatives.append(ranges)
        }
    }

    func allows(_ version: String) -> Bool {
        guard let number = LivingVersions.number(version), !alternatives.isEmpty else { return true }
        return alternatives.contains { $0.allSatisfy { number >= $0.low && number < $0.high } }
    }

    private static func range(_ word: String) -> (low: Int, high: Int)? {
        let mark = word.prefix { "<>=!~^v".contains($0) }.filter { $0 != "v" }
        let text = word.drop { "<>=!~^v".contains($0) }
        guard let number = LivingVersions.number(text) else { return nil }
        let parts = text.split(separator: ".")
        let isWild = parts.count < 2 || ["*", "x", "X"].contains(parts[1])
        let major = number / 100 * 100
        switch mark {
        case "", "=", "==": return isWild ? (major, major + 100) : (number, number + 1)
        case ">=": return (number, .max)
        // Above 8.1 there is 8.1.1.
        case ">": return (number, .max)
        case "<": return (0, parts.count > 2 && parts[2].contains { $0 != "0" && $0.isNumber } ? number + 1 : number)
        case "<=": return (0, number + 1)
        case "^": return (number, major + 100)
        // `~8.2` goes on to 9, `~8.2.0` to 8.3.
        case "~", "~>": return parts.count > 2 ? (number, number + 1) : (number, major + 100)
        default: return nil
        }
    }
}
