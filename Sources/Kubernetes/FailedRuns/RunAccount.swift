package import Basics

/// What is known about a failed run, and what could not be learnt. Nothing in it is guessed.
package struct RunAccount: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case failed(RunCause)
        /// Somebody or something stopped it: says nothing about the code.
        case cancelled
        /// Nothing of it has failed, as far as the cluster knows; with the reason.
        case notFailed(String)
    }

    package let reference: RunReference
    package var outcome: Outcome
    /// The uid of the task run, pipeline run or pod that failed: never used for another.
    package var uid: String?
    package var pipeline: String?
    package var task: String?
    package var step: String?
    /// Of the failing step or container.
    package var exitCode: Int?
    /// What the cluster says, each one line, the most telling first.
    package var statements: [UntrustedText] = []
    package var log: ContainerLog?
    /// Warnings, oldest first.
    package var events: [ClusterEvent] = []
    /// What could not be read and why; in our own words.
    package var gaps: [String] = []
    package var source = RunSource()
    /// Names the cluster made up for this one run, with what stands for them.
    package var generatedNames: [String: String] = [:]
    /// Job names of the run's tasks that went well.
    package var succeededTasks: [String] = []
    /// When the run was made, as the cluster writes it.
    package var createdAt: String?

    package init(reference: RunReference, outcome: Outcome) {
        self.reference = reference
        self.outcome = outcome
    }

    /// The same for every run of this pipeline and task, e.g. `build / unit-tests`.
    package var jobName: String { Self.jobName(pipeline: pipeline, task: task) ?? "\(reference)" }

    static func jobName(pipeline: String?, task: String?) -> String? {
        let parts = [pipeline, task].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " / ")
    }
}

/// A container's log, and how much of it this is.
package struct ContainerLog: Sendable, Hashable {
    package enum Extent: Sendable, Hashable {
        case whole
        /// So many last lines of a longer log.
        case lastLines(Int)
        /// The first bytes only: the end could not be had.
        case beginning
    }

    package let container: String
    package let bytes: [UInt8]
    package let extent: Extent
    /// Of the life before the last restart.
    package let isPrevious: Bool
}
