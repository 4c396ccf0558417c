import Glibc

/// Okapi BM25 of a weighted query against every document. Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework"
struct BM25 {
    private let saturation = 1.2
    /// Lower than the usual .75: a long test file is long because it tests more.
    private let lengthShare = 0.5
    let counts: TestDocuments.Counts

    func inverseFrequency(_ name: String) -> Double {
        let frequency = Double(counts.frequency(name))
        return log(1 + (Double(counts.lengths.count) - frequency + 0.5) / (frequency + 0.5))
    }

    func scores(_ query: [String: Double]) -> [Double] {
        var scores = [Double](repeating: 0, count: counts.lengths.count)
        let mean = counts.meanLength
        for (name, weight) in query.sorted(by: { $0.key < $1.key }) {
            let factor = weight * inverseFrequency(name)
            for posting in counts.postings(of: name) {
                let times = Double(posting.count)
                let document = Int(posting.document)
                let length = 1 - lengthShare + lengthShare * Double(counts.lengths[document]) / mean
                scores[document] += factor * times * (saturation + 1) / (times + saturation * length)
            }
        }
        return scores
    }
}
