/// Lets one task at a time through, in the order in which they came.
///
/// Actors are re-entrant and a connection is not: between a statement and its result, other tasks enter the actor.
/// The gate is a part of that actor's state and is used on it alone.
struct FirstInFirstOutGate {
    private var isOccupied = false
    private var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []

    /// How many are in line.
    var length: Int { waiting.count }

    /// Leaves the gate to the next in line.
    mutating func leave() {
        if waiting.isEmpty {
            isOccupied = false
        } else {
            waiting.removeFirst().continuation.resume()
        }
    }

    /// Takes a task out of the line; it gets a `CancellationError`.
    mutating func giveUp(ticket: Int) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// Enters at once if nobody is inside.
    mutating func tryToEnter() -> Bool {
        guard !isOccupied else { return false }
        isOccupied = true
        return true
    }

    /// Joins the end of the line.
    mutating func join(ticket: Int, continuation: CheckedContinuation<Void, any Error>) {
        waiting.append((ticket, continuation))
    }
}

extension PostgresConnection {
    /// Waits until the gate is free for this task.
    ///
    /// - Parameter ticket: What to name to give up waiting.
    /// - Throws: `CancellationError` when the task gave up.
    func enterGate(ticket: Int) async throws {
        if gate.tryToEnter() { return }
        try await withCheckedThrowingContinuation { gate.join(ticket: ticket, continuation: $0) }
    }
}
