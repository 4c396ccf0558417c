import Synchronization

/// Numbers about the running program, printed in Prometheus' text format. One registry, made in the executable and passed on.
///
///     let served = metrics.counter("fettle_deliveries_total", help: "Deliveries by outcome.", labels: ["outcome"])
///     served.add(1, "queued")
///
/// Registering a name again gives the same numbers, so a part of the program may be set up twice.
package final class Metrics: Sendable {
    enum Kind: String {
        case counter, gauge, histogram
    }

    struct Histogram {
        private(set) var counts: [Int]
        private(set) var sum = 0.0

        init(bounds: Int) {
            counts = Array(repeating: 0, count: bounds + 1)
        }

        mutating func add(_ value: Double, to bucket: Int) {
            counts[bucket] += 1
            sum += value
        }
    }

    struct Family {
        let name: String
        let kind: Kind
        let help: String
        let labels: [String]
        /// Upper bounds, ascending, without infinity.
        let bounds: [Double]
        var values: [[String]: Double] = [:]
        var histograms: [[String]: Histogram] = [:]
        var read: (@Sendable () -> Double)?
    }

    /// Label values come partly from outside: beyond so many series of one name further ones are counted together under `other`.
    static let seriesLimit = 500

    /// In the order of registration; what counts keeps its family's place.
    private let families = Mutex<[Family]>([])

    package init() {}

    package func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        Counter(metrics: self, place: register(Family(name: name, kind: .counter, help: help, labels: labels, bounds: [])))
    }

    package func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        Gauge(metrics: self, place: register(Family(name: name, kind: .gauge, help: help, labels: labels, bounds: [])))
    }

    /// A gauge that is read when printed. `read` must be quick.
    package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double) {
        let place = register(Family(name: name, kind: .gauge, help: help, labels: [], bounds: []))
        families.withLock { $0[place].read = read }
    }

    /// `buckets`: upper bounds, ascending; infinity is added.
    package func histogram(_ name: String, help: String, labels: [String] = [], buckets: [Double] = Histograms.seconds) -> HistogramMetric {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "buckets of \(name) ascend")
        return HistogramMetric(
            metrics: self, place: register(Family(name: name, kind: .histogram, help: help, labels: labels, bounds: buckets)))
    }

    private func register(_ family: Family) -> Int {
        precondition(Self.isName(family.name) && family.labels.allSatisfy(Self.isName), "not a metric's name: \(family.name)")
        return families.withLock { families in
            if let place = families.firstIndex(where: { $0.name == family.name }) {
                let known = families[place]
                precondition(
                    known.kind == family.kind && known.labels == family.labels, "\(family.name) is registered differently elsewhere")
                return place
            }
            families.append(family)
            return families.count - 1
        }
    }

    /// Source: prometheus.io/docs/concepts/data_model
    private static func isName(_ text: String) -> Bool {
        let first = text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        return first
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F }
    }

    fileprivate func update(_ place: Int, _ labels: [String], _ change: (inout Double) -> Void) {
        families.withLock { families in
            // In place: a copy of the family, held while it changes, would have all its numbers copied each time.
            if let known = families[place].values.index(forKey: labels) { return change(&families[place].values.values[known]) }
            let key = Self.newKey(labels, of: families[place].labels.count, count: families[place].values.count)
            change(&families[place].values[key, default: 0])
        }
    }

    fileprivate func observe(_ place: Int, _ labels: [String], _ value: Double) {
        families.withLock { families in
            let bounds = families[place].bounds
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            if let known = families[place].histograms.index(forKey: labels) {
                return families[place].histograms.values[known].add(value, to: bucket)
            }
            let key = Self.newKey(labels, of: families[place].labels.count, count: families[place].histograms.count)
            families[place].histograms[key, default: Histogram(bounds: bounds.count)].add(value, to: bucket)
        }
    }

    private static func newKey(_ labels: [String], of labelCount: Int, count: Int) -> [String] {
        precondition(labels.count == labelCount, "one value for each of \(labelCount) labels")
        return count < seriesLimit ? labels : labels.map { _ in "other" }
    }

    /// A consistent copy of everything, by name; gauges that are read on demand are read now.
    func snapshot() -> [Family] {
        families.withLock { $0 }.sorted { $0.name < $1.name }.map { family in
            var family = family
            if let read = family.read { family.values = [[]: read()] }
            return family
        }
    }

    /// Only goes up.
    package struct Counter: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let place: Int

        /// Label values in the order of registration.
        package func add(_ amount: Double = 1, _ labels: String...) {
            precondition(amount >= 0, "a counter only goes up")
            metrics.update(place, labels) { $0 += amount }
        }
    }

    package struct Gauge: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let place: Int

        package func set(_ value: Double, _ labels: String...) { metrics.update(place, labels) { $0 = value } }
        package func add(_ amount: Double, _ labels: String...) { metrics.update(place, labels) { $0 += amount } }
    }

    package struct HistogramMetric: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let place: Int

        package func observe(_ value: Double, _ labels: String...) { metrics.observe(place, labels, value) }
    }

    package enum Histograms {
        /// From a millisecond to a minute.
        package static let seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    }
}
