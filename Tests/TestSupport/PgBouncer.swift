import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A PgBouncer in transaction mode before a server, on a Unix socket of its own.
public final class PgBouncer: Sendable {
    private let folder: String
    private let process: ChildProcess

    /// Where the program is, if it is installed; `.ci/install --tests` does that.
    public static let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"]
        .first { (path: String) in access(path, X_OK) == 0 }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - cluster: The server.
    ///   - poolSize: How many sessions on the server all clients share.
    /// - Throws: ``/PrivatePostgres/SystemError`` when it cannot be started.
    public init(before cluster: PrivateCluster, poolSize: Int) async throws {
        var template = Array("/tmp/reimburse-pool.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(action: "cannot make a folder", code: errno) }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let settings = """
            [databases]
            * = host=\(cluster.folder) port=5432 user=postgres

            [pgbouncer]
            unix_socket_dir = \(folder)
            listen_port = 5432
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(poolSize)
            max_client_conn = 100
            server_login_retry = 1
            logfile = \(folder)/log

            """
        guard let file = fopen("\(folder)/settings", "w") else {
            throw SystemError(action: "cannot write to \(folder)", code: errno)
        }
        fputs(settings, file)
        fclose(file)
        let command = [Self.program ?? "pgbouncer", "--quiet", "\(folder)/settings"]
        if geteuid() == 0 {
            // It refuses to run as root, as the server does.
            guard let user = getpwnam("postgres"), chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw SystemError(action: "cannot give \(folder) to postgres", code: errno)
            }
            let change = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
            process = try ChildProcess("setpriv", change + command)
        } else {
            process = try ChildProcess(command[0], Array(command.dropFirst()))
        }
        try await cluster.adopt(process)
        for _ in 0..<6000 where access("\(folder)/.s.PGSQL.5432", F_OK) != 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The way to a database of the server.
    public func database(_ database: TestDatabase) -> TestDatabase {
        TestDatabase(connectionString: "\(database.connectionString) host=\(folder)")
    }

    /// Ends it.
    public func end() async {
        process.send(signal: SIGKILL)
        _ = await process.waitForExit()
        for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock", "settings", "log"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
