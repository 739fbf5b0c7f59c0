import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads lines from a descriptor, without blocking any of Swift's own threads, and closes it in the end.
public final class LineReader: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "lines")
    private let unread = Mutex<[UInt8]>([])

    /// Takes over a descriptor that is open for reading.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The next line without its end, or `nil` at the end.
    public func line() async -> String? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.readLine()) }
        }
    }

    /// All lines up to the end.
    public func rest() async -> [String] {
        var lines: [String] = []
        while let line = await line() { lines.append(line) }
        return lines
    }

    private func readLine() -> String? {
        unread.withLock { unread in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { unread.removeSubrange(...end) }
                    return String(decoding: unread[..<end], as: UTF8.self)
                }
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    defer { unread = [] }
                    return unread.isEmpty ? nil : String(decoding: unread, as: UTF8.self)
                }
                unread += buffer[..<count]
            }
        }
    }
}
