/// Where a CI server says that something begins, ends or fails.
package enum BoundaryMark: UInt8, Sendable, Hashable {
    case none
    /// A command or step begins: `$ make`, `##[group]Run make`, `+ make`.
    case commandStart
    /// A command ended, well or not: Travis `travis_time:end`.
    case commandEnd
    /// A command ended with a non-zero status: the cause stands above.
    case commandFailed
    /// The whole job failed; said once, near the end.
    case jobFailed
    /// Stopped from outside: time limit, no output, cancelled, runner lost.
    case stopped
    /// A fold begins that holds no command.
    case foldStart
    case foldEnd
    /// Names the job: `Complete job name: build`.
    case jobName
    /// Clean-up after a failure, or an artefact step: nothing below explains the failure.
    case aftermath
}
