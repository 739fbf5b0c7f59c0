"""Stops each transaction of subjects.py at its statements, and compares all tables with what they were and will be.

Tests/stops/run [--short | --mistakes] [--only NAME]... calls it, on a server of its own.

Each is stopped by an ERROR, after which its session goes on; by a FATAL, which ends it; and by a SIGKILL, which crashes
the server. What follows is the same: up to the record of its commit every row of every table is exactly as
before, times included; beyond it all is completed, and sending the transaction once more changes nothing. Then it is
sent again without a stop, and has to come to what an undisturbed one came to, in every column but times; that one's
books are right. So nothing happened twice, nothing was lost, and nothing was left that makes it wait.

Prints the boundaries and the stops, and exits 1 at the first violation, with the rows that differ.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from subjects import MISTAKES, SUBJECTS, Subject

HERE = Path(__file__).parent
TOP = HERE.parent.parent
STOP_AT = os.environ["STOP_AT"]
UNCOUNTED, AFTER_COMMIT, ALL = 0, -1, 2147483647
DATABASE = "stopped"
# In new sessions, a transaction is sent again after so many stops: the rows were found as before, byte by byte.
AGAIN = 10
# Much depends on whether something is some seconds old.
GROWN_OLD = """
    update reimbursement.jobs
    set run_at = run_at - interval '1 hour', claimed_at = claimed_at - interval '1 hour',
        begun_at = begun_at - interval '1 hour'
    where state in ('ready', 'running');
    update reimbursement.connected_workers set seen_at = seen_at - interval '1 hour';
