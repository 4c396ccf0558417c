import Basics
import Testing

@Suite struct MetricsTests {
    @Test func `numbers print in Prometheus' text format`() {
        let metrics = Metrics()
        let requests = metrics.counter("b_total", help: "Requests\nby \\ route.", labels: ["route", "status"])
        requests.add(1, "/a\"b\\c\nd", "200")
        requests.add(2, "/a", "200")
        requests.add(1, "/a", "200")
        metrics.gauge("a_open", help: "Open.") { 2.5 }
        let time = metrics.histogram("c_seconds", help: "Time.", buckets: [0.5, 1])
        for value in [0.25, 0.5, 0.75, 8] { time.observe(value) }
        #expect(
            metrics.text == #"""
                # HELP a_open Open.
                # TYPE a_open gauge
                a_open 2.5
                # HELP b_total Requests\nby \\ route.
                # TYPE b_total counter
                b_total{route="/a",status="200"} 3
                b_total{route="/a\"b\\c\nd",status="200"} 1
                # HELP c_seconds Time.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.5"} 2
                c_seconds_bucket{le="1"} 3
                c_seconds_bucket{le="+Inf"} 4
                c_seconds_sum 9.5
                c_seconds_count 4

                """#)
    }

    @Test func `labels from outside cannot grow the registry without bound`() {
        let metrics = Metrics()
        let counter = metrics.counter("n_total", help: "N.", labels: ["from"])
        for index in 0..<10_000 { counter.add(1, "\(index)") }
        let lines = metrics.text.split(separator: "\n")
        #expect(lines.count == 2 + 501)
        #expect(lines.contains("n_total{from=\"other\"} 9500"))
    }

    @Test func `registering again continues the same numbers`() {
        let metrics = Metrics()
        metrics.counter("x_total", help: "X.").add(1)
        metrics.counter("x_total", help: "X.").add(1)
        #expect(metrics.text.hasSuffix("x_total 2\n"))
    }
}
