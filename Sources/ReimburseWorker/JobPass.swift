import Logging

/// Jobs of one legal entity and kind that are carried out together, in one transaction: one, or several small ones.
struct JobPass: Hashable, Sendable {
    /// The jobs, at least one.
    var jobs: [ClaimedJob]

    /// The legal entity whose books they change.
    var legalEntity: String { jobs[0].legalEntity }
    /// The jobs' identifiers, in their order.
    var jobIdentifiers: [Int64] { jobs.map(\.job) }
    /// The jobs' attempts, in their order.
    var attempts: [Int] { jobs.map(\.attempt) }

    /// How long it may take; jobs with a timeout share no pass.
    var timeout: Duration? { jobs[0].timeout }

    /// What a log says about the pass as a whole.
    var metadata: Logger.Metadata {
        jobs.count == 1
            ? jobs[0].metadata
            : ["legal_entity": "\(legalEntity)", "jobs": "\(jobs.count)", "kind": "\(jobs[0].kind)"]
    }
}
