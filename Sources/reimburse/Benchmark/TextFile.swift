import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Files that the program writes.
enum TextFile {
    /// Writes a file, in place of one that is there.
    ///
    /// - Throws: ``/PrivatePostgres/SystemError``.
    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw SystemError(action: "cannot write \(path)", code: errno) }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw SystemError(action: "cannot write \(path)", code: errno)
        }
    }

    /// Writes a new file in the folder for temporary ones, which nobody else can read or put a link in the place of.
    ///
    /// - Returns: Its path; whoever asked removes it.
    /// - Throws: ``/PrivatePostgres/SystemError``.
    static func writeTemporary(_ text: String) throws -> String {
        var path = Array("/tmp/reimburse.XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            throw SystemError(action: "cannot make a temporary file", code: errno)
        }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw SystemError(action: "cannot write a temporary file", code: errno)
        }
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Makes a folder, unless it is there.
    ///
    /// - Throws: ``/PrivatePostgres/SystemError``.
    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw SystemError(action: "cannot make the folder \(path)", code: errno)
        }
    }
}
