import PostgresClient

/// What a database has done so far, as the server counts it.
struct ServerActivity: Sendable {
    /// Bytes of the write-ahead log, of the whole server.
    let walBytes: Double
    /// How many blocks were looked at, in shared buffers or on disk.
    let blocks: Double
    /// Bytes of temporary files.
    let temporaryBytes: Double

    /// What has been done up to now; the session's own part is counted, too.
    static func now(on connection: PostgresConnection) async throws -> ServerActivity {
        try await connection.query("SELECT pg_stat_force_next_flush()")
        let row = try await connection.query(
            """
            SELECT pg_current_wal_insert_lsn() - '0/0' AS wal, blks_hit + blks_read AS blocks, temp_bytes AS temporary
            FROM pg_stat_database WHERE datname = current_database()
            """
        )[0]
        return ServerActivity(
            walBytes: Double(try row.value("wal", as: Int64.self)),
            blocks: Double(try row.value("blocks", as: Int64.self)),
            temporaryBytes: Double(try row.value("temporary", as: Int64.self))
        )
    }

    /// What was done since then.
    static func - (now: ServerActivity, before: ServerActivity) -> ServerActivity {
        ServerActivity(
            walBytes: now.walBytes - before.walBytes,
            blocks: now.blocks - before.blocks,
            temporaryBytes: now.temporaryBytes - before.temporaryBytes
        )
    }
}