"""
# Which boundaries are stopped at: each, or each so many, beginning elsewhere for each subject; always the last.
FULL = {"error": 1, "fatal": 1, "kill": 5}
SHORT = {"error": 20, "fatal": 100, "kill": 300}


class Violation(Exception):
    """What a stop left behind is neither the one nor the other."""


def psql(database: str, script: str, is_strict: bool = True) -> subprocess.CompletedProcess:
    """Runs a script in a session of its own; one that does not end within two minutes hangs."""
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", database]
    if is_strict:
        command += ["--set", "ON_ERROR_STOP=1"]
    try:
        result = subprocess.run(command, input=script, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise Violation(f"a session hangs that was sent\n{script}")
    if is_strict and result.returncode != 0:
        raise SystemExit(f"stops: {result.stderr}\nin {database}, sent\n{script}")
    return result


def copy(source: str, target: str) -> None:
    psql("postgres", f"drop database if exists {target}; create database {target} template {source}")


def wait_for_recovery() -> None:
    """Waits until the server that a SIGKILL has crashed takes sessions again."""
    until = time.monotonic() + 60
    while psql("postgres", "select 1", is_strict=False).returncode != 0:
        if time.monotonic() > until:
            raise SystemExit("stops: the server does not come back")
        time.sleep(0.02)


class Stops:
    """The stops of one subject, in one database: what completes it, a SIGKILL at the last boundary, comes last."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        copy("prepared", DATABASE)
        psql(DATABASE, f"""
            {subject.preparation};
            {GROWN_OLD if subject.is_old else ''}
            delete from reimbursement.claim_bounds;
            select stops.keep_sequences(); select stops.keep('before');
            """)
        jobs = psql(DATABASE, "select stops.running()").stdout.strip()
        self.statements = subject.transaction.replace("{jobs}", jobs)
        # As the worker sends it: one message.
        self.message = (
            "begin isolation level read committed read write \\; set local synchronous_commit = on \\; "
            f"{self.statements} \\; commit;\n"
        )
        copy(DATABASE, "undisturbed")
        script = f"load '{STOP_AT}'; set stop_at.boundary = {ALL}; {self.message} show stop_at.passed;"
        self.boundaries = int(psql("undisturbed", script).stdout.split()[-1])
        wrong = psql("undisturbed", "select c from reimbursement.check_books() as c").stdout
        if wrong:
            raise Violation(f"the books of an undisturbed {subject.name} are wrong:\n{wrong}")
        psql("undisturbed", "select stops.keep('completed')")
        kept = psql("undisturbed", "copy (select * from stops.kept where moment = 'completed') to stdout").stdout
        psql(DATABASE, f"copy stops.kept from stdin;\n{kept}\\.\n")
        if not psql(DATABASE, "select stops.differences('completed') limit 1").stdout.strip():
            raise SystemExit(f"stops: {subject.name} does nothing")

    def arm(self, boundary: int, action: str) -> str:
        return (
            "select stops.set_sequences() \\g /dev/null\n"
            f"set stop_at.action = {action}; set stop_at.boundary = {boundary};\n"
            f"{self.message}rollback;\nset stop_at.boundary = {UNCOUNTED};\n"
        )

    def compare(self, moment: str) -> str:
        return (
            f"select '{moment}: ' || d from stops.differences('{moment}') as d;\n"
            f"select '{moment}: + a lock that is held still' from pg_locks where locktype = 'advisory';\n"
            f"select 'compared {moment}';\n"
        )

    def judge(self, is_completed: bool, is_sent_again: bool = True) -> str:
        """What is asked after a stop: the rows, and what the same transaction comes to now."""
        if is_completed:
            script = self.compare("completed")
            if self.subject.is_once:
                script += self.message + "rollback;\n" + self.compare("completed")
            return script
        if not is_sent_again:
            return self.compare("before")
        return self.compare("before") + (
            "select stops.set_sequences() \\g /dev/null\n"
            "begin; set local lock_timeout = '10s';\n"
            f"{self.statements};\nset constraints all immediate;\n"
            f"{self.compare('completed')}rollback;\n"
        )

    def check(self, where: str, judged: str, is_completed: bool, is_sent_again: bool = True) -> None:
        lines = judged.splitlines()
        expected = ["compared completed"] * (1 + self.subject.is_once) if is_completed else ["compared before"]
        if not is_completed and is_sent_again:
            expected.append("compared completed")
        differences = [line for line in lines if line.startswith(("before: ", "completed: "))]
        compared = [line for line in lines if line in ("compared before", "compared completed")]
        if differences or compared != expected:
            raise Violation(
                f"{self.subject.name}, {where}: not "
                + ("completed\n" if is_completed else "as before, or not completed when it was sent again\n")
                + "\n".join(differences or ["it could not be sent again: " + " ".join(compared)])
            )

    def warm_up(self) -> str:
        """Has a session plan everything: planning carries out functions too, which are boundaries the first time."""
        once = f"begin;\n{self.statements};\nset constraints all immediate;\nrollback;\n"
        return once * 6 + "select stops.set_sequences() \\g /dev/null\n"

    def boundaries_when_warm(self) -> int:
        count = (
            f"set stop_at.boundary = {ALL};\n{self.message.replace('commit;', 'rollback;')}\\echo passed\n"
            "show stop_at.passed; set stop_at.boundary = 0;\n"
        )
        lines = psql(DATABASE, f"load '{STOP_AT}';\n{count}{self.warm_up()}{count}").stdout.splitlines()
        cold, warm = [int(lines[i + 1]) for i, line in enumerate(lines) if line == "passed"]
        return self.boundaries - cold + warm

    def stop_by_error(self, boundaries: list[int]) -> int:
        """All in one session, which goes on after each, as a worker's does."""
        script = f"load '{STOP_AT}';\n{self.warm_up()}" + "".join(
            f"\\echo @{n}\n{self.arm(n, 'error')}{self.judge(False)}" for n in boundaries
        )
        result = psql(DATABASE, script, is_strict=False)
        answers = result.stdout.split("@")[1:]
        for n, answer in zip(boundaries, answers, strict=True):
            try:
                self.check(f"by ERROR at {n} of {self.boundaries}", answer.split("\n", 1)[1], False)
            except Violation as violation:
                raise Violation(f"{violation}\n{self.errors_near(result.stderr, n)}")
        self.check_reached(result.stderr, boundaries)
        return len(boundaries)

    def stop_by_fatal(self, boundaries: list[int]) -> int:
        """Each in a session of its own, and judged in the next."""
        errors = ""
        for place, n in enumerate(boundaries):
            is_sent_again = place % AGAIN == 0
            errors += psql(DATABASE, f"load '{STOP_AT}';\n{self.arm(n, 'fatal')}", is_strict=False).stderr
            judged = psql(DATABASE, self.judge(False, is_sent_again), is_strict=False).stdout
            self.check(f"by FATAL at {n} of {self.boundaries}", judged, False, is_sent_again)
        self.check_reached(errors, boundaries)
        return len(boundaries)

    def stop_by_kill(self, boundaries: list[int]) -> int:
        for place, n in enumerate(boundaries):
            is_completed = n == self.boundaries
            is_sent_again = place % AGAIN == 0
            result = psql(DATABASE, f"load '{STOP_AT}';\n{self.arm(AFTER_COMMIT if is_completed else n, 'kill')}", is_strict=False)
            if result.returncode != 2:
                raise Violation(f"{self.subject.name}: boundary {n} was not reached\n{result.stderr}")
            wait_for_recovery()
            judged = psql(DATABASE, self.judge(is_completed, is_sent_again), is_strict=False).stdout
            self.check(f"by SIGKILL at {n} of {self.boundaries}", judged, is_completed, is_sent_again)
        return len(boundaries)

    def check_reached(self, errors: str, boundaries: list[int]) -> None:
        for n in boundaries:
            if f"stopped at boundary {n}," not in errors:
                raise Violation(f"{self.subject.name}: boundary {n} was not reached\n{errors[-2000:]}")

    @staticmethod
    def errors_near(errors: str, boundary: int) -> str:
        place = errors.find(f"stopped at boundary {boundary},")
        return errors[max(place - 100, 0): place + 1000]


