import ArgumentParser

/// An address and a port, as 127.0.0.1:9187 or [::1]:9187.
struct MetricsAddress: ExpressibleByArgument, CustomStringConvertible {
    /// The address of the interface, without brackets.
    let host: String
    /// The port; 0 is any that is free.
    let port: UInt16

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads an address and a port.
    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = host
        self.port = port
    }
}
