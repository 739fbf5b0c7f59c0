import Logging

/// A job that waits for a lock, and the session that has it.
struct BlockedJob: Sendable {
    /// The legal entity.
    let legalEntity: String
    /// The job.
    let job: Int64
    /// The run that it is part of.
    let run: Int64
    /// The table in which something is locked, or the kind of lock.
    let waitingFor: String
    /// The process of the session that has the lock.
    let blocker: Int
    /// Whose session that is.
    let blockerUser: String?
    /// What it calls itself.
    let blockerApplication: String?
    /// Since when its transaction has been open, where that can be seen.
    let blockerSince: String?

    /// What tells one wait from another.
    var identifier: String { "\(job) \(blocker) \(blockerSince ?? "")" }

    /// What the log says of it.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "legal_entity": "\(legalEntity)", "job": "\(job)", "run": "\(run)", "waiting_for": "\(waitingFor)",
            "blocker_pid": "\(blocker)",
        ]
        if let blockerUser { metadata["blocker_user"] = "\(blockerUser)" }
        if let blockerApplication { metadata["blocker_application"] = "\(blockerApplication)" }
        if let blockerSince { metadata["blocker_since"] = "\(blockerSince)" }
        return metadata
    }
}
