#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How much memory processes have.
enum ProcessMemory {
    /// The most memory that a process has had resident, in bytes; `nil` where that cannot be found out.
    static func peak(of process: Int) -> Double? {
        guard let file = fopen("/proc/\(process)/status", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if line.hasPrefix("VmHWM:") {
                return line.split { !$0.isNumber }.first.flatMap { Double($0) }.map { $0 * 1024 }
            }
        }
        return nil
    }
}
