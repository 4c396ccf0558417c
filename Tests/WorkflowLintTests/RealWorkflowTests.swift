import Testing
import WorkflowLint

/// What public repositories write and GitHub runs is no error, however unusual; each case was one once.
@Suite struct RealWorkflowTests {
    private func errors(_ job: String) -> [String] {
        let text = "on: push\npermissions: {}\njobs:\n  test:\n    timeout-minutes: 5\n" + job
        return WorkflowLinter.lint(Array(text.utf8), path: ".github/workflows/ci.yml").filter { $0.severity == .error }.map(\.message)
    }

    @Test func `a service's port is read by its number`() {
        let job = """
                runs-on: ubuntu-24.04
                services:
                  db:
                    image: postgres:17
                    ports: ["5432"]
                steps:
                  - run: make test
                    env:
                      PORT: ${{ job.services.db.ports[5432] }}
                      SAME: ${{ job.services.db.ports['5432'] }}

            """
        #expect(errors(job) == [])
        #expect(errors(job.replacing("job.services.db.ports[5432]", with: "env[0]")).count == 1, "elsewhere an index is a text")
    }

    @Test func `steps that run side by side are read like others`() {
        let job = """
                runs-on: ubuntu-24.04
                steps:
                  - parallel:
                      - id: base
                        run: echo "content=main" >> "$GITHUB_OUTPUT"
                      - run: make
                  - run: git diff "$BASE"
                    env:
                      BASE: ${{ steps.base.outputs.content }}

            """
        #expect(errors(job) == [])
        #expect(errors(job.replacing("run: make", with: "run: ${{ nonsense.x }}")).count == 1, "and checked like others")
    }

    @Test func `an empty entry of a matrix may stand in a text and in a condition`() {
        let job = """
                runs-on: ubuntu-24.04
                strategy:
                  matrix:
                    meson:
                      -
                steps:
                  - run: make
                    name: with ${{ matrix.meson }}
                    if: ${{ matrix.meson }}

            """
        #expect(errors(job) == [])
    }

    @Test func `what a program of the repository reads is no Python`() {
        let job = """
                runs-on: ubuntu-24.04
                steps:
                  - shell: python tools/filter.py {0}
                    run: |
                      - platform: aarch64
                        runner: ubuntu-24.04-arm

            """
        #expect(errors(job) == [])
        #expect(errors(job.replacing("python tools/filter.py {0}", with: "python -u {0}")).isEmpty == false)
    }

    @Test func `a step that is kept for Windows may be written for its shell`() {
        let job = """
                runs-on: ubuntu-24.04
                steps:
                  - if: runner.os == 'Windows'
                    run: $env:VERSION="1"

            """
        #expect(errors(job) == [])
        #expect(errors(job.replacing("- if: runner.os == 'Windows'\n", with: "- name: x\n")).count == 1)
    }

    @Test func `attestations are an input of the action that publishes to PyPI`() {
        let job = """
                runs-on: ubuntu-24.04
                steps:
                  - uses: pypa/gh-action-pypi-publish@release/v1
                    with:
                      attestations: true

            """
        #expect(errors(job) == [])
    }

    @Test func `only of a major version is it known what it runs on`() {
        func job(_ ref: String) -> String { "    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/stale@\(ref)\n" }
        #expect(errors(job("v6")).count == 1)
        #expect(errors(job("v6.0.0")) == [])
    }
}
