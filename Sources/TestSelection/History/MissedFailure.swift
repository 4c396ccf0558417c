/// What a selection left out, kept until whole runs have judged it.
package struct RememberedSelection: Sendable, Hashable, Codable {
    package var commit: String
    package var branch: String
    /// Sessions that were recorded when the choice was made.
    var recorded = 0
    /// Names, as not every unit left out has run yet.
    package var leftOut: [LeftOut]

    package struct LeftOut: Sendable, Hashable, Codable {
        package var unit: TestID
        /// Estimated chance that it fails, in millionths.
        package var chance: Int
        /// What little spoke for it; `nil` where nothing did, and for the least likely of many.
        package var because: String?
    }

    /// Reasons are kept for so many, the likeliest to fail.
    private static let mostReasons = 200
    private static let longestReason = 200

    package init(_ selection: Selection, commit: String, branch: String) {
        self.commit = commit
        self.branch = branch
        let likely = Set(
            selection.rest.sorted { ($1.probability, $0.unit) < ($0.probability, $1.unit) }.prefix(Self.mostReasons).map(\.unit))
        leftOut = selection.rest.map { choice in
            let because = likely.contains(choice.unit) ? choice.reasons.joined(separator: "; ") : ""
            return LeftOut(
                unit: choice.unit, chance: Int((min(1, max(0, choice.probability)) * 1e6).rounded()),
                because: because.isEmpty ? nil : String(because.prefix(Self.longestReason)))
        }
    }
}

/// A test that a selection left out, whose own run was green, and that the next whole run found failing.
package struct MissedFailure: Sendable, Hashable, Codable {
    package var unit: TestID
    /// The commit the selection was for, and the one the whole run tested.
    package var selectedFor: String
    package var foundAt: String
    package var branch: String
    /// The chance that was given to it, in millionths.
    package var chance: Int
    /// What spoke for it when it was left out.
    package var because: String?

    package var percent: Double { Double(chance / 100) / 100 }

    /// A sentence for reports.
    package var reason: String {
        let spoke = because.map { " (\($0))" } ?? ""
        return
            "left out for \(selectedFor.prefix(12)) with a chance of \(percent) %\(spoke), and failing in the whole run of \(foundAt.prefix(12))"
    }
}

extension RunHistory {
    static let selectionsKept = 50
    static let missesKept = 100

    /// Failures that selections missed, oldest first.
    package var misses: [MissedFailure] { allMisses }

    /// Keeps what a selection left out. One of the same commit replaces it.
    package mutating func remember(_ selection: RememberedSelection) {
        var kept = selection
        kept.recorded = recorded
        selections = Array((selections.filter { $0.commit != kept.commit } + [kept]).suffix(Self.selectionsKept))
    }

    /// Looks whether the last session, a whole one, failed where selections since the last green run of that test had left it out.
    mutating func noteMisses() {
        guard let session = sessions.last, session.isWhole else { return }
        for unit in failed(in: session).sorted() {
            let since = lastPass(of: unit)
            for selection in selections where selection.recorded >= since && wasGreen(selection) {
                guard let leftOut = selection.leftOut.first(where: { $0.unit == unit }) else { continue }
                let miss = MissedFailure(
                    unit: unit, selectedFor: selection.commit, foundAt: session.commit, branch: selection.branch, chance: leftOut.chance,
                    because: leftOut.because)
                if !allMisses.contains(where: { $0.unit == unit && $0.selectedFor == miss.selectedFor }) {
                    allMisses = Array((allMisses + [miss]).suffix(Self.missesKept))
                }
            }
        }
    }

    /// How many sessions were recorded up to the last one before this in which the unit ran and passed.
    private func lastPass(of unit: TestID) -> Int {
        let dropped = recorded - sessions.count
        let place = sessions.dropLast().lastIndex { session in
            ran(in: session).contains(unit) && !failed(in: session).contains(unit) && !ranInPart(unit, in: session)
        }
        return place.map { dropped + $0 + 1 } ?? 0
    }

    /// Some of its cases were left out of that run.
    private func ranInPart(_ unit: TestID, in session: Session) -> Bool {
        !session.isWhole && selections.contains { $0.commit == session.commit && $0.leftOut.contains { $0.unit == unit } }
    }

    /// Its own run, when recorded, found nothing: a red one was no miss of the change as a whole.
    private func wasGreen(_ selection: RememberedSelection) -> Bool {
        !sessions.contains { $0.commit == selection.commit && !$0.isWhole && !failed(in: $0).isEmpty }
    }
}
