import Foundation
import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite("Connecting", .timeLimit(.minutes(10)))
struct ConnectTests {
    @Test("to where nobody listens fails with SQLSTATE 08001")
    func unreachable() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect(PostgresConfiguration(database: "host=/nonexistent user=nobody"))
        }
        #expect(error?.sqlState == .unableToConnect)
        #expect(error?.message.contains("/nonexistent") == true)
    }

    @Test("to a private server: as root, the folder and what its start wrote there are the server's own, not root's")
    func privateFolder() async throws {
        let folder = try await SharedCluster.task.value.folder
        let owners = try Set(
            ["", "/data", "/initdb.log", "/log"].map {
                try FileManager.default.attributesOfItem(atPath: folder + $0)[.ownerAccountName] as? String
            }
        )
        #expect(owners.count == 1)
        #expect(getuid() != 0 || owners == ["postgres"])
    }

    @Test("to a database that is not there fails with the server's own SQLSTATE")
    func noSuchDatabase() async throws {
        let error = await #expect(throws: PostgresError.self) { try await SharedCluster.connect(database: "nowhere") }
        #expect(error?.sqlState == .invalidCatalogName)
        #expect(error?.message.contains("nowhere") == true)
    }

    @Test("with a wrong password fails with SQLSTATE 28P01, with the right one it works")
    func passwords() async throws {
        let cluster = try await PrivateCluster.start()
        let administrator = try await PostgresConnection.connect(
            PostgresConfiguration(database: cluster.connectionString())
        )
        try await administrator.query("create role clerk login password 'right'")
        try append("local all clerk scram-sha-256\n", before: "local all", to: "\(cluster.folder)/data/pg_hba.conf")
        try await administrator.query("select pg_reload_conf()")
        func connect(password: String) async throws -> PostgresConnection {
            let database = "host=\(cluster.folder) port=5432 user=clerk dbname=postgres password=\(password)"
            return try await .connect(PostgresConfiguration(database: database))
        }
        var error: PostgresError?
        for _ in 0..<3000 {  // The server takes a moment to read its configuration again.
            do { _ = try await connect(password: "wrong") } catch let refusal as PostgresError { error = refusal }
            if error != nil { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(error?.sqlState == .invalidPassword)
        #expect(error?.message.contains("password authentication failed") == true)
        #expect(try await connect(password: "right").query("select 1").count == 1)
        await cluster.stop()
    }

    @Test("lists the session under the program's name unless the user gives another")
    func applicationName() async throws {
        let cluster = try await SharedCluster.task.value
        for (addition, expected) in [("", "program"), (" application_name=mine", "mine")] {
            let connection = try await PostgresConnection.connect(
                PostgresConfiguration(database: cluster.connectionString() + addition, applicationName: "program")
            )
            let row = try await connection.query("select current_setting('application_name') as name")[0]
            #expect(try row.value("name", as: String.self) == expected)
        }
    }

    @Test("does not wait for a host that never answers longer than connect_timeout")
    func timeout() async throws {
        // A socket that listens and never accepts: the connection is made, the server says nothing.
        let port = try SilentServer()
        defer { port.close() }
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect(
                PostgresConfiguration(database: "host=127.0.0.1 port=\(port.number) connect_timeout=2")
            )
        }
        #expect(error?.sqlState == .unableToConnect)
        #expect(error?.message.contains("timeout expired") == true)
    }

    /// Puts a line before the first one that begins in a certain way.
    private func append(_ line: String, before beginning: String, to path: String) throws {
        let file = try #require(fopen(path, "r+"))
        defer { fclose(file) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            lines.append(text)
        }
        let words = beginning.split(separator: " ")
        let index = lines.firstIndex { $0.split(whereSeparator: \.isWhitespace).starts(with: words) }
        lines.insert(line, at: try #require(index))
        rewind(file)
        for line in lines { fputs(line, file) }
    }
}

/// A port of this machine where connections are accepted by the system and answered by nobody.
private struct SilentServer {
    let descriptor: Int32
    let number: UInt16

    init() throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        try withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = try #require(bytes.bindMemory(to: sockaddr.self).baseAddress)
            try #require(bind(descriptor, pointer, length) == 0)
            try #require(listen(descriptor, 4) == 0)
            try #require(getsockname(descriptor, pointer, &length) == 0)
        }
        number = UInt16(bigEndian: address.sin_port)
    }

    func close() {
        #if canImport(Darwin)
            Darwin.close(descriptor)
        #elseif canImport(Musl)
            Musl.close(descriptor)
        #else
            Glibc.close(descriptor)
        #endif
    }
}
