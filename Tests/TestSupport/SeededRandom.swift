import Basics
import Synchronization

/// SplitMix64: the same seed gives the same run. Source: prng.di.unimi.it/splitmix64.c
package final class SeededRandom: RandomSource {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) {
        state = Mutex(seed)
    }

    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}

extension SeededRandom {
    /// Uniform in `0 ..< bound`; `bound` is at least 1.
    package func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
