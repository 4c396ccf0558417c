import Testing

@testable import Storage

@Suite struct CommitCompanyTests {
    @Test func `who writes alone is never made to wait`() {
        var company = CommitCompany()
        for _ in 0..<100 {
            #expect(company.expected == 1)
            company.held(1)
        }
    }

    @Test func `a burst finds the size its senders make possible and stays there`() {
        var company = CommitCompany()
        company.held(2)
        var sizes: [Int] = []
        // Twelve senders, each waiting for its answer: never more than twelve are there.
        for _ in 0..<200 {
            let came = min(company.expected, 12)
            sizes.append(came)
            company.held(came)
        }
        #expect(sizes.prefix(11) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12])
        #expect(sizes.dropFirst(9).allSatisfy { $0 == 12 })
    }

    @Test func `one more that did not come is not hoped for again soon`() {
        var company = CommitCompany()
        company.held(4)
        #expect(company.expected == 5)
        company.held(4)
        var vain = 0
        for _ in 0..<(CommitCompany.patience * 10) {
            if company.expected > 4 { vain += 1 }
            company.held(4)
        }
        #expect(vain == 9)
    }

    @Test func `when the burst is over the next one alone does not wait`() {
        var company = CommitCompany()
        company.held(30)
        company.held(1)
        #expect(company.expected == 1)
    }
}
