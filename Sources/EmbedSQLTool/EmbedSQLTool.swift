import Foundation

/// Writes a Swift file that holds SQL files, for the plugin EmbedSQL.
///
/// Arguments: the file to write, then for each folder `--root`, the folder, and the paths of its files from there.
@main
struct EmbedSQLTool {
    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        let output = URL(filePath: arguments.removeFirst())
        var text = """
            /// The SQL that the package carries, each file under its path.
            enum EmbeddedSQL {
                static let files: [SQLFile] = [

            """
        var root = URL(filePath: ".")
        while let argument = arguments.popFirst() {
            if argument == "--root" {
                root = URL(filePath: arguments.removeFirst(), directoryHint: .isDirectory)
            } else {
                let content = try String(contentsOf: root.appending(path: argument), encoding: .utf8)
                text += "SQLFile(path: \(literal(argument)), text: \(literal(content))),\n"
            }
        }
        text += "]\n}\n"
        try text.write(to: output, atomically: true, encoding: .utf8)
    }

    /// A raw string literal, with more signs around it than the text has in a row.
    private static func literal(_ text: String) -> String {
        var signs = "#"
        while text.contains(signs) { signs += "#" }
        return "\(signs)\"\"\"\n\(text)\n\"\"\"\(signs)"
    }
}
