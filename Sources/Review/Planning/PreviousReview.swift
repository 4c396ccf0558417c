/// What earlier runs on the same pull request left behind.
package struct PreviousReview: Sendable, Hashable, Codable {
    /// Findings whose comments stand on the forge.
    package var posted: Set<Fingerprint>
    /// Findings that somebody does not want to hear of again.
    package var dismissed: Set<Fingerprint>

    /// What the database remembers beyond fingerprints: the second look, for findings said in other words.
    package var remembered: [RememberedFinding]

    package init(posted: Set<Fingerprint> = [], dismissed: Set<Fingerprint> = [], remembered: [RememberedFinding] = []) {
        self.posted = posted
        self.dismissed = dismissed
        self.remembered = remembered
    }

    /// What is known of a finding by itself: by fingerprint first, then by resemblance.
    package func state(of placement: Placement, in change: Change) -> RememberedFinding.State? {
        recognised([placement], in: change).first?.state
    }

    /// What is known of each of one run's findings. One remembered finding stands for one finding of the run: two that resemble it are two.
    package func recognised(_ placements: [Placement], in change: Change) -> [Recognised] {
        var left = known
        var result = placements.map { placement -> Recognised in
            guard let index = left.firstIndex(where: { $0.fingerprint == placement.fingerprint }) else { return Recognised() }
            let known = left.remove(at: index)
            return Recognised(state: known.state, fingerprint: known.fingerprint)
        }
        // Findings that were told apart by their marks first; then the most alike.
        for index in placements.indices where result[index].state == nil {
            let alike = left.indices.filter { left[$0].resembles(placements[index], in: change) }
            let best = alike.max { left[$0].likeness(to: placements[index]) < left[$1].likeness(to: placements[index]) }
            guard let best else { continue }
            let known = left.remove(at: best)
            result[index] = Recognised(state: known.state, fingerprint: known.fingerprint)
        }
        return result
    }

    /// One entry a fingerprint; of several the one that says most.
    private var known: [RememberedFinding] {
        var entries: [Fingerprint: RememberedFinding] = [:]
        for finding in remembered {
            if let other = entries[finding.fingerprint], other.state.weight >= finding.state.weight { continue }
            entries[finding.fingerprint] = finding
        }
        for fingerprint in posted where entries[fingerprint] == nil {
            entries[fingerprint] = RememberedFinding(fingerprint: fingerprint, path: "", state: .posted)
        }
        for fingerprint in dismissed where entries[fingerprint]?.state != .dismissed {
            var entry = entries[fingerprint] ?? RememberedFinding(fingerprint: fingerprint, path: "", state: .dismissed)
            entry.state = .dismissed
            entries[fingerprint] = entry
        }
        return entries.values.sorted { $0.fingerprint.text < $1.fingerprint.text }
    }

    /// What became of a finding of this run.
    package struct Recognised: Sendable, Hashable {
        package var state: RememberedFinding.State?
        /// Of the remembered finding; not always the run's own.
        package var fingerprint: Fingerprint?
    }
}
