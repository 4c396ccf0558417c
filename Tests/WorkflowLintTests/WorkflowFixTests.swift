import Testing
import WorkflowLint

/// Changes proposed for what the linter finds: input beside expected output.
@Suite struct WorkflowFixTests {
    private static let commit = "3d3c42e5aac5ba805825da76410c181273ba90b1"

    private func fixed(_ text: String, path: String = ".github/workflows/ci.yml") -> FixedWorkflow {
        let knowledge = FixKnowledge { repository, ref in
            repository == "actions/checkout" && ref.hasPrefix("v7") ? ActionRelease(tag: "v7.0.1", commit: Self.commit) : nil
        }
        return WorkflowLinter.fixed(Array(text.utf8), path: path, knowing: knowledge)
    }

    private func steps(_ steps: String, runner: String = "ubuntu-24.04") -> String {
        "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: \(runner)\n    timeout-minutes: 5\n    steps:\n" + steps
    }

    @Test(arguments: [
        ("      - run: make test\n", 30, "nothing known"), ("      - run: docker build -t x .\n", 60, "container image"),
        ("      - uses: docker/setup-qemu-action@v4\n", 180, "several platforms"), ("      - run: npx playwright test\n", 60, "end to end"),
        ("      - run: cargo test --locked\n", 60, "natively"), ("      - run: ./gradlew check\n", 60, "natively"),
        ("      - run: go test -fuzz=Fuzz ./x\n", 120, "fuzzes"), ("      - run: npm run e2e-report\n", 30, "nothing known"),
    ])
    func `a time limit is a ceiling for what the job does`(steps: String, minutes: Int, why: String) {
        let result = fixed("on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" + steps)
        #expect(result.text.contains("timeout-minutes: \(minutes)\n"))
        #expect(result.fixes.contains { $0.change.contains("a ceiling") && $0.change.contains(why) }, "\(result.fixes)")
    }

    @Test func `a whole file becomes clean, and a second run changes nothing`() {
        let before = """
            name: CI
            on: pull_request

            # The tests.
            jobs:
              test:
                runs-on: ubuntu-24.04
                steps:
                  - uses: actions/checkout@v7 # v7
                    with:
                      fetch-depth: 0
                  - name: Greet
                    run: |
                      echo "Hello ${{ github.event.pull_request.title }}"
                      make test

            """
        let after = """
            name: CI
            on: pull_request

            permissions:
              contents: read

            # The tests.
            jobs:
              test:
                runs-on: ubuntu-24.04
                timeout-minutes: 30
                steps:
                  - uses: actions/checkout@\(Self.commit) # v7.0.1
                    with:
                      persist-credentials: false
                      fetch-depth: 0
                  - name: Greet
                    env:
                      PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}
                    run: |
                      echo "Hello ${PULL_REQUEST_TITLE}"
                      make test

            """
        let result = fixed(before)
        #expect(result.text == after)
        #expect(result.unfixed.isEmpty)
        #expect(Set(result.fixes.map(\.rule)).count == 5)
        #expect(WorkflowLinter.lint(Array(after.utf8), path: ".github/workflows/ci.yml") == [])
        #expect(fixed(after).text == after && fixed(after).patch(path: "x") == "")
    }

