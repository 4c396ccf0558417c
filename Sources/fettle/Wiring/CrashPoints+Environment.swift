import Glibc
import Jobs
import Synchronization

extension CrashPoints {
    /// In debug builds `FETTLE_CRASH_AT=effect.sent:3` kills the process when that point is reached for the third time: how the crash
    /// harness meets every moment that matters. Release builds have no such thing.
    static func wanted(_ environment: [String: String]) -> CrashPoints {
        #if DEBUG
            guard let words = environment["FETTLE_CRASH_AT"]?.split(separator: ":"), words.count == 2,
                let point = CrashPoint(rawValue: String(words[0])), let turn = Int(words[1])
            else { return .none }
            let seen = Mutex(0)
            return CrashPoints { reached in
                guard reached == point else { return }
                let isTurn = seen.withLock { seen in
                    seen += 1
                    return seen == turn
                }
                if isTurn { kill(getpid(), SIGKILL) }
            }
        #else
            return .none
        #endif
    }
}
