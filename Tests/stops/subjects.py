"""What is stopped: each a transaction, on books that its preparation has made.

A preparation is a statement of SQL (functions of Tests/sql/fixtures and of books.sql) or several; {jobs} in a
transaction are the jobs that run then, as the functions of the queue take them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A transaction that is stopped at each of its statements."""

    name: str
    preparation: str
    transaction: str
    # Whether the same transaction, sent once more after it has committed, must change nothing.
    is_once: bool = True
    # Whether a crash of the server before it makes no difference to what it does. Else it is not stopped by SIGKILL.
    is_same_after_crash: bool = True
    # Whether the jobs wait and run since an hour ago; else since just now.
    is_old: bool = True


EXECUTE = "select reimbursement.execute_jobs({jobs})"

COMPANIES = "select stops.companies();"
REIMBURSED = COMPANIES + "select stops.reimburse();"
PAID = REIMBURSED + "select test.pay();"
PAYMENT = "select reimbursement.enqueue_vendor_payment('US01', payment_date => '2025-07-15', pay_per => 'vendor');"
PAYMENT_REVERSAL = """select reimbursement.enqueue_payment_reversal('US01', reason => 'it bounced',
    payment_numbers => array['PAY-00000001', 'PAY-00000003'], posting_date => '2025-07-20',
    not_sent => true);"""
REVERSAL = """select reimbursement.enqueue_reversal('US01', reason => 'it was a mistake',
    run_id => (select min(run_id) from reimbursement.run_requests), posting_date => '2025-07-31');"""
BEGIN = "select stops.begin();"
SMALL_RUNS = "select stops.enqueue(c) from unnest('{ANN,BOB,CAT,DAN,EVE,FAY,LOW}'::text[]) as c;"
BATCHES = "select stops.enqueue(batches => 3);"
NEED_APPROVAL = "select stops.need_approval();"
FAIL = """select reimbursement.fail_job(legal_entity_id, job_id, attempt, %s)
    from reimbursement.jobs where state = 'running'"""
SERIALIZATION = "'failed', '40001', 'could not serialize access'"
CLOSED = "'failed', 'RB004', 'the period is closed'"
LOST = "'lost', '08006', 'the connection is gone'"
LAST_RUN = "(select max(run_id) from reimbursement.run_requests)"

TRANSFERS = [
    Subject("reimbursement", COMPANIES + "select stops.enqueue();" + BEGIN, EXECUTE),
    Subject("vendor payment", REIMBURSED + PAYMENT + BEGIN, EXECUTE),
    Subject("payment reversal", PAID + PAYMENT_REVERSAL + BEGIN, EXECUTE),
    Subject("reversal", REIMBURSED + REVERSAL + BEGIN, EXECUTE),
    Subject("many small runs", COMPANIES + SMALL_RUNS + BEGIN, EXECUTE),
    Subject(
        "approved payment",
        REIMBURSED + NEED_APPROVAL + PAYMENT + "select stops.approve();" + BEGIN,
        EXECUTE,
    ),
    Subject(
        "transfer of a cancelled run",
        COMPANIES + "select stops.enqueue();" + BEGIN + f"select reimbursement.cancel_run({LAST_RUN});",
        FAIL % "'failed', 'RB072', 'the run is cancelled'",
    ),
]

QUEUE = [
    Subject(
        "claim",
        COMPANIES + SMALL_RUNS + "select stops.enqueue(batches => 2, legal_entity_id => 'US02');",
        "select * from reimbursement.claim_passes('first', 3, 10)",
        is_once=False,
    ),
    Subject(
        "claim of a suspect",
        COMPANIES + "select stops.enqueue();" + BEGIN + (FAIL % LOST) + ";" + BEGIN + (FAIL % LOST)
        + "; update reimbursement.jobs set run_at = now() where state = 'ready';",
        "select * from reimbursement.claim_passes('first', 3, 10)",
        is_once=False,
    ),
    Subject("begin", COMPANIES + SMALL_RUNS + "select reimbursement.claim_passes('first', 1, 10);",
            "select reimbursement.begin_jobs({jobs})"),
    Subject("failure, to be tried again", COMPANIES + BATCHES + BEGIN, FAIL % SERIALIZATION),
    Subject("failure for good", COMPANIES + BATCHES + BEGIN, FAIL % CLOSED),
    Subject("loss", COMPANIES + SMALL_RUNS + BEGIN, FAIL % LOST, is_same_after_crash=False, is_old=False),
    Subject("loss in a crash", COMPANIES + SMALL_RUNS + BEGIN, FAIL % LOST),
    Subject(
        "rescue",
        COMPANIES + SMALL_RUNS + BEGIN + BATCHES + "select reimbursement.claim_passes('second', 2, 10);",
        "select * from reimbursement.rescue_jobs('0 seconds')",
    ),
    Subject("first sight of a loss", COMPANIES + SMALL_RUNS + BEGIN, "select * from reimbursement.rescue_jobs()",
            is_once=False),
    Subject(
        "rescue of jobs that have not begun",
        COMPANIES + "select reimbursement.report_worker('first', 'default', 4, '1 second', '1', '{}');"
        + SMALL_RUNS + "select reimbursement.claim_passes('first', 1, 10);",
        "select * from reimbursement.rescue_jobs('0 seconds')",
    ),
    Subject("release", COMPANIES + SMALL_RUNS + BEGIN, "select reimbursement.release_jobs({jobs})"),
    Subject("cancel", COMPANIES + BATCHES + BEGIN, f"select reimbursement.cancel_run({LAST_RUN}, 'a mistake')"),
    Subject("retry", COMPANIES + BATCHES + "select stops.begin(2);" + (FAIL % CLOSED) + ";",
            f"select reimbursement.retry_run({LAST_RUN})"),
    Subject(
        "enqueueing",
        COMPANIES,
        """select reimbursement.enqueue_reimbursement('US01', posting_date => '2025-06-30', batches => 3,
            idempotency_key => 'june')""",
    ),
    Subject(
        "approval",
        REIMBURSED + NEED_APPROVAL + PAYMENT,
        "select stops.approve()",
    ),
    Subject(
        "report of a worker that has lost a claim",
        COMPANIES + SMALL_RUNS + "select reimbursement.claim_passes('first', 1, 10);",
        "select reimbursement.report_worker('first', 'default', 4, '1 second', '1', '{}')",
    ),
]

SUBJECTS = TRANSFERS + QUEUE

# What the stops have to find a violation in: see mistakes.sql.
RUNNING = COMPANIES + BATCHES + BEGIN
MISTAKES = [
    Subject("a part that commits by itself", RUNNING, "select stops.commit_apart()"),
    Subject("an error that is swallowed", RUNNING, "select stops.swallow_errors()"),
    Subject("a lock that outlives an error", RUNNING, "select stops.keep_locked()"),
    Subject(
        "a commit that is not durable",
        RUNNING,
        f"set local synchronous_commit = off \\; select reimbursement.cancel_run({LAST_RUN})",
    ),
    Subject(
        "what is done twice when it is sent twice",
        COMPANIES,
        "select reimbursement.enqueue_reimbursement('US01', posting_date => '2025-06-30')",
    ),
]
