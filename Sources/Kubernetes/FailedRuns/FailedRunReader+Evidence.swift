import Basics

extension FailedRunReader {
    /// The failing container's log; what keeps it from being read becomes a gap.
    func addLog(
        of pod: Pod, _ name: ObjectName, _ namespace: ObjectName, container wanted: String?, to account: inout RunAccount
    ) async {
        let diagnosis = PodDiagnosis(pod, container: wanted)
        guard let container = wanted ?? diagnosis?.container ?? Self.onlyContainer(of: pod) else {
            account.gaps.append("no container of the pod has ended badly, so no log was read")
            return
        }
        // Nothing ran in it yet.
        if let cause = diagnosis?.cause, cause == .imagePull || cause == .containerConfiguration || cause == .unschedulable {
            account.gaps.append("container \(container) never started, so it has no log")
            return
        }
        do throws(ClusterError) {
            account.log = try await log(container, name, namespace, previous: diagnosis?.readsPrevious == true)
        } catch {
            account.gaps.append(Self.gap("the log of container \(container)", error))
        }
    }

    private static func onlyContainer(of pod: Pod) -> String? {
        let names = pod.spec?.containers?.map(\.name) ?? []
        return names.count == 1 ? names.first : nil
    }

    /// The whole log where it fits, else its end: that is where causes stand. The cluster cuts an answer at its end, so fewer lines are
    /// asked for until the answer is whole.
    func log(
        _ container: String, _ pod: ObjectName, _ namespace: ObjectName, previous: Bool
    ) async throws(ClusterError) -> ContainerLog {
        var range = LogRange(bytes: limits.logBytes, previous: previous)
        let beginning = try await cluster.log(of: container, in: pod, namespace: namespace, range)
        if beginning.count < limits.logBytes {
            return ContainerLog(container: container, bytes: beginning, extent: .whole, isPrevious: previous)
        }
        var lines = limits.tailLines
        while lines >= 1 {
            range.lines = lines
            let tail = try await cluster.log(of: container, in: pod, namespace: namespace, range)
            if tail.count < limits.logBytes {
                return ContainerLog(container: container, bytes: tail, extent: .lastLines(lines), isPrevious: previous)
            }
            lines /= 8
        }
        return ContainerLog(container: container, bytes: beginning, extent: .beginning, isPrevious: previous)
    }

    /// The newest warnings.
    func addEvents(about objects: [(kind: String, name: ObjectName)], _ namespace: ObjectName, to account: inout RunAccount) async {
        var warnings: [ClusterEvent] = []
        for object in objects {
            do throws(ClusterError) {
                warnings += try await cluster.events(about: object.kind, object.name, in: namespace).filter(\.isWarning)
            } catch {
                account.gaps.append(Self.gap("the events of \(object.kind.lowercased())", error))
            }
        }
        account.events = Array(warnings.suffix(limits.events))
    }

    /// Some causes stand in events only, e.g. a Secret that a volume needs.
    func settleByEvents(_ account: inout RunAccount) {
        guard account.outcome == .failed(.unknown) || account.outcome == .failed(.podNotCreated) else { return }
        for event in account.events.reversed() {
            let message = event.message?.raw ?? ""
            if RunCause.namesMissingAccount(message) {
                account.outcome = .failed(.missingServiceAccount)
            } else if event.reason == "FailedMount" {
                account.outcome = .failed(.containerConfiguration)
            } else if event.reason == "FailedScheduling" {
                account.outcome = .failed(.unschedulable)
            } else if message.contains("Failed to pull image") {
                account.outcome = .failed(.imagePull)
            } else {
                continue
            }
            return
        }
    }

    private static func gap(_ what: String, _ error: ClusterError) -> String {
        switch error {
        case .notFound: "\(what): it is gone"
        case .forbidden(_, let reason): "\(what): not allowed" + (reason.isEmpty ? "" : ": \(reason)")
        case .refused(_, let reason): "\(what): \(reason)"
        default: "\(what): \(error)"
        }
    }
}
