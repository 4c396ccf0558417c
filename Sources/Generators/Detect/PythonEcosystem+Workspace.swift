import Text

/// Where uv finds the tests and what they need: groups and members of a workspace.
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
            let because = pytestEvidence(member, project, declared(in: member, context), context)
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

    /// Groups that uv installs without being asked. Source: docs.astral.sh/uv/concepts/projects/dependencies
    static func setDefaultGroups(_ component: inout Component, _ project: TOMLDocument?) {
        guard component.packageManager.value == .uv, let project else { return }
        let named = project.strings("tool.uv.default-groups")
        let isAll = project.string("tool.uv.default-groups")?.text == "all"
        let groups = isAll ? project.keys(under: "dependency-groups") : named
        if !groups.isEmpty { component.traits["default-groups"] = groups.joined(separator: " ") }
    }
}
