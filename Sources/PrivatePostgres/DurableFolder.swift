#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where to put data that is to be written to a disk.
public enum DurableFolder {
    /// A folder for temporary data that does not lie in memory, `/tmp` if that is one; otherwise `/tmp` all the same.
    public static var path: String {
        ["/tmp", "/var/tmp"].first { kind(of: $0).map { !inMemory.contains($0) } ?? true } ?? "/tmp"
    }

    private static let inMemory = ["tmpfs", "ramfs"]

    /// The kind of file system that a folder lies in, such as `ext4`; `nil` where that cannot be found out.
    public static func kind(of path: String) -> String? {
        guard let file = fopen("/proc/self/mounts", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 4096)
        var found: (point: String, kind: String)?
        // A line has the device, the point where it is mounted, and the kind. The longest point above the folder has
        // it; of two at one point, the later.
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            let parts = line.split(separator: " ")
            guard parts.count > 2 else { continue }
            let point = String(parts[1])
            let isAbove = path == point || path.hasPrefix(point.hasSuffix("/") ? point : point + "/")
            if isAbove, point.utf8.count >= found?.point.utf8.count ?? 0 { found = (point, String(parts[2])) }
        }
        return found?.kind
    }
}
