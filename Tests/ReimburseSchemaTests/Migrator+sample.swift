@testable import ReimburseSchema

extension Migrator {
    /// A migrator of files made up for a test, by their names.
    static func sample(functions: [String: String] = [:], views: [String: String] = [:]) -> Migrator {
        func files(_ folder: String, _ texts: [String: String]) -> [SQLFile] {
            texts.sorted { $0.key < $1.key }.map { SQLFile(path: "\(folder)/\($0.key).sql", text: $0.value) }
        }
        return Migrator(migrations: [], rules: [], objects: files("functions", functions) + files("views", views))
    }
}
