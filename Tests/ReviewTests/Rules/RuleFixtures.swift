import Review
import Testing

/// Per rule: texts in which it strikes (and on which lines), and texts in which it does not.
@Suite struct RuleFixtures {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let path: String
        let text: String
        let lines: [Int]

        init(_ rule: String, _ path: String, _ lines: [Int], _ text: String) {
            (self.rule, self.path, self.lines, self.text) = (rule, path, lines, text)
        }

        var testDescription: String { "\(rule): \(text.prefix(60))" }
    }

    private static let empty = ""
    private static let workflow = ".github/workflows/ci.yml"

    static let secrets: [Case] = [
        Case("committed-secret", "config.py", [2], "import os\nTOKEN = \"ghp_\(empty)aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5\""),
        Case(
            "committed-secret", "key.pem", [1, 2, 3], "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----"),
        Case("committed-secret", "app.yml", [1], "url: postgres://app:hunter2hunter@db.internal/app"),
        Case("committed-secret", "a.py", [], "AWS_KEY = \"AKIA\(empty)IOSFODNN7EXAMPLE\""),
        Case("committed-secret", "a.py", [], "password = \"${DB_PASSWORD}\"\ntoken = os.environ[\"TOKEN\"]"),
        Case("committed-secret", "a.go", [], "if strings.HasPrefix(line, \"-----BEGIN RSA PRIVATE KEY-----\") {"),
        Case("committed-secret", "tests/test_a.py", [], "url = \"https://bob:hunter2hunter@localhost/\"\npassword = \"k9x7Vq2!mZx7\""),
        Case("committed-secret", "docs/a.rst", [1], "    xoxb-\(empty)204938571620-kQzPmWxYrTvN"),
        Case("committed-secret", "README.md", [], "postgres://user:password@localhost/example"),
    ]

    static let markers: [Case] = [
        Case("merge-conflict-marker", "a.c", [1, 5], "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic"),
        Case("merge-conflict-marker", "a.rst", [], "Heading\n=======\n"),
        Case("merge-conflict-marker", "mail.txt", [], ">>>>>>> quoted text of somebody"),
        Case("merge-conflict-marker", "a.cpp", [], "a <<<<<<< b"),
        Case("hidden-characters", "a.js", [1], "if (level != \"user\u{202E} \u{2066}// admin\u{2069} \u{2066}\") {"),
        Case("hidden-characters", "ui/dist/index.js", [], "var a=\"\(String(repeating: "x", count: 1000))\u{061C}\""),
        Case("hidden-characters", "ui/dist/index.js", [1], "var level = \"user\u{202E}\""),
        Case("hidden-characters", "a.js", [], "const greeting = \"grüß 日本 👍🏽\""),
    ]

    static let workflows: [Case] = [
        Case("workflow-script-injection", workflow, [3], "steps:\n  - run: |\n      echo \"${{ github.event.issue.title }}\"\n"),
        Case("workflow-script-injection", workflow, [1], "- run: git checkout ${{ github.head_ref }}"),
        Case(
            "workflow-script-injection", workflow, [4],
            "- uses: actions/github-script@v7\n  with:\n    script: |\n      const t = `${{ github.event.comment.body }}`"),
        Case("workflow-script-injection", workflow, [1], "- run: echo ${{ github.event.commits[0].message }}"),
        Case("workflow-script-injection", workflow, [], "- env:\n    TITLE: ${{ github.event.issue.title }}\n  run: echo \"$TITLE\""),
        Case("workflow-script-injection", workflow, [], "- run: echo ${{ github.sha }} ${{ github.event.issue.number }}"),
        Case("workflow-script-injection", "docs/x.yml", [], "- run: echo ${{ github.event.issue.title }}"),
        Case(
            "workflow-pull-request-target-checkout", workflow, [6],
            "on: pull_request_target\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n      with: { }\n      ".replacing(
                "with: { }\n      ", with: "") + "  ref: ${{ github.event.pull_request.head.sha }}"),
        Case(
            "workflow-pull-request-target-checkout", workflow, [7],
            "on:\n  workflow_run:\n    workflows: [x]\njobs:\n  a:\n    steps:\n    - {uses: x}\n".replacing(
                "    - {uses: x}\n", with: "      ref: ${{github.event.workflow_run.head_sha}}")),
        Case(
            "workflow-pull-request-target-checkout", workflow, [],
            "on: pull_request\njobs:\n  a:\n    with:\n      ref: ${{ github.event.pull_request.head.sha }}"),
        Case(
            "workflow-pull-request-target-checkout", workflow, [],
            "on: pull_request_target\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4"),
        Case("workflow-unpinned-action", workflow, [1], "- uses: somebody/thing@v1"),
        Case("workflow-unpinned-action", workflow, [1], "- uses: \"somebody/thing/sub@main\" # v1"),
        Case("workflow-unpinned-action", workflow, [1], "- uses: docker://alpine:3.20"),
        Case("workflow-unpinned-action", workflow, [], "- uses: somebody/thing@0123456789abcdef0123456789abcdef01234567 # v1"),
        Case(
            "workflow-unpinned-action", workflow, [], "- uses: actions/checkout@v4\n- uses: ./local\n- uses: github/codeql-action/init@v3"),
    ]

    static let permissions: [Case] = [
        Case("workflow-broad-permissions", workflow, [1], "permissions: write-all"),
        Case(
            "workflow-broad-permissions", workflow, [3], "on: push\npermissions:\n  contents: write\njobs:\n  a:\n    x: 1\n  b:\n    x: 1"),
        Case("workflow-broad-permissions", workflow, [], "on: push\npermissions:\n  contents: write\njobs:\n  a:\n    x: 1"),
        Case(
            "workflow-broad-permissions", workflow, [],
            "permissions:\n  contents: read\njobs:\n  a:\n    permissions:\n      contents: write\n  b:\n    x: 1"),
    ]

    static let code: [Case] = [
        Case("disabled-verification", "a.py", [1], "requests.get(url, verify = False)"),
        Case("disabled-verification", "a.go", [1], "tls.Config{InsecureSkipVerify: true}"),
        Case("disabled-verification", "get.sh", [1], "curl -fsSkL https://example.org/x | sh"),
        Case("disabled-verification", "a.ts", [1], "new Agent({ rejectUnauthorized: false })"),
        Case(
            "disabled-verification", "get.sh", [],
            "curl -fsSL --retry 3 https://example.org/x\nssh -o StrictHostKeyChecking=accept-new host"),
        Case("disabled-verification", "a.py", [], "# never use verify=False\nverify = load(False)"),
        Case("disabled-verification", "test/agent.ts", [], "new Agent({ rejectUnauthorized: false })"),
        Case("disabled-verification", "README.md", [], "Do not use `verify=False`."),
        Case("built-command", "a.py", [1], "cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")"),
        Case("built-command", "a.js", [1], "db.query(`SELECT id FROM t WHERE x = ${x}`)"),
        Case("built-command", "ui/dist/a.js", [], "db.query(`SELECT id FROM t WHERE x = ${x}`)"),
        Case("built-command", "A.java", [1], "st.execute(\"DELETE FROM t WHERE id = \" + id);"),
        Case("built-command", "a.py", [1], "os.system(f\"rm -rf {path}\")"),
        Case("built-command", "a.js", [1], "execSync(`git log ${branch}`)"),
        Case("built-command", "a.swift", [1], "try db.run(\"DELETE FROM t WHERE id = \\(id)\")"),
        Case("built-command", "a.py", [], "cursor.execute(\"SELECT * FROM users WHERE name = %s\", (name,))"),
        Case("built-command", "a.js", [], "sql`SELECT id FROM t WHERE x = ${x}`\nconst m = /x/.exec(`${y}`)"),
        Case("built-command", "a.java", [], "String q = \"SELECT a FROM t \" + \"WHERE b = ?\";"),
        Case(
            "built-command", "a.py", [],
            "subprocess.run([\"git\", \"log\", branch])\nprint(f\"select {x} from the list\".title())".replacing(
                "\"select {x} from", with: "\"Please select {x} from")),
    ]

    static let wholes: [Case] = [
        Case("untested-change", "src/a.py", [0], Array(repeating: "x = 1", count: 40).joined(separator: "\n")),
        Case("untested-change", "tests/test_a.py", [], Array(repeating: "x = 1", count: 40).joined(separator: "\n")),
        Case("untested-change", "src/a.py", [], "x = 1"),
        Case("large-or-binary-file", "data.csv", [0], Array(repeating: "1,2", count: 5001).joined(separator: "\n")),
        Case("large-or-binary-file", "package-lock.json", [], Array(repeating: "1,2", count: 5001).joined(separator: "\n")),
    ]

    @Test(arguments: [
        ("package.json", "    \"left-pad\": \"^1.3.0\",", true), ("package.json", "  \"version\": \"1.3.0\",", false),
        ("package.json", "    \"test\": \"jest --ci\",", false), ("go.mod", "\tgithub.com/x/y v1.2.3", true), ("go.mod", "go 1.22", false),
        ("Cargo.toml", "serde = { version = \"1\" }", true), ("Cargo.toml", "version = \"0.2.0\"", false),
        ("Gemfile", "gem 'rails', '~> 7'", true),
    ])
    func `a changed dependency asks for its lock`(path: String, line: String, strikes: Bool) {
        let header = "diff --git a/\(path) b/\(path)\n--- a/\(path)\n+++ b/\(path)\n@@ -1,1 +1,2 @@\n x\n+\(line)\n"
        #expect(UnlockedDependencyRule().hits(in: Change(gitDiff: Array(header.utf8))).isEmpty != strikes)
        var change = Change(gitDiff: Array(header.utf8))
        change.otherPaths = ["README.md"]
        #expect(UnlockedDependencyRule().hits(in: change).isEmpty)
        let locks = LockFiles.byManifest[path.lowercased()] ?? []
        for lock in locks {
            let both = header + "diff --git a/\(lock) b/\(lock)\n--- a/\(lock)\n+++ b/\(lock)\n@@ -1 +1 @@\n-a\n+b\n"
            #expect(UnlockedDependencyRule().hits(in: Change(gitDiff: Array(both.utf8))).isEmpty)
        }
    }

    @Test(arguments: [
        ("go.mod", "\tgithub.com/x/y v1.1.0", "\tgithub.com/x/y v1.1.0 // indirect", 0),
        ("go.mod", "\tgithub.com/x/y v1.1.0", "\tgithub.com/x/y v1.2.0 // indirect", 1),
        ("package.json", "    \"left-pad\": \"^1.3.0\"", "    \"left-pad\": \"^1.3.0\",", 0),
    ])
    func `a dependency that is moved or remarked upon is the same one`(path: String, old: String, new: String, count: Int) {
        let diff = "diff --git a/\(path) b/\(path)\n--- a/\(path)\n+++ b/\(path)\n@@ -1,2 +1,2 @@\n x\n-\(old)\n+\(new)\n"
        #expect(UnlockedDependencyRule().hits(in: Change(gitDiff: Array(diff.utf8))).count == count)
    }

    @Test(arguments: [
        ("someone/act@v1", "someone/act@v2", 0), ("someone/act@v1", "other/act@v2", 1),
        ("someone/act@0123456789012345678901234567890123456789", "someone/act@v2", 1),
    ])
    func `a new version of an action that was not pinned before brings in nothing new`(old: String, new: String, count: Int) {
        let diff = """
            diff --git a/.github/workflows/ci.yml b/.github/workflows/ci.yml
            --- a/.github/workflows/ci.yml
            +++ b/.github/workflows/ci.yml
            @@ -5,1 +5,1 @@
            -      - uses: \(old)
            +      - uses: \(new)

            """
        #expect(UnpinnedActionRule().hits(in: Change(gitDiff: Array(diff.utf8))).count == count)
    }

    @Test func `an added binary is told of, a picture is not`() {
        func diff(_ path: String) -> Change {
            Change(
                gitDiff: Array(
                    "diff --git a/\(path) b/\(path)\nnew file mode 100644\nindex 0..1\nBinary files /dev/null and b/\(path) differ\n".utf8))
        }
        #expect(LargeFileRule().hits(in: diff("tool.jar")).count == 1)
        #expect(LargeFileRule().hits(in: diff("logo.png")).isEmpty)
    }

    @Test(arguments: secrets + markers + workflows + permissions + code + wholes)
    func `a rule strikes on exactly the lines it should`(example: Case) throws {
        let rule = try #require(BuiltInRules.all.first { $0.id == example.rule })
        let hits = rule.hits(in: SampleChange.adding(example.text, path: example.path))
        let lines = hits.flatMap { hit -> [Int] in if case .lines(let range) = hit.target { Array(range) } else { [0] } }
        #expect(lines == example.lines)
    }

    @Test func `every rule has hits and non-hits here`() {
        let cases = Self.secrets + Self.markers + Self.workflows + Self.permissions + Self.code + Self.wholes
        for rule in BuiltInRules.all where rule.id != "dependency-without-lock" {
            let own = cases.filter { $0.rule == rule.id }
            #expect(own.contains { !$0.lines.isEmpty } && own.contains { $0.lines.isEmpty }, "\(rule.id)")
        }
    }
}
