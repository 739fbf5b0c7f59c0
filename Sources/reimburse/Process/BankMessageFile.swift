import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that a bank made, and the encoding that it says it has.
struct BankMessageFile {
    /// What a file cannot be.
    enum Problem: Error, CustomStringConvertible {
        /// It is in UTF-16, or says so; PostgreSQL does not read that.
        case isInUTF16(String)
        /// It says that it is in UTF-8, or says nothing, and is not.
        case isNoUTF8(String)
        /// It is larger than any message that is read.
        case isTooLarge(String)

        var description: String {
            switch self {
            case .isInUTF16(let path):
                "\(path) is encoded in UTF-16, or says so: convert it first, with iconv -f UTF-16 -t UTF-8 for example"
            case .isNoUTF8(let path):
                "\(path) is not encoded in UTF-8, as it should be where it does not say otherwise in its first line"
            case .isTooLarge(let path):
                "\(path) has more than 256 MB, and no larger message is read"
            }
        }
    }

    /// The bytes of the file.
    let bytes: [UInt8]
    /// The encoding that the file says it has, in upper case: UTF-8 where it says nothing.
    let encoding: String

    /// Its content, where it is encoded in UTF-8.
    var text: String? { encoding == "UTF-8" ? String(validating: bytes, as: UTF8.self) : nil }

    /// Reads a file.
    ///
    /// - Throws: ``Problem``, or ``/PrivatePostgres/SystemError`` when it cannot be read.
    init(_ path: String) throws {
        bytes = try Self.bytes(of: path)
        guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]), !bytes.prefix(200).contains(0)
        else {
            throw Problem.isInUTF16(path)
        }
        let beginning = String(decoding: bytes.prefix(200), as: UTF8.self)
        let declared = beginning.firstMatch(of: /<\?xml\s[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/)
        encoding = declared.map { $0.1.uppercased() } ?? "UTF-8"
        guard !encoding.hasPrefix("UTF-16") else { throw Problem.isInUTF16(path) }
        guard encoding != "UTF-8" || (text != nil && !bytes.contains(0)) else { throw Problem.isNoUTF8(path) }
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw SystemError(action: "cannot read \(path)", code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= 256 << 20 else { throw Problem.isTooLarge(path) }
        }
        guard ferror(file) == 0 else { throw SystemError(action: "cannot read \(path)", code: errno) }
        return bytes
    }
}
