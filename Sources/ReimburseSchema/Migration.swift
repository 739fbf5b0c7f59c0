/// A file that is run once.
public struct Migration: Hashable, Sendable {
    /// The number at the beginning of the file's name.
    public let version: Int
    /// The file.
    public let file: SQLFile

    /// All that the program carries, in order.
    public static let all: [Migration] = SQLFile.files(in: "migrations").map { file in
        guard let version = Int(file.name.prefix { $0.isNumber }) else {
            preconditionFailure("\(file.path) does not begin with a number")
        }
        return Migration(version: version, file: file)
    }
}
