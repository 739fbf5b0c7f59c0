import Dispatch

/// A serial executor that runs an actor on a dispatch queue of its own.
///
/// libpq's blocking calls (connecting, above all) then block this one queue and no thread of Swift's shared pool,
/// and the handlers of the dispatch sources on the same queue may enter the actor by `assumeIsolated`.
final class DispatchQueueExecutor: SerialExecutor {
    /// The queue on which everything runs.
    let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
