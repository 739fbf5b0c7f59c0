import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file system of a few megabytes in memory, to be filled up.
public final class SmallDisk: Sendable {
    /// Where it is mounted; the folder is the server's user's.
    public let folder: String
    private let ballast: String

    /// Mounts one.
    ///
    /// - Returns: The file system; `nil` where mounting is not permitted.
    public static func mounted(megabytes: Int) async -> SmallDisk? {
        var template = Array("/tmp/reimburse-disk.XXXXXX".utf8CString)
        guard geteuid() == 0, mkdtemp(&template) != nil else { return nil }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let options = "size=\(megabytes)m,mode=0700"
        let mount = try? ChildProcess("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder])
        guard await mount?.waitForExit() == .exited(0), let user = getpwnam("postgres"),
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0
        else {
            rmdir(folder)
            return nil
        }
        return SmallDisk(folder: folder)
    }

    private init(folder: String) {
        self.folder = folder
        ballast = "\(folder)/ballast"
    }

    /// Fills it, to the last page.
    public func fill() {
        guard let file = fopen(ballast, "w") else { return }
        defer { fclose(file) }
        let block = [UInt8](repeating: 1, count: 4096)
        while fwrite(block, 1, block.count, file) == block.count && fflush(file) == 0 {}
    }

    /// Makes room again.
    public func makeRoom() {
        unlink(ballast)
    }

    /// Unmounts it; what is in it is gone.
    public func end() async {
        _ = await (try? ChildProcess("umount", ["--lazy", folder]))?.waitForExit()
        rmdir(folder)
    }
}
