import PostgresClient

/// An argument for a function in the database, by its name there.
struct NamedArgument {
    private let sql: SQL

    /// An argument that was given, or `nil` for one that was not: the database then has its default.
    init?(_ name: String, _ value: (some PostgresEncodable)?) {
        guard let value else { return nil }
        sql = "\(identifier: name) => \(value)"
    }

    /// The arguments as a function takes them.
    static func list(_ arguments: [NamedArgument]) -> SQL {
        SQL(joining: arguments.map(\.sql), separator: ", ")
    }
}
