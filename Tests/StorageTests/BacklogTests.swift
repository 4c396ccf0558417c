import Testing

@testable import Storage

@Suite struct BacklogTests {
    @Test func `what goes in comes out in order, and is let go of while more keeps coming`() {
        var backlog = Backlog<Int>()
        var next = 0
        for number in 0..<10_000 {
            backlog.append(number)
            // Always 500 waiting, as under a burst that does not end.
            if number >= 500 {
                let taken = backlog.popFirst()
                #expect(taken == next)
                next += 1
            }
            #expect(backlog.capacityInUse <= 1200)
        }
        let rest = backlog.removeAll()
        #expect(rest == Array(next..<10_000))
        #expect(backlog.isEmpty)
        let nothing = backlog.popFirst()
        #expect(nothing == nil)
    }
}
