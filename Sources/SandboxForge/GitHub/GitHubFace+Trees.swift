import Basics
import Forge
import HTTP

extension GitHubFace {
    static func addTrees(to routes: inout SandboxRoutes) {
        routes.on(.get, "\(repositoryPath)/branches/{branch...}") { state, call in
            guard let id = try call.repository(state).branches[try call.parameter("branch")] else { throw SandboxRefusal.notFound }
            return .json(200, ["name": .string(try call.parameter("branch")), "commit": ["sha": .string(id.hex)]])
        }
        routes.on(.get, "\(repositoryPath)/git/trees/{sha}") { state, call in
            let entries = try tree(call, state)
            return .json(200, ["sha": .string(try call.parameter("sha")), "tree": .array(entries), "truncated": false])
        }
        routes.on(.patch, "\(repositoryPath)/pulls/{number}") { state, call in
            try state.change(call) { repository in .json(200, json(try repository.editPull(call), in: repository)) }
        }
    }

    /// Every file, and the folder it lies in, as `recursive` lists them.
    static func tree(_ call: SandboxCall, _ state: SandboxState) throws -> [JSONValue] {
        guard let commit = try call.repository(state).commit(try call.parameter("sha")) else { throw SandboxRefusal.notFound }
        let folders = Set(commit.tree.keys.compactMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } })
        let trees = folders.sorted().map { path -> JSONValue in
            ["path": .string(path), "mode": "040000", "type": "tree", "sha": .string(SandboxRepository.blobID(Array(path.utf8)))]
        }
        let files = commit.tree.sorted { $0.key < $1.key }.map { path, bytes -> JSONValue in
            [
                "path": .string(path), "mode": "100644", "type": "blob", "sha": .string(SandboxRepository.blobID(bytes)),
                "size": .integer(Int64(bytes.count)),
            ]
        }
        return trees + files
    }
}
