import Foundation
import Testing

@testable import ReimburseSchema

@Suite("The embedded SQL")
struct EmbeddedSQLTests {
    @Test("is what the files hold, all of them, byte by byte")
    func equalsTheFiles() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = package.appending(path: "sql")
        let paths = try #require(FileManager.default.enumerator(atPath: folder.path()))
            .compactMap { $0 as? String }
            .filter { $0.hasSuffix(".sql") }
        #expect(!paths.isEmpty)
        let embedded = EmbeddedSQL.files.filter { !$0.path.hasPrefix("Installer/") }
        #expect(Set(embedded.map(\.path)) == Set(paths))
        for file in embedded {
            let content = try Data(contentsOf: folder.appending(path: file.path))
            #expect(Data(file.text.utf8) == content, "\(file.path)")
        }
    }

    @Test("has migrations numbered from one without gaps")
    func migrationNumbers() {
        #expect(Migration.all.map(\.version) == Array(1...Migration.all.count))
    }
}
