/// A recorded history as a table: `cycle,test,duration,failed` with a header line, cycles in time order.
///
/// Columns may come in any order and be separated by commas or semicolons; quotes as in RFC 4180.
package struct HistoryCSV: Sendable {
    package var cycles: [Cycle]

    package struct Cycle: Sendable {
        package var id: String
        /// In the file's order; a row's place here is what an order refers to.
        package var rows: [TestResult]
    }

    package struct Malformed: Error, Sendable, CustomStringConvertible {
        package var line: Int
        package var reason: String
        package var description: String { "line \(line): \(reason)" }
    }

    package init(parsing bytes: [UInt8]) throws(Malformed) {
        var table = CSVTable(bytes)
        guard let header = table.next() else { throw Malformed(line: 1, reason: "the file is empty") }
        let columns = try Columns(header.map { $0.lowercased() })
        var places: [String: Int] = [:]
        cycles = []
        while let fields = table.next() {
            if fields.count == 1, fields[0].isEmpty { continue }
            let (cycle, result) = try columns.read(fields, line: table.line)
            if let place = places[cycle] {
                cycles[place].rows.append(result)
            } else {
                places[cycle] = cycles.count
                cycles.append(Cycle(id: cycle, rows: [result]))
            }
        }
    }

    private struct Columns {
        let cycle: Int
        let test: Int
        let duration: Int
        let failed: Int

        init(_ header: [String]) throws(Malformed) {
            func place(_ name: String) throws(Malformed) -> Int {
                guard let index = header.firstIndex(of: name) else { throw Malformed(line: 1, reason: "there is no column '\(name)'") }
                return index
            }
            cycle = try place("cycle")
            test = try place("test")
            duration = try place("duration")
            failed = try place("failed")
        }

        func read(_ fields: [String], line: Int) throws(Malformed) -> (String, TestResult) {
            guard fields.count > max(cycle, test, duration, failed) else { throw Malformed(line: line, reason: "too few fields") }
            guard let time = Double(fields[duration]), time.isFinite else {
                throw Malformed(line: line, reason: "the duration '\(fields[duration].prefix(40))' is no number")
            }
            guard let verdict = Double(fields[failed]) else {
                throw Malformed(line: line, reason: "failed is '\(fields[failed].prefix(40))'; it is 0 or 1")
            }
            return (fields[cycle], TestResult(test: TestID(fields[test]), failed: verdict > 0, duration: max(0, time)))
        }
    }
}

/// Splits a CSV file into fields, one record at a time. Source: RFC 4180
private struct CSVTable {
    private let bytes: [UInt8]
    private var place = 0
    private let separator: UInt8
    /// Of the record read last, counted from 1.
    private(set) var line = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let header = self.bytes.prefix { $0 != 10 }
        separator = header.count { $0 == 59 } > header.count { $0 == 44 } ? 59 : 44
    }

    mutating func next() -> [String]? {
        guard place < bytes.count else { return nil }
        line += 1
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if quoted {
                if byte != 34 {
                    field.append(byte)
                } else if place < bytes.count, bytes[place] == 34 {
                    field.append(34)
                    place += 1
                } else {
                    quoted = false
                }
            } else if byte == 34, field.isEmpty {
                quoted = true
            } else if byte == separator {
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            } else if byte == 10 {
                break
            } else if byte != 13 {
                field.append(byte)
            }
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return fields
    }
}
