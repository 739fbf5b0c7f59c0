import Foundation
import PackagePlugin

/// Compiles the SQL of the package into a target, so that the binary carries it.
///
/// Every `.sql` file of the package's folder `sql` and of the target's own folder becomes an element of
/// `EmbeddedSQL.files`, under its path from there. The package manager plans the build anew, and so asks again for
/// the list of files, when a file comes or goes below the folder of a target: hence the link to `sql` there.
@main
struct EmbedSQL: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else { return [] }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSQL.swift")
        let roots = [context.package.directoryURL.appending(path: "sql"), target.directoryURL]
        let files = roots.map { root in (root: root, paths: Self.paths(below: root)) }
        return [
            .buildCommand(
                displayName: "Embedding SQL",
                executable: try context.tool(named: "embed-sql").url,
                arguments: [output.path()]
                    + files.flatMap { root, paths in ["--root", root.path()] + paths },
                inputFiles: files.flatMap { root, paths in paths.map { root.appending(path: $0) } },
                outputFiles: [output]
            )
        ]
    }

    /// The SQL files below a folder, by their paths from there, in order.
    private static func paths(below root: URL) -> [String] {
        let enumerator = FileManager.default.enumerator(atPath: root.path())
        return (enumerator?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".sql") }.sorted()
    }
}
