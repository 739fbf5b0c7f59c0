import PostgresClient

extension Queries {
    /// What is worth knowing about the queues beside the runs' progress, a line each: what is paused, why jobs wait, who
    /// works, who blocks whom, and an old transaction that holds back cleaning up.
    static let watchedLines: SQL = """
        SELECT line FROM (
            SELECT 1 AS part, format('queue %s is paused by %s%s', queue, paused_by, ': ' || pause_reason) AS line
            FROM reimbursement.queues WHERE is_paused
            UNION ALL
            SELECT 2, format('%s jobs wait in queue %s: %s', count(*), queue, replace(why, '_', ' '))
            FROM reimbursement.waiting_jobs WHERE why <> 'locked' GROUP BY queue, why
            UNION ALL
            SELECT 3, format('%s on queue %s, %s of %s slots busy', count(*) || CASE count(*) WHEN 1 THEN ' worker' ELSE ' workers' END,
                queue, least(sum(running), sum(slots)), sum(slots))
            FROM reimbursement.workers GROUP BY queue
            UNION ALL
            SELECT 4, format('job %s of run %s waits for %s, which %s%s (process %s) has locked%s', job_id, run_id, waiting_for,
                blocker_user, ' in ' || nullif(blocker_application, ''), blocker_pid,
                ' since ' || to_char(blocker_since, 'HH24:MI:SS'))
            FROM reimbursement.blocked_jobs
            UNION ALL
            SELECT 5, format('a transaction of %s%s (process %s) is open since %s: %s dead rows in the schema', username,
                ' in ' || nullif(application_name, ''), pid, to_char(since, 'YYYY-MM-DD HH24:MI:SS'), dead_rows)
            FROM reimbursement.oldest_transaction WHERE since < now() - interval '5 minutes'
        ) AS lines
        ORDER BY part, line
        LIMIT 20
        """
}
