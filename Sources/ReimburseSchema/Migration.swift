/// A file that is run once.
public struct Migration: Hashable, Sendable {
    /// The number at the beginning of the file's name.
    public let version: Int
    /// The file.
    public let file: SQLFile

    /// The file that takes it back; `nil` where there is no way back.
    public let wayBack: SQLFile?

    init(version: Int, file: SQLFile, wayBack: SQLFile? = nil) {
        self.version = version
        self.file = file
        self.wayBack = wayBack
    }

    /// All that the program carries, in order.
    public static let all: [Migration] = SQLFile.files(in: "migrations").map { file in
        guard let version = Int(file.name.prefix { $0.isNumber }) else {
            preconditionFailure("\(file.path) does not begin with a number")
        }
        let wayBack = SQLFile.files(in: "ways_back").first { $0.name == file.name }
        return Migration(version: version, file: file, wayBack: wayBack)
    }
}
