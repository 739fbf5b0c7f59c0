import PostgresClient

/// A migration that waited too long for a lock, and changed nothing.
public struct MigrationLockError: Error, CustomStringConvertible {
    /// A session that has locks in the schema.
    public struct Holder: Hashable, Sendable {
        /// The process of the server, as `pg_terminate_backend` takes it.
        public let process: Int
        /// Who it is, from where, and since when.
        let identity: String
    }

    /// The sessions that had locks on tables of the schema when it gave up, the longest transaction first.
    public let holders: [Holder]
    /// The file that waited, when it was one.
    public let path: String?

    /// What is wrong.
    public var description: String {
        "\(path.map { "sql/\($0): " } ?? "")the migration waited too long for a lock, and has changed nothing (55P03)"
    }

    /// Who has locks.
    public var detail: String? {
        guard !holders.isEmpty else { return nil }
        return holders.map { "Process \($0.process)\($0.identity) has locks on tables of the schema." }
            .joined(separator: "\n")
    }

    /// What to do about it.
    public var hint: String {
        let end = holders.first.map { ", or end it with: select pg_terminate_backend(\($0.process))" } ?? ""
        return "Let the transaction end\(end). Then migrate again; --lock-timeout has it wait longer."
    }
}

extension Migrator {
    /// Turns the error of a lock that was waited for too long into one that says who has locks.
    func naming<Result: Sendable>(on connection: PostgresConnection, _ body: () async throws -> Result) async throws
        -> Result
    {
        do {
            return try await body()
        } catch let error as PostgresError where error.sqlState == .lockNotAvailable {
            throw MigrationLockError(holders: await Self.holders(on: connection), path: nil)
        } catch let error as MigrationError where error.underlying.sqlState == .lockNotAvailable {
            throw MigrationLockError(holders: await Self.holders(on: connection), path: error.path)
        }
    }

    /// The three sessions with locks in the schema whose transactions are the oldest; none where they cannot be read.
    private static func holders(on connection: PostgresConnection) async -> [MigrationLockError.Holder] {
        let rows = try? await connection.query(
            """
            select l.pid, pg_catalog.concat(
                ' of ', coalesce(a.usename, 'another role'), ' (' || nullif(a.application_name, '') || ')',
                ', in a transaction since ' || pg_catalog.date_trunc('second', a.xact_start)) as identity
            from (
                select distinct l.pid
                from pg_catalog.pg_locks as l
                inner join pg_catalog.pg_class as c on c.oid = l.relation
                where l.granted and l.pid <> pg_catalog.pg_backend_pid()
                    and c.relnamespace = pg_catalog.to_regnamespace('reimbursement')
                    and l.database = (
                        select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
                    )
            ) as l
            left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
            order by a.xact_start, l.pid
            limit 3
            """
        )
        return rows?.compactMap { row in
            guard let process: Int = try? row.value("pid") else { return nil }
            return MigrationLockError.Holder(process: process, identity: (try? row.value("identity")) ?? "")
        } ?? []
    }
}
