extension PostgresConnection {
    /// Does a piece of work in one transaction, which is committed if it returns and rolled back if it throws.
    ///
    /// Nobody else may use the connection meanwhile: their statements would be part of the transaction.
    ///
    /// - Parameter work: What to do, with this connection.
    /// - Returns: What the work returned.
    /// - Throws: What the work threw, or what went wrong at the commit.
    public func transaction<Value: Sendable>(
        _ work: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await query("BEGIN")
        do {
            let value = try await work(self)
            try await query("COMMIT")
            return value
        } catch {
            await rollBack()
            throw error
        }
    }

    /// Leaves a transaction that failed, even from a task that was cancelled.
    ///
    /// An error is no news here: a connection that cannot roll back is lost, and the server rolls back by itself.
    public func rollBack() async {
        guard isInTransaction else { return }
        await Task { _ = try? await self.query("ROLLBACK") }.value
    }
}
