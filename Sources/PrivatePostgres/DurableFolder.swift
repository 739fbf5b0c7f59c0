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
        ["/tmp", "/var/tmp"].first { isInMemory($0) == false } ?? "/tmp"
    }

    /// Whether a folder lies in memory; `nil` where that cannot be found out.
    public static func isInMemory(_ path: String) -> Bool? {
        var status = statfs()
        guard statfs(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            return false
        #else
            // The numbers of tmpfs and ramfs.
            return [0x0102_1994, 0x8584_58f6].contains(Int(status.f_type))
        #endif
    }
}
