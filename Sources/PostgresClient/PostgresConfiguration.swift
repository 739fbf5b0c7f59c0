import CLibPQ

/// Where and how to connect: what every program on libpq understands.
public struct PostgresConfiguration: Sendable {
    /// A connection string, a connection URI or the name of a database; empty leaves all to the environment.
    public var database: String

    /// The name under which the session is listed unless the user gives another.
    public var applicationName: String?

    /// Called, on the connection's queue, with each notice that the server sends.
    public var noticeHandler: (@Sendable (PostgresNotice) -> Void)?

    /// Statements that begin every transaction, each a `SET LOCAL`.
    ///
    /// They leave nothing behind on a session that a pooler hands on, and are sent in the same message as what begins the
    /// transaction.
    public var prelude: SQL?

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - database: A connection string, a connection URI or the name of a database. What it leaves open comes from
    ///     `PGHOST`, `PGSERVICE`, `~/.pgpass` and the like, as in psql.
    ///   - applicationName: The name under which the session is listed, unless the user gives another.
    ///   - noticeHandler: Called, on the connection's queue, with each notice. Notices are dropped without it.
    ///   - prelude: Statements that begin every transaction.
    public init(
        database: String = "",
        applicationName: String? = nil,
        noticeHandler: (@Sendable (PostgresNotice) -> Void)? = nil,
        prelude: SQL? = nil
    ) {
        self.prelude = prelude
        self.database = database
        self.applicationName = applicationName
        self.noticeHandler = noticeHandler
    }

    /// What a connection has unless the user says otherwise: a dead host is noticed within half a minute.
    static let defaults = [
        (keyword: "connect_timeout", value: "10"),
        (keyword: "keepalives_idle", value: "10"),
        (keyword: "keepalives_interval", value: "5"),
        (keyword: "keepalives_count", value: "3"),
        (keyword: "tcp_user_timeout", value: "30000"),
    ]

    /// The keywords and values for `PQconnectdbParams`, in its order of precedence: a later one wins.
    func parameters() -> [(keyword: String, value: String)] {
        var parameters: [(keyword: String, value: String)] = []
        // A service file is read after these parameters and would lose against them, so a service named in the
        // connection string is taken to say all that there is to say.
        if !namesService {
            let chosen = environmentKeywords()
            parameters += Self.defaults.filter { !chosen.contains($0.keyword) }
        }
        if let applicationName {
            parameters.append((keyword: "fallback_application_name", value: applicationName))
        }
        parameters.append((keyword: "dbname", value: database))
        parameters.append((keyword: "client_encoding", value: "UTF8"))
        return parameters
    }

    /// Refuses a connection string that libpq does not understand, without showing what it does not: it may be a part of
    /// the password, which libpq repeats in its message.
    ///
    /// - Throws: ``PostgresError`` with SQLSTATE 08001.
    func check() throws {
        let isURI = ["postgresql://", "postgres://"].contains { database.hasPrefix($0) }
        guard isURI || database.contains("=") else { return }
        if isURI, Self.isPasswordMisread(in: database) {
            throw PostgresError(
                sqlState: .unableToConnect,
                message: "the connection URI has an @ or a / where none can stand",
                hint: "Write such a character in a user or a password as %40 or %2F, or set the password in ~/.pgpass."
            )
        }
        var reason: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(database, &reason)
        defer {
            PQconninfoFree(options)
            PQfreemem(reason)
        }
        if options != nil {
            guard let port = Self.value(of: "port", in: options), port.contains(where: { !"0123456789,".contains($0) })
            else { return }
            throw PostgresError(
                sqlState: .unableToConnect,
                message: "the port in the connection string is no number",
                hint: "What stands there is not shown: it may be a password, where the @ and the host are missing."
            )
        }
        let message = reason.map { String(cString: $0).trimmed } ?? "out of memory"
        throw PostgresError(
            sqlState: .unableToConnect,
            message: "the connection string cannot be understood: \(Self.withoutQuoted(message))",
            hint: "What is not understood is not shown, because it may be a part of a password."
        )
    }

    /// Whether libpq would take a part of the password for the host: it ends the user and the password at the first @,
    /// and both at the first /.
    private static func isPasswordMisread(in uri: String) -> Bool {
        let rest = uri.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let others = rest.dropFirst(authority.count).prefix { $0 != "?" }
        return authority.filter { $0 == "@" }.count > 1 || others.contains("@")
    }

    /// A message of libpq's without what stands in it between the first and the last quotation mark.
    private static func withoutQuoted(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else {
            return message
        }
        return message[..<first] + "\"…" + message[last...]
    }

    /// Whether the connection string names a service.
    private var namesService: Bool {
        Self.keywordsWithValues(in: PQconninfoParse(database, nil)).contains("service")
    }

    /// The keywords for which the environment, or the service that it names, has a value.
    private func environmentKeywords() -> Set<String> {
        Self.keywordsWithValues(in: PQconndefaults())
    }

    private static func value(of keyword: String, in options: UnsafeMutablePointer<PQconninfoOption>?) -> String? {
        var option = options
        while let current = option?.pointee, let name = current.keyword {
            if String(cString: name) == keyword { return current.val.map { String(cString: $0) } }
            option = option?.advanced(by: 1)
        }
        return nil
    }

    private static func keywordsWithValues(in options: UnsafeMutablePointer<PQconninfoOption>?) -> Set<String> {
        defer { PQconninfoFree(options) }
        var keywords: Set<String> = []
        var option = options
        while let current = option?.pointee, let keyword = current.keyword {
            if let value = current.val, value.pointee != 0 { keywords.insert(String(cString: keyword)) }
            option = option?.advanced(by: 1)
        }
        return keywords
    }
}
