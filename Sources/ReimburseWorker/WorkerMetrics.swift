import Metrics
import PostgresClient

/// What a worker counts and measures, under the names that dashboards and alerts use.
///
/// No run, job, customer or legal entity is a label: there would be no end of them.
public enum WorkerMetrics {
    /// Every name, and what it is about.
    public static let help = [
        "reimburse_jobs": "Jobs of a queue that have not ended, by state.",
        "reimburse_oldest_ready_seconds": "How long the oldest ready job of a queue has been due.",
        "reimburse_job_duration_seconds": "How long attempts took; jobs that shared a pass each count its time.",
        "reimburse_queue_wait_seconds": "How long jobs had been due when they were claimed.",
        "reimburse_attempts_total": "Attempts that ended, by outcome and class of SQLSTATE.",
        "reimburse_rescues_total": "Lost attempts of any worker that this one found.",
        "reimburse_claims_total": "Jobs that this worker claimed.",
        "reimburse_oldest_transaction_seconds":
            "The age of the oldest transaction that the worker may see; it holds back vacuum.",
        "reimburse_listen_connected": "Whether the worker hears at once of new runs; otherwise it polls.",
        "reimburse_slots": "Slots of this worker, by state.",
    ]

    static func ended(_ job: ClaimedJob, outcome: String, sqlState: SQLState = SQLState("00000"), after time: Duration)
    {
        Counter(
            label: "reimburse_attempts_total",
            dimensions: [
                ("kind", job.kind), ("outcome", outcome), ("sqlstate_class", String(sqlState.errorClass)),
            ]
        ).increment()
        Timer(label: "reimburse_job_duration_seconds", dimensions: [("kind", job.kind), ("outcome", outcome)])
            .recordNanoseconds(Int64(time / .nanoseconds(1)))
    }

    static func claimed(_ passes: [JobPass]) {
        for job in passes.flatMap(\.jobs) {
            Counter(label: "reimburse_claims_total").increment()
            Timer(label: "reimburse_queue_wait_seconds", dimensions: [("kind", job.kind)])
                .recordNanoseconds(Int64(job.waited / .nanoseconds(1)))
        }
    }

    static func rescued(_ jobs: Int) {
        Counter(label: "reimburse_rescues_total").increment(by: jobs)
    }

    static func listening(_ isConnected: Bool) {
        Gauge(label: "reimburse_listen_connected").record(isConnected ? 1 : 0)
    }

    static func slots(busy: Int, idle: Int) {
        Gauge(label: "reimburse_slots", dimensions: [("state", "busy")]).record(busy)
        Gauge(label: "reimburse_slots", dimensions: [("state", "idle")]).record(idle)
    }
}