def every(last: int, step: int, offset: int) -> list[int]:
    """Some of 1 to last."""
    return sorted({*range(1 + 7 * offset % step, last + 1, step), last})


def are_mistakes_found(is_verbose: bool = False) -> bool:
    """Whether the stops would find each of the mistakes that they have to."""
    for mistake in MISTAKES:
        try:
            stops = Stops(mistake)
            stops.stop_by_error(every(stops.boundaries_when_warm() - 1, 2, 0))
            stops.stop_by_kill([stops.boundaries])
        except Violation as violation:
            print(f"stops: a violation is found in {mistake.name}", flush=True)
            if is_verbose:
                print(violation)
        else:
            print(f"stops: nothing is found in {mistake.name}", file=sys.stderr)
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--mistakes", action="store_true")
    parser.add_argument("--only", action="append", metavar="NAME")
    arguments = parser.parse_args()
    chosen = [s for s in SUBJECTS if not arguments.only or any(name in s.name for name in arguments.only)]
    if not chosen:
        raise SystemExit("stops: nothing is named so; there are: " + ", ".join(s.name for s in SUBJECTS))

    # What autovacuum finds out makes sessions plan anew, and planning passes boundaries.
    psql("postgres", "alter system set autovacuum = off")
    psql("postgres", "select pg_reload_conf()")
    psql("postgres", "create database prepared")
    subprocess.run([os.environ["REIMBURSE"], "migrate"], env={**os.environ, "PGDATABASE": "prepared"}, check=True,
                   stdout=subprocess.DEVNULL)
    for file in sorted((TOP / "Tests/sql/fixtures").glob("*.sql")):
        if file.stem in ("company", "worker", "other_session"):
            psql("prepared", file.read_text())
    psql("prepared", (HERE / "books.sql").read_text())
    psql("prepared", (HERE / "mistakes.sql").read_text())

    if arguments.mistakes:
        return 0 if are_mistakes_found(is_verbose=True) else 1
    steps = SHORT if arguments.short else FULL
    totals = {"boundaries": 0, "error": 0, "fatal": 0, "kill": 0}
    print(f"{'':42} boundaries   ERROR   FATAL  SIGKILL", flush=True)
    for number, subject in enumerate(chosen):
        try:
            stops = Stops(subject)
            n = stops.boundaries
            # An error or an end of the session after the record of the commit would be a panic: that is a kill's.
            errors = stops.stop_by_error(every(stops.boundaries_when_warm() - 1, steps["error"], number))
            fatals = stops.stop_by_fatal(every(n - 1, steps["fatal"], number))
            kills = stops.stop_by_kill(every(n, steps["kill"], number) if subject.is_same_after_crash else [])
        except Violation as violation:
            print(f"stops: VIOLATION: {violation}", file=sys.stderr)
            return 1
        print(f"{subject.name:42} {n:10} {errors:7} {fatals:7} {kills:8}", flush=True)
        for name, count in zip(totals, (n, errors, fatals, kills)):
            totals[name] += count
    if not arguments.only and not are_mistakes_found():
        return 1
    stopped = totals["error"] + totals["fatal"] + totals["kill"]
    print(
        f"stops: {totals['boundaries']} boundaries, {stopped} stops ({totals['error']} by ERROR, "
        f"{totals['fatal']} by FATAL, {totals['kill']} by SIGKILL), 0 violations"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
