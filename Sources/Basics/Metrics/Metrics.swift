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

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    package func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        register(name, Family(kind: .counter, help: help, labels: labels, bounds: []))
        return Counter(metrics: self, name: name)
    }

    package func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        register(name, Family(kind: .gauge, help: help, labels: labels, bounds: []))
        return Gauge(metrics: self, name: name)
    }

    /// A gauge that is read when printed. `read` must be quick.
    package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double) {
        register(name, Family(kind: .gauge, help: help, labels: [], bounds: []))
        families.withLock { $0[name]?.read = read }
    }

    /// `buckets`: upper bounds, ascending; infinity is added.
    package func histogram(_ name: String, help: String, labels: [String] = [], buckets: [Double] = Histograms.seconds) -> HistogramMetric {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "buckets of \(name) ascend")
        register(name, Family(kind: .histogram, help: help, labels: labels, bounds: buckets))
        return HistogramMetric(metrics: self, name: name)
    }

    private func register(_ name: String, _ family: Family) {
        precondition(Self.isName(name) && family.labels.allSatisfy(Self.isName), "not a metric's name: \(name)")
        families.withLock { families in
            if let known = families[name] {
                precondition(known.kind == family.kind && known.labels == family.labels, "\(name) is registered differently elsewhere")
            } else {
                families[name] = family
            }
        }
    }

    /// Source: prometheus.io/docs/concepts/data_model
    private static func isName(_ text: String) -> Bool {
        let first = text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        return first
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F }
    }

    fileprivate func update(_ name: String, _ labels: [String], _ change: (inout Double) -> Void) {
        families.withLock { families in
            // In place: a copy of the family, held while it changes, would have all its numbers copied each time.
            guard let index = families.index(forKey: name) else { return }
            let values = (isKnown: families.values[index].values[labels] != nil, count: families.values[index].values.count)
            let key = Self.key(labels, of: families.values[index].labels.count, isKnown: values.isKnown, count: values.count)
            change(&families.values[index].values[key, default: 0])
        }
    }

    fileprivate func observe(_ name: String, _ labels: [String], _ value: Double) {
        families.withLock { families in
            guard let index = families.index(forKey: name) else { return }
            let known = (is: families.values[index].histograms[labels] != nil, count: families.values[index].histograms.count)
            let key = Self.key(labels, of: families.values[index].labels.count, isKnown: known.is, count: known.count)
            let bounds = families.values[index].bounds
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            families.values[index].histograms[key, default: Histogram(bounds: bounds.count)].add(value, to: bucket)
        }
    }

    private static func key(_ labels: [String], of labelCount: Int, isKnown: Bool, count: Int) -> [String] {
        precondition(labels.count == labelCount, "one value for each of \(labelCount) labels")
        return isKnown || count < seriesLimit ? labels : labels.map { _ in "other" }
    }

    /// A consistent copy of everything, by name; gauges that are read on demand are read now.
    func snapshot() -> [(name: String, family: Family)] {
        let all = families.withLock { $0 }
        return all.keys.sorted().compactMap { name in
            guard var family = all[name] else { return nil }
            if let read = family.read { family.values = [[]: read()] }
            return (name, family)
        }
    }

    /// Only goes up.
    package struct Counter: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let name: String

        /// Label values in the order of registration.
        package func add(_ amount: Double = 1, _ labels: String...) {
            precondition(amount >= 0, "a counter only goes up")
            metrics.update(name, labels) { $0 += amount }
        }
    }

    package struct Gauge: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let name: String

        package func set(_ value: Double, _ labels: String...) { metrics.update(name, labels) { $0 = value } }
        package func add(_ amount: Double, _ labels: String...) { metrics.update(name, labels) { $0 += amount } }
    }

    package struct HistogramMetric: Sendable {
        fileprivate let metrics: Metrics
        fileprivate let name: String

        package func observe(_ value: Double, _ labels: String...) { metrics.observe(name, labels, value) }
    }

    package enum Histograms {
        /// From a millisecond to a minute.
        package static let seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    }
}
