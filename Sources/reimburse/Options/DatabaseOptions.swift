import ArgumentParser
import PostgresClient
import ReimburseSchema

/// Where the database is.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A connection string, a connection URI or the name of a database.",
            discussion: """
                What it leaves open comes from PGHOST, PGSERVICE, ~/.pgpass and the like. Passwords belong in ~/.pgpass: \
                one that stands here is seen by everybody who can list this machine's processes.
                """,
            valueName: "conninfo"
        )
    )
    var database = ""

    /// How to connect to it.
    var configuration: PostgresConfiguration {
        PostgresConfiguration(
            database: database,
            applicationName: "reimburse",
            // No object of somebody else's stands in for one of PostgreSQL's, and a text means what it says.
            prelude: "SET LOCAL search_path = pg_catalog; SET LOCAL standard_conforming_strings = on"
        )
    }

    /// Connects, whatever schema there is.
    ///
    /// - Parameter tellsNotices: Whether notices go to standard error.
    /// - Returns: The open connection.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func connect(tellsNotices: Bool = false) async throws -> PostgresConnection {
        var configuration = configuration
        if tellsNotices { configuration.noticeHandler = { NoticeReport($0).print() } }
        return try await .connect(configuration)
    }

    /// Connects, and refuses a database without the schema that this program works with.
    ///
    /// Notices go to standard error: they are for the person who asked.
    func connectToSchema() async throws -> PostgresConnection {
        var configuration = configuration
        configuration.noticeHandler = { NoticeReport($0).print() }
        let connection = try await PostgresConnection.connect(configuration)
        try await SchemaVersion.check(on: connection)
        return connection
    }
}
