/// Goes on wherever it was resumed: for tasks whose every step takes microseconds, so that no thread is woken for one.
final class InPlaceExecutor: TaskExecutor {
    static let shared = InPlaceExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
