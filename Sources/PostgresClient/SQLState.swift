/// The five characters by which PostgreSQL tells one kind of error from another.
///
/// The named ones are those that this client's callers distinguish; every other is made with `init(_:)`.
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The five characters.
    public let rawValue: String

    /// The five characters, for people.
    public var description: String { rawValue }

    /// The first two characters: the class, which errors of a like nature share.
    public var errorClass: String { String(rawValue.prefix(2)) }

    /// Makes a state of its five characters.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a state of its five characters.
    public init(_ code: String) {
        rawValue = code
    }
}

extension SQLState {
    // MARK: Class 08: connection

    /// 08001: no connection could be made, which this client says when the server was not reached.
    public static let unableToConnect = SQLState("08001")
    /// 08003: the connection was closed before.
    public static let connectionDoesNotExist = SQLState("08003")
    /// 08006: the connection broke, which this client says, as a server that is gone cannot.
    public static let connectionFailure = SQLState("08006")

    // MARK: Class 0A: not supported

    /// 0A000: a feature that is not there.
    public static let featureNotSupported = SQLState("0A000")

    // MARK: Class 22: data

    /// 22021: a text holds a character that the database cannot store, such as NUL.
    public static let characterNotInRepertoire = SQLState("22021")
    /// 22P02: a text is no value of the wanted type.
    public static let invalidTextRepresentation = SQLState("22P02")

    // MARK: Class 28 and 3D: who and where

    /// 28P01: the password is wrong.
    public static let invalidPassword = SQLState("28P01")
    /// 3D000: there is no such database.
    public static let invalidCatalogName = SQLState("3D000")

    // MARK: Class 2B, 42: objects

    /// 2BP01: other objects depend on what is to be dropped.
    public static let dependentObjectsStillExist = SQLState("2BP01")
    /// 42703: there is no such column.
    public static let undefinedColumn = SQLState("42703")

    // MARK: Class 55: not in the state that is needed

    /// 55P03: a lock that another session has was not to be had in time.
    public static let lockNotAvailable = SQLState("55P03")

    // MARK: Class 57: an operator stepped in

    /// 57014: the statement was cancelled, by a user or by a timeout.
    public static let queryCanceled = SQLState("57014")
    /// 53300: the server, or the role, has as many connections as it may have.
    public static let tooManyConnections = SQLState("53300")
    /// 57P03: the server is starting or stopping.
    public static let cannotConnectNow = SQLState("57P03")
    /// 57P01: the session was ended by an administrator or by the shutdown of the server.
    public static let adminShutdown = SQLState("57P01")
    /// 57P02: the server threw the session out because another one crashed.
    public static let crashShutdown = SQLState("57P02")
}
