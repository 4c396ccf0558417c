/// One thing we hold of a repository, for people: what, and where it was read.
package struct RepositoryFact: Sendable, Hashable, CustomStringConvertible {
    /// Folder of the component; `.` for the root.
    package let place: String
    package let field: String
    package let value: String
    package let because: Evidence

    package var description: String { "\(place): \(field): \(value) (because: \(because))" }

    package static func all(of model: RepositoryModel) -> [RepositoryFact] { model.components.flatMap(facts) }

    private static func facts(of component: Component) -> [RepositoryFact] {
        let place = component.path.isEmpty ? "." : component.path
        func fact(_ field: String, _ value: String, _ because: Evidence) -> RepositoryFact {
            RepositoryFact(place: place, field: field, value: value, because: because)
        }
        var facts = [
            fact("language", component.language.value.rawValue, component.language.because),
            fact("package manager", component.packageManager.value.rawValue, component.packageManager.because),
            fact("role", component.role.value.rawValue, component.role.because),
        ]
        if let version = component.version { facts.append(fact("version", version.value, version.because)) }
        if let matrix = component.matrix { facts.append(fact("matrix", matrix.value.joined(separator: ", "), matrix.because)) }
        facts += component.services.map { fact("service", $0.name, $0.because) }
        if let port = component.port { facts.append(fact("port", String(port.value), port.because)) }
        if let start = component.start { facts.append(fact("start", start.value.joined(separator: " "), start.because)) }
        return facts + component.commands.map { fact($0.purpose.rawValue, $0.line, $0.because) }
    }
}
