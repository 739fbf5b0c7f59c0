import ArgumentParser

/// The command with all that it can do.
@main
struct Reimburse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reimburse",
        abstract: "Moves customers' credit balances to accounts payable, and pays them.",
        discussion: """
            The database is found as every libpq program finds it: by PGHOST, PGSERVICE, ~/.pgpass and the like, or \
            by --database with a connection string or URI.

            Exit status: 0 when all went well, 1 when the work failed, 64 for wrong usage.
            """,
        subcommands: [
            DemoCommand.self, MigrateCommand.self, WorkerCommand.self, EnqueueCommand.self, PreviewCommand.self,
            PayCommand.self, ReverseCommand.self, ApproveCommand.self, RejectCommand.self, CancelCommand.self,
            RetryCommand.self, PauseCommand.self, ResumeCommand.self, StatusCommand.self, ReportCommand.self,
            TraceCommand.self, ExplainCommand.self, BankCommand.self, CheckCommand.self, BenchCommand.self,
        ]
    )

    static func main() async {
        Terminal.reserveDescriptors()
        do {
            var command = try parseAsRoot()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                // A request for help is an error, too, which the parser's own way to exit answers.
                guard exitCode(for: error) == .failure else { throw error }
                ErrorReport(error)?.print()
                throw ExitCode.failure
            }
        } catch {
            exit(withError: error)
        }
    }
}
