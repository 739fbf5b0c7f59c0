import Logging

/// Writes each message as a line of standard error, as swift-log does, without what a terminal or whoever reads lines
/// would obey: a name with a line feed in it must not look like another message.
struct TextLogHandler: LogHandler {
    private var handler: StreamLogHandler

    /// Makes a handler of one that writes lines.
    init(_ handler: StreamLogHandler) {
        self.handler = handler
    }

    var logLevel: Logger.Level {
        get { handler.logLevel }
        set { handler.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue.mapValues { "\("\($0)".escapingControls())" } }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue.map { "\("\($0)".escapingControls())" } }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\("\(event.message)".escapingControls())"
        event.metadata = event.metadata?.mapValues { "\("\($0)".escapingControls())" }
        handler.log(event: event)
    }
}
