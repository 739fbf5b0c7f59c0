/// Work that the database has not done.
struct UnfinishedWork: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
