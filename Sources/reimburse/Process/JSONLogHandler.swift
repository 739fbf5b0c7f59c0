import Logging

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes each message as an object of JSON on a line of standard error.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var members = [
            ("time", Self.now()), ("level", event.level.rawValue), ("message", "\(event.message)"),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        members += all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let object = members.map { "\(JSON.string($0)):\(JSON.string($1))" }.joined(separator: ",")
        Terminal.standardError.write("{\(object)}\n")
    }

    /// The time in UTC, to the millisecond, as RFC 3339 writes it.
    private static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        gmtime_r(&time.tv_sec, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let milliseconds = String(time.tv_nsec / 1_000_000 + 1000).dropFirst()
        let seconds = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(seconds).\(milliseconds)Z"
    }
}

/// What little of JSON the program writes itself; rows become JSON in PostgreSQL.
enum JSON {
    /// A string in quotes.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.isControl: result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A document of JSON without what a terminal would obey, which can only stand in its strings; line breaks stay.
    static func withoutControls(_ document: String) -> String {
        guard document.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" }) else { return document }
        var result = ""
        for scalar in document.unicodeScalars {
            if scalar.isControl && scalar != "\n" {
                result += escape(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let hexadecimal = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
    }
}
