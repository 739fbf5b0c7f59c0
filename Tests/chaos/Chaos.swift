import ArgumentParser
import PostgresClient
import PrivatePostgres
import ReimburseSchema
import TestSupport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Kills everything, again and again, and looks at the books afterwards.
@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Kills workers, sessions and the server while people work with the books, then checks the books.",
        discussion: """
            A round is a company of its own. What is decided in it is drawn from the seed and its number, so that \
            --seed S --first-round N decides the same once more; when each thing happens is the machine's affair. \
            A round with a violation leaves its database, and with --keep the server, to look at.
            """
    )

    @Option(help: "What all decisions are drawn from.")
    var seed: UInt64 = 1

    @Option(help: "For how many minutes to begin rounds.")
    var minutes = 5.0

    @Option(help: "For how many seconds of a round to kill.")
    var killing = 20.0

    @Option(help: "How many deeds of the killer a second, about.")
    var rate = 8

    @Option(help: "The number of the first round.")
    var firstRound = 1

    @Option(help: "Nothing but this: rescue, the time from the kill of a worker until its job runs again.")
    var only: String?

    @Option(help: "How many workers to kill for --only rescue.")
    var kills = 200

    @Option(help: "A file to append a line of JSON to for each round.")
    var json: String?

    @Option(help: "A file of SQL that breaks something in the schema first, to see a check fail.")
    var breaking: String?

    @Flag(help: "Leave the server running after a violation.")
    var keep = false

    func validate() throws {
        guard [nil, "rescue"].contains(only) else { throw ValidationError("--only is rescue, or not given.") }
        guard (1...100).contains(rate), killing > 0, minutes > 0, kills > 0 else {
            throw ValidationError("The rate is from 1 to 100; times and numbers are more than 0.")
        }
    }

    func run() async throws {
        print("seed \(seed)")
        let cluster = try await PrivateCluster.start()
        let root = Session(cluster.connectionString())
        _ = try await root.ask("CREATE DATABASE migrated")
        await root.close()
        let connection = try await TestDatabase(on: cluster, named: "migrated").connect()
        _ = try await Migrator().migrate(connection)
        if let breaking {
            let breaker = try ChildProcess(
                "psql",
                [
                    "--quiet", "--set", "ON_ERROR_STOP=1", "--file", breaking,
                    cluster.connectionString(database: "migrated"),
                ]
            )
            guard await breaker.waitForExit() == .exited(0) else { throw ExitCode.failure }
        }
        await connection.close()
        let isRight = only == nil ? try await rounds(on: cluster) : try await rescue(on: cluster)
        if keep && !isRight {
            print("the server is left: psql -h \(cluster.folder) -U postgres -l")
            try await cluster.release()
        }
        await cluster.stop()
        guard isRight else { throw ExitCode.failure }
    }

    private func rounds(on cluster: PrivateCluster) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(minutes * 60)
        var (number, total, checks, violations) = (firstRound, 0, 0, 0)
        repeat {
            let round = Round(
                number: number,
                seed: seed,
                killing: .seconds(killing),
                // Every third kills less, so that more is carried out side by side.
                perSecond: number.isMultiple(of: 3) ? max(rate / 6, 1) : rate,
                cluster: cluster
            )
            let outcome = try await round.run()
            let report = Report(seed: seed, round: number, outcome: outcome)
            print(report.text)
            fflush(nil)
            try json.map { try report.append(to: $0) }
            for violation in outcome.tally.violations {
                print("VIOLATION seed \(seed) round \(number): \(violation)")
            }
            for remark in outcome.tally.remarks.prefix(5) { print("    \(remark)") }
            total += report.kills
            checks += outcome.checks
            violations += outcome.tally.violations.count
            number += 1
        } while ContinuousClock.now < end
        print("\(number - firstRound) rounds, \(total) kills, \(violations) violations")
        print("\(max(checks - violations, 0)) passed, \(violations) failed")
        return violations == 0
    }

    private func rescue(on cluster: PrivateCluster) async throws -> Bool {
        let root = Session(cluster.connectionString())
        _ = try await root.ask("CREATE DATABASE rescue TEMPLATE migrated")
        await root.close()
        var rescue = Rescue(
            database: TestDatabase(on: cluster, named: "rescue"),
            dice: Dice(seed: seed, round: 0, actor: 0)
        )
        let seconds = try await rescue.measure(kills: kills)
        print("\(seconds.count) workers killed; until the job ran again: \(Report.spread(seconds))")
        return seconds.count == kills
    }
}
