package import Forge

/// A small repository and a pull request with things worth finding: a committed key, a workflow that runs what a stranger wrote and an
/// action that is not pinned, a conflict marker left behind, and a change that is fine.
package enum SandboxSample {
    /// Opens the sample pull request; `nil` only when `name` is no valid repository name.
    ///
    /// `more`: files on the base branch beside the sample's own.
    package static func seed(_ forge: SandboxForge, repository name: String = "octo/demo", more: [String: String] = [:])
        -> PullRequestReference?
    {
        guard let name = RepositoryName(name) else { return nil }
        forge.addRepository(name, files: before.merging(more) { $1 })
        forge.push(to: branch, of: name, changes: after, message: "Charge in the customer's currency")
        return forge.openPullRequest(in: name, from: branch, title: title, body: body)
    }

    static let branch = "currency"
    static let title = "Charge in the customer's currency"
    static let body = "Adds a currency to `charge` and greets contributors from a workflow.\n"

    private static let before: [String: String] = [
        "README.md": "# demo\n\nA shop in thirty lines.\n",
        "src/payments.py": """
        import os

        import gateway


        def charge(customer, cents):
            \"\"\"Takes money from the customer's card.\"\"\"
            if cents <= 0:
                raise ValueError("nothing to charge")
            client = gateway.Client(os.environ["GATEWAY_KEY"])
            return client.charge(customer.card, cents)


        def refund(customer, cents):
            client = gateway.Client(os.environ["GATEWAY_KEY"])
            return client.refund(customer.card, cents)

        """,
        "src/orders.py": """
        def total(lines):
            return sum(line.cents * line.count for line in lines)


        def discount(cents, percent):
            return cents - cents * percent // 100

        """,
        ".github/workflows/ci.yml": """
        name: CI
        on: [push, pull_request]
        permissions:
          contents: read
        jobs:
          test:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - run: python -m pytest

        """,
    ]

    /// Shaped like an access key and made up; in two parts, so that this file holds none.
    private static let exampleKey = ["AKIA", "QYLPMN5HFIQR7XYA"].joined()

    private static let after: [String: String?] = [
        "src/payments.py": """
        import os

        import gateway

        AWS_ACCESS_KEY_ID = "\(exampleKey)"


        def charge(customer, cents, currency="EUR"):
            \"\"\"Takes money from the customer's card, in their currency.\"\"\"
            if cents <= 0:
                raise ValueError("nothing to charge")
            client = gateway.Client(os.environ["GATEWAY_KEY"])
            return client.charge(customer.card, cents, currency)


        def refund(customer, cents):
            client = gateway.Client(os.environ["GATEWAY_KEY"])
            return client.refund(customer.card, cents)

        """,
        "src/orders.py": """
        def total(lines):
            return sum(line.cents * line.count for line in lines)


        def discount(cents, percent):
        <<<<<<< HEAD
            return cents - cents * percent // 100
        =======
            return cents - round(cents * percent / 100)
        >>>>>>> currency

        """,
        ".github/workflows/greet.yml": """
        name: Greet
        on: pull_request_target
        jobs:
          greet:
            runs-on: ubuntu-latest
            steps:
              - uses: friendly-robots/welcome@main
              - run: echo "Thanks for ${{ github.event.pull_request.title }}"

        """,
    ]
}
