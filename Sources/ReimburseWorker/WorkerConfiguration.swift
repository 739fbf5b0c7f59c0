import PostgresClient

/// How a worker works.
public struct WorkerConfiguration: Sendable {
    /// Where the database is.
    public var postgres: PostgresConfiguration
    /// The queue that jobs are taken from.
    public var queue: String
    /// How many jobs are carried out at the same time, each on a connection of its own.
    public var concurrency: Int
    /// Whether to end once no job is ready, running or waiting for its next attempt.
    public var drain: Bool
    /// How often to look for jobs without being told, give or take a quarter; for lost attempts, twice as often.
    public var pollInterval: Duration
    /// Whether to listen for what the queue has to say; otherwise it only looks by itself, as through a pooler.
    public var listens: Bool
    /// How long a job waits for a lock that somebody else has before the attempt fails, to be tried again; zero is
    /// for ever.
    public var lockTimeout: Duration
    /// The name under which jobs are claimed.
    public var name: String
    /// Where it says that it is well.
    public var health: WorkerHealth

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - postgres: Where the database is.
    ///   - queue: The queue that jobs are taken from.
    ///   - concurrency: How many jobs are carried out at the same time, at least one.
    ///   - drain: Whether to end once no job is ready, running or waiting for its next attempt.
    ///   - pollInterval: How often to look for jobs and for lost attempts, give or take a quarter.
    ///   - listens: Whether to listen for what the queue has to say.
    ///   - lockTimeout: How long a job waits for a lock; zero is for ever.
    ///   - name: The name under which jobs are claimed.
    ///   - health: Where it says that it is well.
    public init(
        postgres: PostgresConfiguration,
        queue: String = "default",
        concurrency: Int = 1,
        drain: Bool = false,
        pollInterval: Duration = .seconds(1),
        listens: Bool = true,
        lockTimeout: Duration = .seconds(300),
        name: String = ProcessName.current,
        health: WorkerHealth = WorkerHealth()
    ) {
        precondition(concurrency >= 1, "a worker without a slot does nothing")
        self.postgres = postgres
        self.queue = queue
        self.concurrency = concurrency
        self.drain = drain
        self.pollInterval = pollInterval
        self.listens = listens
        self.lockTimeout = lockTimeout
        self.name = name
        self.health = health
    }
}
