import PrivatePostgres
import TestSupport
import Testing

@testable import PostgresClient

@Suite("A connection")
struct PostgresConnectionTests {
    @Test("gives back values of every kind as they were")
    func values() async throws {
        let connection = try await SharedCluster.connect()
        let text = #"it's a "quoted" \ value; drop table x; -- ü 💶"#
        let absent: String? = nil
        let row = try #require(
            try await connection.query(
                """
                select \(text) as text, \(absent) as absent, \(true)::boolean as truth,
                    \(Int64.min)::bigint as number, 12345678901234567890.10::numeric as money
                """
            ).first
        )
        #expect(try row.value("text", as: String.self) == text)
        #expect(try row.optional("absent", as: String.self) == nil)
        #expect(try row.value("truth", as: Bool.self))
        #expect(try row.value("number", as: Int64.self) == Int64.min)
        #expect(try row.value("money", as: String.self) == "12345678901234567890.10")
    }

    @Test("writes lists as arrays, whatever stands in them")
    func arrays() async throws {
        let connection = try await SharedCluster.connect()
        let texts = [#"a "quoted" \ {value},"#, "", "NULL", "it's", "ü 💶"]
        let rows = try await connection.query("select unnest(\(texts)::text[]) as text")
        #expect(try rows.map { try $0.value("text", as: String.self) } == texts)
        let numbers = try await connection.query("select unnest(\([Int64.min, 7])::bigint[]) as number")
        #expect(try numbers.map { try $0.value("number", as: Int64.self) } == [Int64.min, 7])
        #expect(try await connection.query("select unnest(\([String]())::text[])").isEmpty)
    }

    @Test("quotes names")
    func names() async throws {
        let connection = try await SharedCluster.connect()
        let rows = try await connection.query("select 1 as \(identifier: #"odd "Name""#)")
        #expect(rows.columns.map(\.name) == [#"odd "Name""#])
        #expect(rows.columns[0].isNumeric)
    }

    @Test("refuses a text that the database cannot hold")
    func textWithNull() async throws {
        let connection = try await SharedCluster.connect()
        let error = await #expect(throws: PostgresError.self) { try await connection.query("select \("a\0b")") }
        #expect(error?.sqlState == .characterNotInRepertoire)
        #expect(try await connection.query("select 1").count == 1)
    }

    @Test("returns the rows of the last statement that has any")
    func scripts() async throws {
        let connection = try await SharedCluster.connect()
        let rows = try await connection.query("begin; select 1 as a; select 2 as b union all select 3; commit")
        #expect(try rows.map { try $0.value("b", as: Int.self) } == [2, 3])
        #expect(try await connection.query("set work_mem = '5MB'").isEmpty)
    }

    @Test("says what is wrong with a value that is asked for")
    func wrongColumns() async throws {
        let connection = try await SharedCluster.connect()
        let row = try #require(try await connection.query("select 'x' as a, null as b").first)
        let states = [
            #expect(throws: PostgresError.self) { try row.value("c", as: String.self) },
            #expect(throws: PostgresError.self) { try row.value("a", as: Int.self) },
            #expect(throws: PostgresError.self) { try row.value("b", as: String.self) },
        ].map { $0?.sqlState }
        #expect(states == [.undefinedColumn, .invalidTextRepresentation, .invalidTextRepresentation])
    }

    @Test("throws errors with state, message, detail and hint, and without the statement's values")
    func errors() async throws {
        let connection = try await SharedCluster.connect()
        let error = try #require(
            await #expect(throws: PostgresError.self) {
                try await connection.query(
                    """
                    do $$ begin
                        raise exception using errcode = 'RB001', message = 'm', detail = 'd', hint = 'h';
                    end $$; select \("secret")
                    """
                )
            }
        )
        #expect(error == PostgresError(sqlState: SQLState("RB001"), message: "m", detail: "d", hint: "h"))
        #expect("\(error)" == "m (SQLSTATE RB001)")
        #expect(!String(reflecting: error).contains("secret"))
    }

    @Test("is usable after an error")
    func usableAfterError() async throws {
        let connection = try await SharedCluster.connect()
        await #expect(throws: PostgresError.self) { try await connection.query("select 1/0") }
        #expect(await connection.isOpen)
        #expect(try await connection.query("select 1").count == 1)
    }

    @Test("leaves a failed transaction when told to, even from a cancelled task")
    func rollBack() async throws {
        let connection = try await SharedCluster.connect()
        await #expect(throws: PostgresError.self) { try await connection.query("begin; select 1/0; commit") }
        #expect(await connection.isInTransaction)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await connection.rollBack()
        }
        await task.value
        #expect(await !connection.isInTransaction)
    }

    @Test("commits a transaction that returns and rolls back one that throws")
    func transactions() async throws {
        let connection = try await SharedCluster.connect()
        try await connection.query("create temporary table t (a int)")
        try await connection.transaction { _ = try await $0.query("insert into t values (1)") }
        await #expect(throws: CancellationError.self) {
            try await connection.transaction {
                _ = try await $0.query("insert into t values (2)")
                throw CancellationError()
            }
        }
        #expect(try await connection.query("select a from t").map { try $0.value("a", as: Int.self) } == [1])
    }

    @Test("serves those who share it one at a time, first come, first served")
    func order() async throws {
        let connection = try await SharedCluster.connect()
        try await connection.query("create temporary table t (id serial, a int)")
        let holder = try await SharedCluster.connect()
        try await holder.query("select pg_advisory_lock(20260712)")
        let numbers = Array(1...50)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await connection.query("select pg_advisory_lock(20260712)") }
            try await connection.waitUntilActive()
            for number in numbers {
                group.addTask { _ = try await connection.query("insert into t (a) values (\(number)::int)") }
                // The one that was just added has joined the line before the next one does.
                while await connection.gate.length < number { try await Task.sleep(for: .milliseconds(1)) }
            }
            await holder.close()
            try await group.waitForAll()
        }
        let found = try await connection.query("select a from t order by id").map { try $0.value("a", as: Int.self) }
        #expect(found == numbers)
    }

    @Test("passes a large statement and a large result")
    func large() async throws {
        let connection = try await SharedCluster.connect()
        let text = String(repeating: "0123456789", count: 1_000_000)
        let rows = try await connection.query("select \(text) as text")
        #expect(try rows[0].value("text", as: String.self) == text)
    }

    @Test("refuses COPY instead of waiting for ever")
    func copy() async throws {
        let connection = try await SharedCluster.connect()
        let error = await #expect(throws: PostgresError.self) { try await connection.query("copy pg_class to stdout") }
        #expect(error?.sqlState == .featureNotSupported)
    }

    @Test("hands on notices instead of printing them")
    func notices() async throws {
        let cluster = try await SharedCluster.task.value
        let (stream, continuation) = AsyncStream<PostgresNotice>.makeStream()
        let connection = try await PostgresConnection.connect(
            PostgresConfiguration(database: cluster.connectionString(), noticeHandler: { continuation.yield($0) })
        )
        try await connection.query(
            "do $$ begin raise warning 'look out' using errcode = '01234', detail = 'there', hint = 'duck'; end $$"
        )
        continuation.finish()
        let notices = await stream.reduce(into: []) { $0.append($1) }
        #expect(notices.map(\.message) == ["look out"])
        #expect(notices.map(\.severity) == ["WARNING"])
        #expect(notices.map(\.sqlState) == [SQLState("01234")])
        #expect(notices.map(\.detail) == ["there"])
        #expect(notices.map(\.hint) == ["duck"])
    }

    @Test("is closed when it is told so, and says so to whoever uses it then")
    func closing() async throws {
        let connection = try await SharedCluster.connect()
        let running = Task { try await connection.query("select pg_sleep(600)") }
        try await connection.waitUntilActive()
        await connection.close()
        let error = await #expect(throws: PostgresError.self) { try await running.value }
        #expect(error?.sqlState == .connectionFailure)
        let later = await #expect(throws: PostgresError.self) { try await connection.query("select 1") }
        #expect(later?.sqlState == .connectionDoesNotExist)
        #expect(later?.isConnectionLost == true)
    }

    @Test("ends its session with the last reference to it")
    func references() async throws {
        let observer = try await SharedCluster.connect()
        var connection: PostgresConnection? = try await SharedCluster.connect()
        let rows = try #require(try await connection?.query("select pg_backend_pid() as pid"))
        let backend = try rows[0].value("pid", as: Int.self)
        connection = nil
        for _ in 0..<3000 {
            let rows = try await observer.query("select from pg_stat_activity where pid = \(backend)")
            if rows.isEmpty { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the session is still there")
    }
}
