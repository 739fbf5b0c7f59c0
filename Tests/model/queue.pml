/* One job of the queue: its claim, its transfer, its rescue, its end, and its cancelling.
 *
 * What is checked, over every order in which two workers, a rescue and a person who cancels can come to act, with
 * workers, backends and answers lost at any point:
 *   - the money moves once at most, and has moved when the job says so and not otherwise;
 *   - a cancel that was asked for before a transfer looked for the last time is obeyed;
 *   - an attempt is ended by the worker that has it, so that what is written of it is true;
 *   - the job ends, when whatever dies stops dying.
 * The statements of one transaction that no other session can come between are one atomic step. Names are those of the
 * SQL: claim_jobs, execute_job, fail_job, rescue_jobs, cancel_run; attempt and the row lock.
 *
 * Left out on purpose, each of these makes the check fail (Tests/model/run):
 *   WITHOUT_FENCE        a transfer does not compare the attempt
 *   WITHOUT_ROW_LOCK     a transfer does not keep the job's row locked
 *   WITHOUT_SECOND_LOOK  a transfer does not look for a cancel before it completes
 */

#define WORKERS 2
#define LOSSES 3 /* how much may die: workers, backends, answers */
#define NOBODY 0

mtype = { ready, running, completed, cancelled };

/* The job's row. lock: the session that has it locked. */
mtype state = ready;
byte attempt = 0;
byte lock = NOBODY;

/* A row of cancel_requests: only ever inserted. */
bool cancel_asked = false;

/* The books: how often the customer was paid, by transactions that committed. */
byte paid = 0;

byte losses = 0;
/* The worker that is alive with the claim and has not begun, or is still in it. Nobody reads it but who counts losses. */
byte holder = NOBODY;
bool asked_in_time[WORKERS + 1];

#define ended (state == completed || state == cancelled)
#define may_lose (losses < LOSSES)

/* T3, fail_job: fenced by the attempt, waits for the row. What it finds ended stays. */
inline fail_job(me, mine)
{
    atomic {
        lock == NOBODY ->
        if
        :: attempt == mine && state == running && cancel_asked -> state = cancelled
        :: attempt == mine && state == running && !cancel_asked -> state = ready
        :: else
        fi
    }
}

proctype worker(byte me)
{
    byte mine;
    bool answered;

    do
    :: atomic { ended -> break }

    /* T1, claim_jobs: durable before anything runs. A row that is locked is skipped. */
    :: atomic {
        state == ready && lock == NOBODY ->
        state = running;
        attempt++;
        mine = attempt;
        holder = me
    }
    if
    /* The worker is killed between T1 and T2; another takes its place, which knows nothing. */
    :: atomic { may_lose -> losses++; holder = NOBODY }
    :: true ->
        /* T2, execute_job: the row locked by id, attempt and state; somebody else's is RB019. */
        if
        :: atomic {
#ifdef WITHOUT_FENCE
            lock == NOBODY && state == running ->
#else
            lock == NOBODY && state == running && attempt == mine ->
#endif
#ifndef WITHOUT_ROW_LOCK
            lock = me;
#endif
            asked_in_time[me] = cancel_asked
        }
            if
            /* The backend is killed in the middle: all of it is rolled back, and the row is free. */
            :: atomic {
                may_lose ->
                losses++;
                holder = NOBODY;
                if
                :: lock == me -> lock = NOBODY
                :: else
                fi
            }
            :: atomic { true -> asked_in_time[me] = cancel_asked };
#ifdef WITHOUT_SECOND_LOOK
                if
                :: true ->
#else
                if
                :: atomic {
                    cancel_asked ->
                    if
                    :: lock == me -> lock = NOBODY
                    :: else
                    fi
                };
                    fail_job(me, mine)
                :: !cancel_asked ->
#endif
                    /* COMMIT: the money and the job's end, or neither. */
                    atomic {
                        paid++;
                        assert(!asked_in_time[me]);
                        assert(attempt == mine);
                        state = completed;
                        if
                        :: lock == me -> lock = NOBODY
                        :: else
                        fi;
                        answered = true
                    };
                    if
                    /* The answer is lost: the worker does not know, and asks as if it had failed. */
                    :: atomic { may_lose -> losses++ };
                        fail_job(me, mine)
                    :: true
                    fi
                fi
            fi
        :: atomic { lock == NOBODY && !(state == running && attempt == mine) -> skip }
        fi
    fi
    od
}

/* rescue_jobs: a running job whose row can be locked has no live transfer. Whoever has claimed it and not begun, and
 * takes longer than the grace, loses it too, and counts as lost. */
active proctype rescue()
{
    do
    :: atomic { ended -> break }
    :: atomic {
        state == running && lock == NOBODY && (holder == NOBODY || may_lose) ->
        if
        :: holder == NOBODY
        :: else -> losses++; holder = NOBODY
        fi;
        if
        :: cancel_asked -> state = cancelled
        :: else -> state = ready
        fi
    }
    od
}

/* cancel_run: writes the request; a job that nobody has is cancelled at once. */
active proctype person()
{
    if
    :: true
    :: atomic {
        true ->
        cancel_asked = true;
        if
        :: state == ready && lock == NOBODY -> state = cancelled
        :: else
        fi
    }
    fi
}

init {
    byte w = 1;
    do
    :: w <= WORKERS -> run worker(w); w++
    :: else -> break
    od
}

/* Paid once at most; and paid if and only if the job says so. */
ltl once { [] (paid <= 1 && (state == completed -> paid == 1) && (paid == 1 -> state == completed)) }

/* The job ends. */
ltl ends { <> ended }
