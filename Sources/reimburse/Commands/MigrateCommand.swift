import ArgumentParser
import ReimburseSchema

/// Installs the schema.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Installs the schema reimbursement, or brings it up to date.",
        discussion: """
            Everything happens in one transaction: it is done or nothing is. Running it again does no harm, and of \
            two at once one waits for the other. A view or function of yours that depends on something which has to \
            be dropped is named in an error, never dropped along.
            """
    )

    @Flag(help: "Print the script that would be run, for psql, and run nothing.")
    var print = false

    @Option(
        help: ArgumentHelp(
            "The role that is to own the schema and everything in it.",
            discussion: """
                Its functions run as this role, so that it had better be no superuser, and need not be able to log in. \
                Left out: the role that owns it already, or you.
                """,
            valueName: "role"
        )
    )
    var owner: String?

    @Option(
        help: ArgumentHelp(
            "Bring the tables to this version and stop there.",
            discussion: """
                Functions and views stay as they are, so that no worker works until `migrate` without this option has \
                done the rest.
                """,
            valueName: "version"
        )
    )
    var to: Int?

    @Flag(
        help: ArgumentHelp(
            "Take the newest migration back.",
            discussion: """
                Refused where that would lose what somebody has written, or where there is no way back. Stop the \
                workers before, and migrate with the reimburse of the version before afterwards.
                """
        )
    )
    var down = false

    @Option(
        help: ArgumentHelp(
            "How many seconds to wait for each lock on a table (default: lock_timeout of the session, else 5).",
            discussion: "Then nothing is changed, and the sessions that have locks are named. Others queue behind it.",
            valueName: "seconds"
        )
    )
    var lockTimeout: Int?

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let lockTimeout, !(1...86_400).contains(lockTimeout) {
            throw ValidationError("The lock timeout is a number of seconds from 1 to 86400.")
        }
        if down, to != nil || owner != nil { throw ValidationError("--down goes with neither --to nor --owner.") }
        if print, down || to != nil || lockTimeout != nil {
            throw ValidationError("--print goes with none of --to, --down and --lock-timeout.")
        }
    }

    func run() async throws {
        let connection = try await database.connect(tellsNotices: true)
        let migrator = Migrator()
        let patience = lockTimeout.map { Duration.seconds($0) }
        if print {
            Terminal.standardOutput.write(try await migrator.script(for: connection, owner: owner))
            return
        }
        if down {
            let migration = try await migrator.takeBack(connection, lockTimeout: patience)
            Terminal.standardOutput.write(
                """
                took back \(migration.file.name)
                The tables of the schema reimbursement are at version \(migration.version - 1). \
                Migrate with the reimburse of that version now.

                """
            )
            return
        }
        let outcome =
            if let to {
                try await migrator.migrate(connection, to: to, owner: owner, lockTimeout: patience)
            } else {
                try await migrator.migrate(connection, owner: owner, lockTimeout: patience)
            }
        for migration in outcome.applied {
            Terminal.standardOutput.write("applied \(migration.file.name)\n")
        }
        if outcome.version < SchemaVersion.carried {
            Terminal.standardOutput.write(
                "The tables are at version \(outcome.version). Migrate without --to before a worker works.\n"
            )
        } else {
            Terminal.standardOutput.write("The schema reimbursement is at version \(outcome.version).\n")
        }
    }
}
