import CLibPQ
import Dispatch

extension PostgresConnection {
    /// Connects to a server.
    ///
    /// Bounded by `connect_timeout` for each host, ten seconds unless the configuration says otherwise. It cannot be
    /// cancelled, and blocks no thread of Swift's own.
    ///
    /// - Parameter configuration: Where and how to connect.
    /// - Returns: The open connection.
    /// - Throws: ``PostgresError``: the server's own when it refused, SQLSTATE 08001 when it was not reached.
    public static func connect(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
        let connection = PostgresConnection(executor: DispatchQueueExecutor(label: "postgres"))
        try await connection.open(configuration)
        return connection
    }

    /// Connects, blocking the queue that the actor runs on.
    private func open(_ configuration: PostgresConfiguration) throws {
        try configuration.check()
        let connection = try Self.open(configuration.parameters())
        let noticeHandler = NoticeHandler(configuration.noticeHandler)
        noticeHandler.install(on: connection)
        start(
            ConnectionHandle(connection: connection, noticeHandler: noticeHandler, queue: executor.queue),
            prelude: configuration.prelude
        )
    }

    private static func open(_ parameters: [(keyword: String, value: String)]) throws -> OpaquePointer {
        let keywords = CStrings(parameters.map(\.keyword))
        let values = CStrings(parameters.map(\.value))
        let started = ContinuousClock.now
        guard let connection = PQconnectdbParams(keywords.pointers, values.pointers, 1) else {
            throw PostgresError(sqlState: .unableToConnect, message: "out of memory")
        }
        if PQstatus(connection) == CONNECTION_OK { return connection }
        let message = String(cString: PQerrorMessage(connection)).trimmed
        // libpq tells the SQLSTATE of a refusal only within a verbose message. A server that refused at once can be
        // asked again for that.
        var sqlState: SQLState?
        if ContinuousClock.now - started < .seconds(1) {
            PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
            PQreset(connection)
            if PQstatus(connection) == CONNECTION_OK { return connection }
            sqlState = Self.sqlState(inVerboseMessage: String(cString: PQerrorMessage(connection)))
        }
        PQfinish(connection)
        throw PostgresError(sqlState: sqlState ?? .unableToConnect, message: message)
    }

    /// The state in a message such as `FATAL:  28P01: password authentication failed`, in any language.
    private static func sqlState(inVerboseMessage message: String) -> SQLState? {
        message.split(separator: ":").lazy
            .map { $0.drop { $0 == " " } }
            .first { $0.utf8.count == 5 && $0.utf8.allSatisfy(isOfSQLState) && $0.utf8.contains(where: isDigit) }
            .map { SQLState(String($0)) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isOfSQLState(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

/// An array of C strings that ends with a null pointer, as C programs expect it.
final class CStrings {
    /// The pointers, valid as long as the object.
    let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() {
            let bytes = Array(string.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            copy.initialize(from: bytes, count: bytes.count)
            pointers[index] = UnsafePointer(copy)
        }
        pointers[strings.count] = nil
    }

    deinit {
        for index in 0..<count { pointers[index]?.deallocate() }
        pointers.deallocate()
    }
}
