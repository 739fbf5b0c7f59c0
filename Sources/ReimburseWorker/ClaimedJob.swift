import Logging

/// An attempt at a job that this worker has claimed.
struct ClaimedJob: Hashable, Sendable {
    /// The legal entity whose books the job changes.
    let legalEntity: String
    /// The job.
    let job: Int64
    /// The run that the job is a batch of.
    let run: Int64
    /// Which attempt this is: the fence, as a statement with the number of an attempt that is over does nothing.
    let attempt: Int
    /// What kind of run it is.
    let kind: String
    /// How long it had been due when it was claimed.
    let waited: Duration
    /// How long the attempt may take; `nil`: as long as it takes.
    let timeout: Duration?

    /// What a log says about the job in every line.
    var metadata: Logger.Metadata {
        [
            "legal_entity": "\(legalEntity)", "run": "\(run)", "job": "\(job)", "attempt": "\(attempt)",
            "kind": "\(kind)",
        ]
    }
}

/// An attempt that nobody carried out any more when it was found.
struct RescuedJob: Hashable, Sendable {
    /// The legal entity whose books the job changes.
    let legalEntity: String
    /// The job.
    let job: Int64
    /// The run that the job is a batch of.
    let run: Int64
    /// The attempt that was lost.
    let attempt: Int
    /// What the job is now: ready for another attempt, or failed.
    let state: String

    /// What a log says about the job.
    var metadata: Logger.Metadata {
        [
            "legal_entity": "\(legalEntity)", "run": "\(run)", "job": "\(job)", "attempt": "\(attempt)",
            "state": "\(state)",
        ]
    }
}
