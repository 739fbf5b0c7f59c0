import Foundation
import PrivatePostgres
import TestSupport

/// The command psql.
enum Psql {
    /// Runs a script on a database, and says how psql ended.
    static func run(_ script: String, on database: TestDatabase) async throws -> ChildProcess.ExitStatus {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).sql")
        try script.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = try ChildProcess("psql", ["-X", "-q", "-d", database.connectionString, "-f", file.path()])
        return await process.waitForExit()
    }
}
