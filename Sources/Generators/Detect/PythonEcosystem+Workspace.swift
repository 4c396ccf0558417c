import Text

/// Where uv finds the tests and what they need: groups, extras, members of a workspace.
extension PythonEcosystem {
    /// Folders of a workspace. Source: docs.astral.sh/uv/concepts/projects/workspaces
    static func setMembers(_ component: inout Component, _ project: TOMLDocument, _ context: DetectionContext) {
        let patterns = project.strings("tool.uv.workspace.members")
        guard component.packageManager.value == .uv, !patterns.isEmpty else { return }
        var members: [String] = []
        for pattern in patterns where !pattern.contains("..") {
            if pattern.hasSuffix("/*") {
                let above = context.join(component.path, String(pattern.dropLast(2)))
                members += context.files(below: above) { path in
                    path.hasSuffix("/pyproject.toml")
                        && path.utf8.dropFirst(above.utf8.count + 1).lazy.filter { $0 == UInt8(ascii: "/") }.count == 1
                }.map { DetectionContext.folder(of: $0) }
            } else {
                members.append(context.join(component.path, pattern))
            }
        }
        let known = members.filter { SafeText.path($0) && context.has(context.join($0, "pyproject.toml")) }
        component.traits["members"] = known.isEmpty ? nil : known.prefix(20).joined(separator: " ")
    }

    /// Tests of a workspace's members, where the root has none of its own.
    static func takeMembers(_ component: inout Component, _ context: DetectionContext) {
        guard let members = component.traits["members"]?.split(separator: " ").map(String.init),
            component.commands(.test).allSatisfy({ !$0.line.hasSuffix("pytest") })
        else { return }
        let tests = members.compactMap { member -> ComponentCommand? in
            let project = context.toml(context.join(member, "pyproject.toml"))
            let because = pytestEvidence(member, project, declared(member, project, context), context)
            let place = component.path.isEmpty ? member : String(member.dropFirst(component.path.utf8.count + 1))
            return because.map { ComponentCommand(.test, "uv run --directory \(place) pytest", $0) }
        }
        guard !tests.isEmpty else { return }
        component.commands.removeAll { $0.purpose == .test }
        component.commands += tests
        if let index = component.commands.firstIndex(where: { $0.purpose == .install }) {
            component.commands[index].line += " --all-packages"
        }
    }

    /// uv installs the group `dev` by itself; tests that are declared in another group or extra need it named.
    static func takeTestPackages(_ component: inout Component, _ project: TOMLDocument?) {
        guard component.packageManager.value == .uv, let project, component.commands(.test).first?.line == "uv run pytest",
            let index = component.commands.firstIndex(where: { $0.purpose == .install })
        else { return }
        let named = project.strings("tool.uv.default-groups")
        let standard =
            ["project.dependencies", "tool.uv.dev-dependencies"] + (named.isEmpty ? ["dev"] : named).map { "dependency-groups." + $0 }
        let groups = project.keys(under: "dependency-groups")
        let isAll = project.string("tool.uv.default-groups")?.text == "all"
        if isAll || standard.contains(where: { declaresPytest($0, project) }) { return }
        if let group = groups.first(where: { declaresPytest("dependency-groups." + $0, project) }), SafeText.path(group) {
            component.commands[index].line += " --group \(group)"
        } else if let extra = project.keys(under: "project.optional-dependencies").first(where: {
            declaresPytest("project.optional-dependencies." + $0, project)
        }), SafeText.path(extra) {
            component.commands[index].line += " --extra \(extra)"
        }
    }

    /// Directly, or through a group that it includes.
    private static func declaresPytest(_ list: String, _ project: TOMLDocument, depth: Int = 0) -> Bool {
        guard case .array(let values)? = project.entries[list]?.value, depth < 6 else { return false }
        return values.contains { value in
            switch value {
            case .string(let text): text.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }.lowercased() == "pytest"
            case .table(let members):
                if case .string(let group)? = members["include-group"] {
                    declaresPytest("dependency-groups." + group, project, depth: depth + 1)
                } else {
                    false
                }
            default: false
            }
        }
    }
}
