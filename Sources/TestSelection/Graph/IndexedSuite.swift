/// A suite's tests in an index of its repository, and which file uses which.
package struct IndexedSuite: Sendable {
    package let index: SourceIndex
    /// Where the tests stand in the index, in the order in which they are known elsewhere.
    package let tests: [Int]
    let graph: SourceGraph

    package init(_ index: SourceIndex, tests: [Int]) {
        self.index = index
        self.tests = tests
        graph = SourceGraph(index)
    }

    init(tests: [(path: String, text: [UInt8])], sources: [(path: String, text: [UInt8])]) {
        self.init(SourceIndex(tests: tests, sources: sources), tests: Array(tests.indices))
    }
}
