/*
 * Stops a session of PostgreSQL at one of its statements, for Tests/stops/run.
 *
 * A boundary is where a statement begins or has ended, those inside of functions and triggers included, and on either
 * side of the record of a commit. They are counted from SET stop_at.boundary on; at the one that it names the session
 * does what stop_at.action says. The statements that steer this are no boundaries. Loaded by LOAD, by a superuser.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/xact.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

void _PG_init(void);

enum action { STOP_BY_ERROR, STOP_BY_FATAL, STOP_BY_KILL };

static const struct config_enum_entry actions[] = {
    {"error", STOP_BY_ERROR, false},  /* the statement fails, the session goes on */
    {"fatal", STOP_BY_FATAL, false},  /* the session ends, as by pg_terminate_backend */
    {"kill", STOP_BY_KILL, false},    /* SIGKILL: the whole server crashes and recovers */
    {NULL, 0, false},
};

/* 0: nothing is counted; -1: after the record of the first commit; beyond the last: all are counted, none stops */
static int boundary = 0;
static int action = STOP_BY_ERROR;
static int passed = 0;
static bool steering = false; /* whether this transaction is only one of ours */

static ExecutorStart_hook_type next_start;
static ExecutorFinish_hook_type next_finish;
static ProcessUtility_hook_type next_utility;

static void kill_myself(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void pass(const char *where) {
    if (boundary == 0 || ++passed != boundary) return;
    if (action == STOP_BY_KILL) kill_myself();
    ereport(action == STOP_BY_FATAL ? FATAL : ERROR,
            (errcode(ERRCODE_ADMIN_SHUTDOWN), errmsg("stopped at boundary %d, %s", boundary, where)));
}

static void count_from_here(int value, void *extra) {
    (void)value;
    (void)extra;
    passed = 0;
}

static void on_start(QueryDesc *query, int flags) {
    pass("before a statement");
    if (next_start)
        next_start(query, flags);
    else
        standard_ExecutorStart(query, flags);
}

static void on_finish(QueryDesc *query) {
    if (next_finish)
        next_finish(query);
    else
        standard_ExecutorFinish(query);
    pass("after a statement");
}

static bool is_ours(Node *statement) {
    const char *name = NULL;
    if (IsA(statement, VariableSetStmt)) name = ((VariableSetStmt *)statement)->name;
    if (IsA(statement, VariableShowStmt)) name = ((VariableShowStmt *)statement)->name;
    return name != NULL && strncmp(name, "stop_at.", 8) == 0;
}

static void on_utility(PlannedStmt *statement, const char *text, bool read_only, ProcessUtilityContext context,
                       ParamListInfo parameters, QueryEnvironment *environment, DestReceiver *receiver,
                       QueryCompletion *completion) {
    bool counts = !is_ours(statement->utilityStmt);
    if (counts)
        pass("before a command");
    else if (context == PROCESS_UTILITY_TOPLEVEL)
        steering = true;
    if (next_utility)
        next_utility(statement, text, read_only, context, parameters, environment, receiver, completion);
    else
        standard_ProcessUtility(statement, text, read_only, context, parameters, environment, receiver, completion);
    if (counts) pass("after a command");
}

/* An error after the record of a commit would be a panic, so that there only a kill stops anything. */
static void on_transaction(XactEvent event, void *argument) {
    (void)argument;
    if (event == XACT_EVENT_PRE_COMMIT && !steering) pass("before the record of the commit");
    if (event == XACT_EVENT_COMMIT && !steering) {
        if (boundary != 0) passed++;
        if (action == STOP_BY_KILL && (boundary == -1 || boundary == passed)) kill_myself();
    }
    if (event != XACT_EVENT_PRE_COMMIT) steering = false;
}

void _PG_init(void) {
    DefineCustomIntVariable("stop_at.boundary", "Stops at this boundary, counted from here.", NULL, &boundary, 0, -1,
                            INT_MAX, PGC_USERSET, 0, NULL, count_from_here, NULL);
    DefineCustomEnumVariable("stop_at.action", "What stops it.", NULL, &action, STOP_BY_ERROR, actions, PGC_USERSET, 0,
                             NULL, NULL, NULL);
    DefineCustomIntVariable("stop_at.passed", "The boundaries that were passed.", NULL, &passed, 0, 0, INT_MAX,
                            PGC_USERSET, 0, NULL, NULL, NULL);
    next_start = ExecutorStart_hook;
    ExecutorStart_hook = on_start;
    next_finish = ExecutorFinish_hook;
    ExecutorFinish_hook = on_finish;
    next_utility = ProcessUtility_hook;
    ProcessUtility_hook = on_utility;
    RegisterXactCallback(on_transaction, NULL);
}
