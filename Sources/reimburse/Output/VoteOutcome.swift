import PostgresClient

/// How a run stands after somebody has voted on it.
struct VoteOutcome {
    /// The run.
    let run: Int64

    /// Prints its state, and while it waits, how many votes it has.
    func print(on connection: PostgresConnection) async throws {
        let row = try await connection.query(Queries.standing(of: run))[0]
        Terminal.standardOutput.write("\(try row.value("standing", as: String.self))\n")
    }
}
