import Basics
import Text

/// The driver `workflow`: the repository's own CI brings previews up and takes them down, for those who give the server no machine.
///
/// Forks get none: their heads would run with the repository's runners. What the event holds reaches the shell through the environment only.
package struct PreviewWorkflow: Sendable {
    private let up: [String]
    private let down: [String]
    private let checkout: String

    package static let path = ".github/workflows/preview.yml"
    /// How our own file begins.
    package static let mark = "# Written by `fettle preview workflow`"

    /// `checkout` is the pinned action: `actions/checkout@SHA # v1.2.3`.
    ///
    /// - Throws: `PreviewFailure.misconfigured` for words that a workflow cannot carry as they are, and for a policy it cannot keep.
    package init(_ settings: PreviewSettings, checkout: String) throws(PreviewFailure) {
        for word in settings.up + settings.down where word.contains("${{") || word.unicodeScalars.contains(where: { $0.value < 32 }) {
            throw PreviewFailure(
                .misconfigured, cause: "`preview.up` or `preview.down` holds a line break or `${{`.",
                nextStep: "Put it into a script of the repository and name the script.")
        }
        guard settings.policy.when == .always, settings.policy.includesDrafts else {
            throw PreviewFailure(
                .misconfigured, cause: "A workflow brings a preview for every pull request, and .fettle.yml asks for fewer.",
                nextStep: "Leave `label`, `paths`, `when` and `drafts` out of `preview`, or let a server run the previews.")
        }
        up = settings.up
        down = settings.down
        self.checkout = checkout
    }

    package var text: String {
        """
        \(Self.mark) from `preview:` in .fettle.yml: change it there and run it again.
        name: preview
        on:
          pull_request:
            types: [opened, synchronize, reopened, closed]
        permissions: {}
        concurrency:
          group: preview-${{ github.event.pull_request.number }}
          cancel-in-progress: false
        jobs:
          up:
            if: github.event.action != 'closed' && github.event.pull_request.head.repo.full_name == github.repository
            runs-on: ubuntu-24.04
            timeout-minutes: 15
            permissions:
              contents: read
            environment:
              name: pr-${{ github.event.pull_request.number }}
              url: ${{ steps.up.outputs.address }}
            steps:
        \(checkoutStep)
              - id: up
                shell: bash
                env:
        \(variables)
                run: |
                  \(Self.quoted(up)) | tee "$RUNNER_TEMP/up.log"
                  echo "address=$(tail -n 1 "$RUNNER_TEMP/up.log")" >> "$GITHUB_OUTPUT"
          down:
            if: github.event.action == 'closed' && github.event.pull_request.head.repo.full_name == github.repository
            runs-on: ubuntu-24.04
            timeout-minutes: 15
            permissions:
              contents: read
              deployments: write
            steps:
        \(checkoutStep)
              - shell: bash
                env:
        \(variables)
                run: \(YAMLWriter.scalar(Self.quoted(down)))
              - shell: bash
                env:
                  GH_TOKEN: ${{ github.token }}
                  ENVIRONMENT: pr-${{ github.event.pull_request.number }}
                run: |
                  gh api --paginate "repos/$GITHUB_REPOSITORY/deployments?environment=$ENVIRONMENT" --jq '.[].id' | while read -r id; do
                    gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses" -f state=inactive > /dev/null
                  done

        """
    }

    private var checkoutStep: String {
        """
              - uses: \(checkout)
                with:
                  ref: ${{ github.event.pull_request.head.sha }}
                  persist-credentials: false
        """
    }

    private var variables: String {
        """
                  PREVIEW_REPO: ${{ github.repository }}
                  PREVIEW_NUMBER: ${{ github.event.pull_request.number }}
                  PREVIEW_SHA: ${{ github.event.pull_request.head.sha }}
        """
    }

    /// Words of a shell's command line: plain where that is safe, else in single quotes.
    private static func quoted(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_./:=@,+".utf8.contains(byte)
                }
            return isPlain ? word : "'" + word.replacingExactly("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
