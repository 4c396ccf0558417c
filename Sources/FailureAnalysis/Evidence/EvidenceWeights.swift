internal import Glibc

/// How likely a block is what a person would mark as the cause.
package enum EvidenceWeights {
    /// In the order of `EvidenceFacts.names`.
    static let values: [Double] = [
        -3.816,  // constant
        1.066,  // cause
        -1.540,  // general cause
        -1.106,  // detail
        -0.766,  // hint
        -4.329,  // summary
        0.438,  // warning
        1.446,  // lead-up
        -0.025,  // log causes
        1.314,  // log details
        0.179,  // log hints
        1.599,  // log summaries
        0.364,  // log frames
        0.308,  // log lines
        0.625,  // over 40 lines
        1.363,  // in step
        0.050,  // after step
        -0.032,  // log lines to end
        -0.277,  // within 15 of end
        1.088,  // within 60 of end
        0.210,  // step part
        0.198,  // log lines after step
        0.611,  // repeated
        -0.260,  // log same shape
        0.986,  // first cause
        -0.177,  // last cause
        -0.473,  // log causes in step
        0.375,  // stands alone
        -0.011,  // opens paragraph
        -0.525,  // one-line shape
        0.498,  // entry or section
        -0.259,  // tells class test
        1.405,  // tells class compile or lint
        -0.655,  // tells other class
        0.173,  // no verdict
        -0.313,  // log blocks after
        0.391,  // first of shape
        0.420,  // last of shape
        0.773,  // signal
        -0.456,  // one of few causes
        1.738,  // before step long
    ]

    /// 0...1.
    package static func likelihood(_ facts: EvidenceFacts) -> Double {
        var sum = 0.0
        for (weight, value) in zip(values, facts.values) { sum += weight * value }
        return 1 / (1 + exp(-sum))
    }
}
