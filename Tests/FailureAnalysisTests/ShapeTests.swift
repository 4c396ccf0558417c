import Testing
import Text

@testable import FailureAnalysis

@Suite struct ShapeTests {
    @Test func `every shape matches its own example through its literals`() throws {
        let table = try ShapeTable.standard()
        for shape in table.shapes {
            let alone = try ShapeTable([shape])
            let index = Array(shape.example.utf8).withUnsafeBufferPointer { alone.shape(of: $0) }
            #expect(index == 0, "\(shape.name) does not match: \(shape.example)")
        }
    }

    @Test func `no earlier shape of another role takes a shape's example away`() throws {
        let table = try ShapeTable.standard()
        for (position, shape) in table.shapes.enumerated() {
            let found = Array(shape.example.utf8).withUnsafeBufferPointer { table.shape(of: $0) }
            let index = try #require(found)
            guard index != position else { continue }
            let winner = table.shapes[index]
            #expect(isAtLeastAsTelling(winner, as: shape), "\(shape.name)'s example is taken by \(winner.name)")
        }
    }

    @Test func `names are unique and the table fits one byte`() throws {
        let names = try ShapeTable.standard().shapes.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count < 255)
    }

    @Test(arguments: [
        "12 examples, 0 failures", "Tests run: 8, Failures: 0, Errors: 0", "no errors found", "Installing error_highlight",
        "ok 3 - error path",
        "gcc -Werror -c a.c", "✓ reports the failure", "PASS  src/error.test.js",
    ])
    func `what only looks like an error is harmless`(line: String) throws {
        let table = try ShapeTable.standard()
        let index = try #require(Array(line.utf8).withUnsafeBufferPointer { table.shape(of: $0) })
        #expect(table.shapes[index].role == .harmless)
    }

    @Test(arguments: BoundaryDialect.all.map(\.name))
    func `every boundary rule matches its own example`(dialect name: String) throws {
        let dialect = try #require(BoundaryDialect.all.first { $0.name == name })
        for rule in dialect.rules {
            let table = try BoundaryTable([BoundaryDialect(name: "one", rules: [rule])])
            let mark = Array(rule.example.utf8).withUnsafeBufferPointer { table.mark(of: $0) }
            #expect(mark == rule.mark, "\(rule.example)")
            let all = try BoundaryTable()
            #expect(Array(rule.example.utf8).withUnsafeBufferPointer { all.mark(of: $0) } == rule.mark, "\(rule.example)")
        }
    }

    private func isAtLeastAsTelling(_ winner: ErrorShape, as shape: ErrorShape) -> Bool {
        func rank(_ role: ErrorShape.Role) -> Int {
            switch role {
            case .cause: 4
            case .detail: 3
            case .summary, .hint, .aftermath: 2
            case .warning: 1
            case .harmless: 0
            }
        }
        return rank(winner.role) >= rank(shape.role)
    }
}
