#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The program that this process executes.
public enum OwnExecutable {
    /// Its path.
    public static var path: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        #if canImport(Darwin)
            var size = UInt32(buffer.count)
            _NSGetExecutablePath(&buffer, &size)
        #else
            readlink("/proc/self/exe", &buffer, buffer.count - 1)
        #endif
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
