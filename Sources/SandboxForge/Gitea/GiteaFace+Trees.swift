import Basics
import Forge
import HTTP

extension GiteaFace {
    static func addTrees(to routes: inout SandboxRoutes) {
        routes.on(.get, repositoryPath) { state, call in .json(200, GitHubFace.json(try call.repository(state))) }
        routes.on(.get, "\(repositoryPath)/git/trees/{sha}") { state, call in
            let entries = try GitHubFace.tree(call, state)
            let sha = JSONValue.string(try call.parameter("sha"))
            return call.page(entries, largest: 1000) {
                ["sha": sha, "tree": $0, "total_count": .integer(Int64(entries.count)), "truncated": false]
            }
        }
        routes.on(.patch, "\(repositoryPath)/pulls/{number}") { state, call in
            try state.change(call) { repository in .json(201, json(try repository.editPull(call), in: repository)) }
        }
    }
}
