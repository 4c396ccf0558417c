import Text

/// A job of an existing CI file: what it runs, in order, and what it is given.
struct CIJob {
    var path: String
    /// `runs-on`, where it is one name.
    var runner = ""
    /// Commands of one job prepare each other.
    var commands: [CICommand] = []
    var actions: [CIAction] = []
    var servers: [CIServer] = []
    /// What every step of it is told, where the file says it plainly.
    var environment: [EnvironmentVariable] = []
    /// It runs in a container of its own, which reaches servers by their names.
    var isContainer = false
}

/// A command line that an existing CI file runs, with where it stands.
struct CICommand {
    var line: String
    var because: Evidence
    /// Folder it runs in, relative to the root; empty for the root.
    var folder: String
    /// Its step has a condition.
    var isConditional = false
    /// What its step alone is told.
    var environment: [EnvironmentVariable] = []
}

/// A step that uses an action, with the inputs it says plainly.
struct CIAction {
    /// `owner/name`, as written.
    var name: String
    /// Branch, tag or commit behind `@`.
    var reference: String
    var inputs: [String: Sourced<String>] = [:]
    var because: Evidence
    var folder: String
    var isConditional = false
}

/// A server that a job has beside it.
struct CIServer {
    var name: String
    var image: Sourced<String>
    var environment: [EnvironmentVariable] = []
    /// `outside:inside`, or one number.
    var ports: [String] = []
}

/// What `${{ … }}` of a job stands for, as far as the file says it.
struct CIValues {
    private var matrix: [String: [String]] = [:]
    var environment: [String: String] = [:]

    init(job: YAMLNode?, root: YAMLNode) {
        for node in [root["env"], job?["env"]] {
            for pair in node?.mapping ?? [] {
                if let name = pair.key.text, let text = pair.value.text, !text.contains("${{") { environment[name] = text }
            }
        }
        for pair in job?[path: "strategy", "matrix"]?.mapping ?? [] {
            guard let name = pair.key.text else { continue }
            if let values = pair.value.sequence, name != "include", name != "exclude" {
                matrix[name] = values.compactMap(\.text)
            } else if name == "include" {
                for item in pair.value.sequence ?? [] {
                    for (key, value) in (item.mapping ?? []).compactMap({ pair in
                        pair.key.text.flatMap { key in pair.value.text.map { (key, $0) } }
                    }) {
                        matrix[key, default: []].append(value)
                    }
                }
            }
        }
    }

    /// The text without expressions; `nil` when one of them is not known.
    ///
    /// - Parameter anyLeg: of several values of a matrix the first will do: it is one of the job's turns.
    func plain(_ text: String, anyLeg: Bool = false) -> String? {
        var result = ""
        var rest = text
        while let open = rest.firstRange(of: "${{") {
            let after = String(rest[open.upperBound...])
            guard let close = after.firstRange(of: "}}"), let value = value(of: String(after[..<close.lowerBound]), anyLeg) else {
                return nil
            }
            result += rest[..<open.lowerBound] + value
            rest = String(after[close.upperBound...])
        }
        let whole = result + rest
        return whole.contains("${{") ? nil : whole
    }

    private func value(of expression: String, _ anyLeg: Bool) -> String? {
        let name = expression.filter { $0 != " " }
        if name.hasPrefix("env.") { return environment[String(name.dropFirst(4))] }
        guard name.hasPrefix("matrix."), let values = matrix[String(name.dropFirst(7))], let first = values.first else { return nil }
        return anyLeg || values.allSatisfy { $0 == first } ? first : nil
    }
}
