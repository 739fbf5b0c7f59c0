#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Somewhere to write: a terminal, a pipe or a file.
struct Terminal: Sendable {
    /// What others read.
    static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
    /// What went wrong.
    static let standardError = Terminal(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// Keeps the numbers of standard input, output and error from going to a connection where they were closed by
    /// whoever started the program: what is printed would be sent to the server.
    ///
    /// They are opened the wrong way round, so that using them fails as it would if they were closed.
    static func reserveDescriptors() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
            _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether a person looks at it.
    var isInteractive: Bool {
        isatty(descriptor) == 1 && ![nil, "", "dumb"].contains(Self.environment("TERM"))
    }

    /// Whether to set off text by its looks: for a person who has not asked for none by `NO_COLOR`.
    var isStyled: Bool {
        isInteractive && [nil, ""].contains(Self.environment("NO_COLOR"))
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// How many characters fit on a line.
    var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a text at once, without a buffer.
    ///
    /// Where the output cannot be written, the program ends; it goes on without its log and its error messages.
    func write(_ text: String) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count, let start = bytes.baseAddress {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, start + written, bytes.count - written)
                #elseif canImport(Musl)
                    let count = Musl.write(descriptor, start + written, bytes.count - written)
                #else
                    let count = Glibc.write(descriptor, start + written, bytes.count - written)
                #endif
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    guard descriptor == STDOUT_FILENO else { return }
                    let reason = String(cString: strerror(errno))
                    Self.standardError.write("error: cannot write to standard output: \(reason)\n")
                    exit(1)
                }
                written += count
            }
        }
    }
}
