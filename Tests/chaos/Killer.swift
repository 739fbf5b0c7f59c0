import PostgresClient
import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Kills workers, sessions and the server, some a second.
struct Killer {
    let crew: Crew
    let cluster: PrivateCluster
    let session: Session
    let tally: Tally
    let host: String
    var dice: Dice

    private enum Deed { case session, worker, server, backend, cancel, stop, finish, people }

    mutating func work(until end: ContinuousClock.Instant, perSecond: Int) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(dice.number(1...(2000 / perSecond))))
            do {
                try await act()
            } catch let error as PostgresError where error.isPassing {
                tally.count("killer without a server")
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private mutating func act() async throws {
        let place = dice.number(0...(Crew.places.count - 1))
        switch dice.choice(
            [
                .session: 560, .worker: 250, .people: 60, .cancel: 50, .stop: 40, .finish: 25, .server: 8, .backend: 7,
            ] as KeyValuePairs<Deed, Int>
        ) {
        case .session: try await endSessions(of: "reimburse%", named: "sessions")
        case .people: try await endSessions(of: "chaos", named: "people's sessions")
        case .worker:
            // Now and then all of them at once, as when their machine goes.
            for place in dice.chance(5) ? Array(Crew.places.indices) : [place] {
                guard let process = await crew.send(SIGKILL, to: place) else { continue }
                tally.died("\(host)/\(process)")
                tally.count("kill: workers")
            }
        case .finish:
            if await crew.send(SIGTERM, to: place) != nil { tally.count("workers told to stop") }
        case .stop:
            guard await crew.send(SIGSTOP, to: place) != nil else { return }
            tally.count("workers stopped for a while")
            // Now and then longer than a worker is given to begin what it has claimed.
            let time = Duration.milliseconds(dice.chance(30) ? dice.number(6000...9000) : dice.number(50...3000))
            let crew = crew
            Task {
                try? await Task.sleep(for: time)
                await crew.send(SIGCONT, to: place)
            }
        case .cancel:
            let processes = try await transfers()
            guard !processes.isEmpty else { return }
            let process = processes[dice.number(0...(processes.count - 1))]
            _ = try await session.ask("SELECT pg_cancel_backend(\(process))")
            tally.count("statements cancelled")
        case .backend:
            // The server takes that for a crash, ends all sessions and recovers.
            let processes = try await transfers()
            guard !processes.isEmpty else { return }
            tally.crashed()
            kill(Int32(processes[dice.number(0...(processes.count - 1))]), SIGKILL)
            tally.count("kill: backends by SIGKILL")
        case .server:
            tally.crashed()
            try await cluster.crash()
            try await Task.sleep(for: .milliseconds(dice.number(0...1500)))
            try await cluster.restart()
            tally.crashed()
            tally.count("kill: servers")
        }
    }

    /// Ends one to three sessions, those that carry out a transfer before others.
    private mutating func endSessions(of application: String, named name: String) async throws {
        let rows = try await session.ask(
            """
            SELECT pid, state = 'active' AND query LIKE '%execute_jobs%' AS transfers FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE \(application) AND pid <> pg_backend_pid()
            ORDER BY 2 DESC, pid
            """
        )
        guard !rows.isEmpty else { return }
        let busy = rows.count { $0.texts[1] == "t" }
        for _ in 0..<dice.number(1...3) {
            let isBusy = busy > 0 && dice.chance(60)
            let row = rows[dice.number(0...((isBusy ? busy : rows.count) - 1))]
            let ended = try await session.ask("SELECT pg_terminate_backend(\(row.value("pid") as Int)) AS ended")
            guard ended[0].texts[0] == "t" else { continue }
            tally.count("kill: \(name)")
            if row.texts[1] == "t" { tally.count("sessions ended in a transfer") }
        }
    }

    private func transfers() async throws -> [Int] {
        try await session.ask(
            """
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
                AND application_name LIKE 'reimburse%' AND query LIKE '%execute_jobs%' ORDER BY pid
            """
        ).map { try $0.value("pid") }
    }
}
