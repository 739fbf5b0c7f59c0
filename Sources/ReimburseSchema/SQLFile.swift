/// A file of SQL that the program carries.
public struct SQLFile: Hashable, Sendable {
    /// Where it lies below `sql`, such as `migrations/0001_types.sql`.
    public let path: String
    /// What stands in it.
    public let text: String

    /// The name without folders and without `.sql`; of a function or a view, also its name in the database.
    public var name: String {
        String((path.split(separator: "/").last ?? "").dropLast(".sql".count))
    }

    /// The files whose paths begin with a folder, in the order of their paths.
    ///
    /// - Parameter folder: A folder below `sql`, such as `demo`.
    /// - Returns: Its files and those of the folders in it.
    public static func files(in folder: String) -> [SQLFile] {
        EmbeddedSQL.files
            .filter { $0.path.hasPrefix("\(folder)/") }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
