import PostgresClient

/// A connection that is made anew when it broke, as often as it takes.
actor Session {
    private let database: String
    private var connection: PostgresConnection?

    init(_ database: String) {
        self.database = database
    }

    /// Asks once; what is lost is lost.
    ///
    /// Nobody here waits for an answer for ever: without one in a minute it is an error with SQLSTATE 08006.
    func ask(_ sql: SQL) async throws -> PostgresRows {
        let connection = try await open()
        do {
            return try await connection.query(sql, within: .seconds(60))
        } catch {
            // A transaction that failed on the way is not to be continued by the next statement.
            if await connection.isInTransaction { await connection.close() }
            throw error
        }
    }

    /// Asks until there is an answer, however often the server goes away meanwhile.
    func insist(_ sql: SQL) async throws -> PostgresRows {
        for _ in 0..<200 {
            do {
                return try await ask(sql)
            } catch let error as PostgresError where error.isPassing {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        return try await ask(sql)
    }

    private func open() async throws -> PostgresConnection {
        if let connection, await connection.isOpen { return connection }
        let connection = try await PostgresConnection.connect(
            PostgresConfiguration(database: database, applicationName: "chaos")
        )
        self.connection = connection
        return connection
    }

    func close() async {
        await connection?.close()
        connection = nil
    }
}

extension PostgresError {
    /// Whether it is of chaos's making, and passes: connections, conflicts, resources, operators.
    var isPassing: Bool { ["08", "40", "53", "55", "57"].contains(sqlState.errorClass) }
}
