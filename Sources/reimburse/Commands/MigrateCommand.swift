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

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connect(tellsNotices: true)
        let migrator = Migrator()
        if print {
            Terminal.standardOutput.write(try await migrator.script(for: connection, owner: owner))
            return
        }
        let outcome = try await migrator.migrate(connection, owner: owner)
        for migration in outcome.applied {
            Terminal.standardOutput.write("applied \(migration.file.name)\n")
        }
        Terminal.standardOutput.write("The schema reimbursement is at version \(outcome.version).\n")
    }
}
