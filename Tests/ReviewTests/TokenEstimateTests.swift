import Basics
import Review
import Testing

/// The estimate keeps the error that budgets make room for.
@Suite struct TokenEstimateTests {
    /// Texts as prompts show them, and how many tokens o200k makes of eight of each. Counted with tiktoken 0.14.
    private static let counted: [(text: String, tokens: Int)] = [
        (
            """
            @@ def settle(order, payments, now):
            41     total = sum(line.price * line.quantity for line in order.lines)
            42     paid = sum(payment.amount for payment in payments if payment.state == "captured")
            43-    if paid > total:
            43+    if paid >= total and not order.is_disputed:
            44+        order.settled_at = now
            45+        notify(order.customer, template="settled", amount=f"{total:.2f}", currency=order.currency)
            46     elif paid:
            47         order.state = "partly_paid"
            48         order.remaining = total - paid
            49     else:
            50         raise NothingPaid(order.id)
            51     return order

            """, 1144
        ),
        (
            """
            12     private let places: [String: [ClosedRange<Int>]]
            13+    private let limit = ByteCount.kibibytes(64)
            14
            15     func place(of name: String, near line: Int?) throws(PlaceError) -> ClosedRange<Int> {
            16         guard let found = places[name], !found.isEmpty else { throw .unknown(name) }
            17+        guard let line else { return found[0] }
            18+        let ranked = found.map { (place: $0, distance: abs($0.lowerBound - line)) }.sorted { $0.distance < $1.distance }
            19+        return ranked[0].place
            20     }
            21 }

            """, 1152
        ),
        (
            """
            1+name: ci
            2+on:
            3+  pull_request:
            4+  push:
            5+    branches: [main]
            6+permissions:
            7+  contents: read
            8+jobs:
            9+  test:
            10+    runs-on: ubuntu-24.04
            11+    timeout-minutes: 20
            12+    steps:
            13+      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
            14+        with:
            15+          persist-credentials: false
            16+      - run: |
            17+          python -m pip install --requirement requirements.txt
            18+          python -m pytest --maxfail=1 --junitxml=report.xml

            """, 1352
        ),
        (
            """
            The queue keeps every job until its effects are confirmed. A worker that dies in the middle leaves a lease behind; when the lease
            is over, another worker takes the job and looks for what the first one may have done before it does anything itself. Nothing is
            sent twice, and nothing that was acknowledged is lost, even when both the machine and the forge fail in the same minute.

            """, 632
        ),
    ]

    @Test(arguments: counted) func `an estimate is within the stated error of what a tokenizer counts`(text: String, tokens: Int) {
        let estimate = TokenEstimate.tokens(in: String(repeating: text, count: 8)).count
        #expect(abs(Double(estimate) / Double(tokens) - 1) <= TokenEstimate.error, "\(estimate) for \(tokens)")
    }

    @Test func `nothing is no token`() { #expect(TokenEstimate.tokens(in: "").count == 0) }
}