    @Test(arguments: [
        (#"echo ${{ github.head_ref }}"#, #"echo "${HEAD_REF}""#), (#"echo "a ${{ github.head_ref }} b""#, #"echo "a ${HEAD_REF} b""#),
        (#"X=${{ inputs.name }}"#, #"X="${INPUT_NAME}""#), (#"# about ${{ github.head_ref }}"#, "# about ${HEAD_REF}"),
        (#"echo "$(git log ${{ github.head_ref }})""#, #"echo "$(git log "${HEAD_REF}")""#),
        (#"echo 'it' "${{ inputs.path }}""#, #"echo 'it' "${INPUT_PATH}""#),
        (#"curl -u ${{ secrets.TOKEN }} x"#, #"curl -u "${TOKEN}" x"#),
    ])
    func `an expression becomes a variable quoted as its place in the script asks`(before: String, after: String) {
        let dispatch = "on:\n  workflow_dispatch:\n    inputs:\n      name:\n      path:\n"
        let text = steps("      - run: |\n          \(before)\n").replacing("on: push\n", with: dispatch)
        let result = fixed(text)
        #expect(result.text.contains("        run: |\n          \(after)\n"), "\(result.text)")
        #expect(result.text.contains("      - env:\n          "))
    }

    @Test(arguments: [
        (#"echo '${{ github.head_ref }}'"#, "single quotes"), (#"make ${{ inputs.flags }}"#, "several words"),
        (#"eval "echo ${{ github.head_ref }}""#, "'eval' may read"),
        (#"/bin/bash -c "echo ${{ github.head_ref }}""#, "'/bin/bash' may read"),
        (#"ssh host "deploy ${{ github.head_ref }}""#, "'ssh' may read"),
        (#"python3 -c "print('${{ github.head_ref }}')""#, "'python3' may"),
        (#"echo $((1+${{ github.head_ref }}))"#, "arithmetic"), (#"for i in ${{ github.head_ref }}; do echo; done"#, "several words"),
        (#"echo "X=${{ github.head_ref }}" >> "$GITHUB_ENV""#, "as settings"),
        (#"echo `echo ${{ github.head_ref }}`"#, "backquotes"), (#"[[ x =~ ${{ github.head_ref }} ]]"#, "single quotes"),
    ])
    func `where a variable would not mean the same nothing is proposed, and it says why`(line: String, reason: String) {
        let dispatch = "on:\n  workflow_dispatch:\n    inputs:\n      flags:\n"
        let text = steps("      - run: |\n          \(line)\n").replacing("on: push\n", with: dispatch)
        let result = fixed(text)
        #expect(result.text == text)
        #expect(result.unfixed.contains { $0.reason.contains(reason) && $0.line == 12 }, "\(result.unfixed)")
    }

    @Test func `here-documents expand variables unless their word is quoted`() {
        let script = { (word: String) in
            "      - run: |\n          cat <<\(word)\n          it's ${{ github.head_ref }}\n          EOF\n          echo done\n"
        }
        #expect(fixed(steps(script("EOF"))).text.contains("it's ${HEAD_REF}\n"))
        #expect(fixed(steps(script("'EOF'"))).text == steps(script("'EOF'")))
        #expect(fixed(steps(script("EOF > x.py"))).text == steps(script("EOF > x.py")))
    }

    @Test func `a program in quotes over several lines is left as it is`() {
        let text = steps(
            "      - run: |\n          python3 -c \"\n          print('${{ github.head_ref }}')\n          \"\n          echo done\n")
        #expect(fixed(text).text == text)
    }

    @Test func `an env that is there takes the variable, and one of the same value is used`() {
        let text = steps("      - env:\n          HEAD_REF: ${{ github.head_ref }}\n        run: echo \"${{ github.head_ref }}\"\n")
        #expect(fixed(text).text == text.replacing("echo \"${{ github.head_ref }}\"", with: "echo \"${HEAD_REF}\""))
        let other = steps("      - env:\n          HEAD_REF: main\n        run: echo \"${{ github.head_ref }}\"\n")
        #expect(
            fixed(other).text.contains(
                "          HEAD_REF_2: ${{ github.head_ref }}\n          HEAD_REF: main\n        run: echo \"${HEAD_REF_2}\"\n"))
    }

    @Test func `a variable of the script's own is neither overwritten nor read`() {
        let text = steps("      - run: |\n          HEAD_REF=main\n          echo \"${{ github.head_ref }}\" $HEAD_REF\n")
        #expect(fixed(text).text.contains("          HEAD_REF_2: ${{ github.head_ref }}\n"))
        #expect(fixed(text).text.contains("          HEAD_REF=main\n          echo \"${HEAD_REF_2}\" $HEAD_REF\n"))
    }

    @Test func `a file without a last line break keeps it so, unless its last line changes`() {
        let text = steps("      - run: make\n      - run: make test").replacing("    timeout-minutes: 5\n", with: "")
        #expect(fixed(text).text.hasSuffix("    timeout-minutes: 30\n    steps:\n      - run: make\n      - run: make test"))
        let last = steps("      - uses: actions/checkout@v7")
        #expect(fixed(last).text.hasSuffix(" # v7.0.1\n        with:\n          persist-credentials: false\n"))
        #expect(fixed(last).patch(path: "x").contains("-      - uses: actions/checkout@v7\n\\ No newline at end of file\n+"))
    }

    @Test func `scripts of other shells are left alone`() {
        let text = steps("      - run: echo \"${{ github.head_ref }}\"\n", runner: "windows-2025")
        #expect(fixed(text).text == text)
        #expect(fixed(text).unfixed.first?.reason.contains("'pwsh'") == true)
    }

    @Test func `a token that may have to write is not taken away`() {
        let text = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n"
        #expect(fixed(text + "      - run: make\n").text.contains("permissions:\n  contents: read\n\njobs:"))
        for step in [
            "      - run: git push\n", "      - uses: some/thing@\(Self.commit)\n",
            "      - run: x\n        env: {T: '${{ github.token }}'}\n",
        ] {
            #expect(fixed(text + step).text == text + step)
            #expect(fixed(text + step).unfixed.contains { $0.rule == "excessive-permissions" })
        }
    }

    @Test func `a checkout keeps its token when a later step pushes`() {
        let text = steps("      - uses: actions/checkout@\(Self.commit)\n      - run: git push\n")
        #expect(fixed(text).text == text)
        #expect(fixed(text).unfixed.map(\.rule) == ["persisted-credentials"])
        let quiet = steps("      - uses: actions/checkout@\(Self.commit)\n      - run: make\n")
        #expect(fixed(quiet).text.contains("@\(Self.commit)\n        with:\n          persist-credentials: false\n      - run: make\n"))
    }

    @Test(arguments: [
        ("- uses: \"actions/checkout@v7\"", "- uses: \"actions/checkout@\(commit)\" # v7.0.1"),
        ("- uses: actions/checkout@v7 # keep me", "- uses: actions/checkout@\(commit) # v7.0.1 # keep me"),
        ("- { uses: actions/checkout@v7 }", "- { uses: actions/checkout@v7 }"),
        ("- uses: actions/checkout@main", "- uses: actions/checkout@main"),
    ])
    func `a tag becomes its commit with the version behind it`(before: String, after: String) {
        let result = fixed(steps("      \(before)\n"))
        #expect(result.text.contains("      \(after)\n"), "\(result.text)")
    }

    @Test func `flow style, CRLF and damaged files are left as they are and never trap`() {
        for text in [
            "", "\u{0}", "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'echo ${{ github.head_ref }}'}]}}",
            "on: push\r\njobs:\r\n  a:\r\n    runs-on: ubuntu-24.04\r\n    steps:\r\n      - run: make\r\n", "on: [", "- a",
            "on: push\njobs:\n  a: &x\n    runs-on: ubuntu-24.04\n    steps: [run: '${{']\n  b: *x\n",
        ] {
            let result = fixed(text)
            #expect(result.text == text || result.text.hasPrefix("on: push\n"))
        }
    }

    @Test func `very many steps and expressions cost no more than their number`() {
        let many = steps(String(repeating: "      - uses: actions/checkout@v7\n", count: 1_000))
        #expect(fixed(many).fixes.count == 2_000)
        let long = steps("      - run: |\n          echo " + String(repeating: "${{github.actor}}", count: 2_000) + "\n")
        #expect(fixed(long).text == long)
    }

    @Test func `every cut of a workflow gives a result and no trap`() {
        let text = Array(
            steps(
                "      - uses: actions/checkout@v7 # v7\n      - run: |\n          cat <<EOF \"$(a ${{ github.head_ref }} 'b' #\n          EOF\n"
            ).utf8)
        for end in text.indices { _ = WorkflowLinter.fixed(Array(text[..<end]), path: "ci.yml", knowing: FixKnowledge { _, _ in nil }) }
    }

    @Test func `a patch has its hunks where the lines are`() {
        let text = steps("      - run: make\n").replacing("    timeout-minutes: 5\n", with: "")
        #expect(
            fixed(text).patch(path: "ci.yml") == """
                --- a/ci.yml
                +++ b/ci.yml
                @@ -2,6 +2,7 @@
                 permissions: {}
                 jobs:
                   a:
                     runs-on: ubuntu-24.04
                +    timeout-minutes: 30
                     steps:
                       - run: make

                """)
    }
}
