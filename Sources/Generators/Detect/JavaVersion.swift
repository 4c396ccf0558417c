import Text

/// What version managers note for the JDK.
enum JavaVersion {
    static func set(_ component: inout Component, _ context: DetectionContext, _ conflicts: inout [ModelConflict]) {
        var found = VersionFiles.plain([".java-version"], in: component.path, context)
        let sdkman = context.join(component.path, ".sdkmanrc")
        if let line = context.line(in: sdkman, where: { $0.hasPrefix("java=") }) {
            found.append(.init(version: String(line.text.dropFirst(5)), path: sdkman, line: line.number))
        }
        if let tool = VersionFiles.tool(["java"], in: component.path, context) { found.append(tool) }
        if let conflict = VersionFiles.conflict(found, component.path, same: { $0.leadingNumber == $1.leadingNumber }) {
            conflicts.append(conflict)
        }
        guard let first = found.first, let number = first.version.leadingNumber else { return }
        component.version = Sourced(String(number), Evidence(first.path, first.line))
    }

    /// `1.8` is 8.
    static func number(after mark: String, in line: String) -> String? {
        guard let range = line.firstRange(of: mark) else { return nil }
        let rest = line[range.upperBound...].drop { $0 == "\"" || $0 == "'" }
        guard let first = rest.first, first.isNumber else { return nil }
        let digits =
            rest.hasPrefix("1.") || rest.hasPrefix("1_") ? rest.dropFirst(2).prefix(while: \.isNumber) : rest.prefix(while: \.isNumber)
        return digits.isEmpty ? nil : String(digits)
    }
}
