import ArgumentParser
import Logging

/// The form of the log on standard error.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    /// A line for people, with `key=value` pairs.
    case text
    /// An object of JSON on a line of its own.
    case json

    /// Makes what writes a log in this form.
    var handler: @Sendable (String) -> any LogHandler {
        switch self {
        case .text: { TextLogHandler(StreamLogHandler.standardError(label: $0)) }
        case .json: { _ in JSONLogHandler() }
        }
    }
}
