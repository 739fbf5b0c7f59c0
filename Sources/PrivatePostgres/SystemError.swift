#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A call of the operating system that failed.
public struct SystemError: Error, CustomStringConvertible {
    /// What was tried.
    public let action: String
    /// The number of the error, as in `errno`.
    public let code: Int32

    /// An error.
    ///
    /// - Parameters:
    ///   - action: What was tried.
    ///   - code: The number of the error.
    public init(action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    /// What was tried, and why it failed.
    public var description: String { "\(action): \(String(cString: strerror(code)))" }
}
