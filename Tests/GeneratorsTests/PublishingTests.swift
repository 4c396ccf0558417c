import Generators
import Testing

/// What is published, and what a checkout takes along.
@Suite struct PublishingTests {
    private func plan(_ files: [String: String]) -> GenerationPlan {
        let repository = RepositorySnapshot(files.merging(["go.mod": "module x\n", "main.go": "package main\n"]) { $1 })
        return GenerationPlan.make(.workflow, for: Detection.model(of: repository), in: repository)
    }

    private func publishes(_ files: [String: String]) -> Bool { plan(files).files.contains { $0.path.hasSuffix("publish-container.yml") } }

    private static let image = "FROM scratch\nCOPY main.go /\nCMD [\"/main\"]\n"

    @Test func `an image that can be built from a checkout is published`() {
        #expect(publishes(["Dockerfile": Self.image]))
        #expect(publishes(["Dockerfile": "FROM nginx\nCOPY ./ /site\n"]))
        #expect(publishes(["Dockerfile": "FROM nginx\nCOPY go.* vendor/ ./\nCOPY --from=a /x /y\nADD https://x.example/y /\n"]))
    }

    @Test(arguments: [
        ("FROM gitpod/workspace-full\nRUN true\n", "a place to work in"),
        ("FROM scratch\nCOPY ./bin/$TARGETPLATFORM/x /\n", "'./bin/$TARGETPLATFORM/x'"),
        ("FROM scratch\nCOPY absent.txt /\nCMD [\"x\"]\n", "'absent.txt'"),
    ])
    func `one that is a place to work in, or needs what a checkout has not, is not published, and a note says why`(
        file: String, why: String
    ) {
        #expect(!publishes(["Dockerfile": file]))
        #expect(plan(["Dockerfile": file]).notes.contains { $0.contains("no workflow publishes the image") && $0.contains(why) })
    }

    @Test func `one that the repository's own CI publishes is left to it`() {
        let ci = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/build-push-action@v6\n"
        let files = ["Dockerfile": Self.image, ".github/workflows/cd.yml": ci]
        #expect(!publishes(files))
        #expect(plan(files).notes.contains("no workflow publishes the image: .github/workflows/cd.yml:6 publishes an image already"))
    }

    @Test func `a checkout takes submodules along as the repository's own does`() {
        func checkout(_ files: [String: String]) -> String { plan(files).files.first { $0.path.hasSuffix("ci.yml") }?.text ?? "" }
        let modules = [".gitmodules": "[submodule \"x\"]\n\tpath = x\n\turl = https://example.org/x.git\n"]
        #expect(checkout(modules).contains("submodules: recursive"))
        #expect(!checkout([".gitmodules": "[submodule \"x\"]\n\turl = git@example.org:x.git\n"]).contains("submodules:"))
        func ci(_ with: String) -> [String: String] {
            [
                ".github/workflows/ci.yml":
                    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n\(with)"
            ]
        }
        #expect(checkout(modules.merging(ci("        with:\n          submodules: true\n")) { $1 }).contains("submodules: true"))
        #expect(!checkout(modules.merging(ci("")) { $1 }).contains("submodules:"))
    }

    @Test func `a linter comes in the release that the Makefile names`() throws {
        let makefile = "GOLANGCI_LINT_VERSION ?= v1.64.5\nlint:\n\tgolangci-lint run\n"
        let text = try #require(plan(["Makefile": makefile]).files.first { $0.path.hasSuffix("ci.yml") }).text
        #expect(text.contains("github.com/golangci/golangci-lint/cmd/golangci-lint@v1.64.5"))
    }
}
