import Foundation

/// Peerglass under load and attack for some minutes, in namespaces of its own.
///
/// 201 well-behaved neighbors and ten behind a link that dies are up throughout; what happens beside them happens
/// first alone, a phase each, then all at once.
final class Soak {
    private let daemon: SoakDaemon
    private let watch: SoakWatch
    private let phaseSeconds: Int
    private let tableCount: Int
    private let players: SoakPlayers
    private var phases: [SoakPhase] = []
    private var report: SoakReport

    /// Prepares a soak of about so many seconds.
    init(_ program: String, seconds: Int, tableCount: Int, _ folder: URL) {
        SoakNetwork.make()
        daemon = SoakDaemon(program, folder)
        watch = SoakWatch(daemon)
        self.tableCount = tableCount
        players = SoakPlayers(tableCount: tableCount)
        // Six phases, and the last one three times as long.
        phaseSeconds = max(10, seconds / 9)
        report = SoakReport(version: daemon.version, tableCount: tableCount)
    }

    /// Runs all phases and prints what came of them; false where something was not as it must be.
    func run() -> Bool {
        for role in [.crowd, .secured, .flaky] as [SoakRole] { players.start(role) }
        phase("start") { phase in
            wait(within: 60, &phase, "all sessions and their routes") { self.isSettled }
        }
        phase("quiet") { _ in self.pass(self.phaseSeconds) }
        report.baseline = phases.last
        phase("connection storm") { self.attack(.storm, for: self.phaseSeconds, &$0) }
        phase("half-open connections") { self.attack(.halfOpen, for: self.phaseSeconds, &$0) }
        phase("wrong MD5 keys") { self.attack(.wrongKey, for: self.phaseSeconds, &$0) }
        phase("an octet a second") { phase in
            self.players.start(.slow)
            self.players.churn(20)
            self.pass(self.phaseSeconds)
            self.players.churn(0)
        }
        phase("links that die") { phase in self.killLinks(for: self.phaseSeconds, &phase) }
        phase("\(tableCount) routes") { phase in self.sendTable(&phase) }
        phase("all at once") { phase in self.doAll(&phase) }
        phase("quiet again") { phase in
            self.players.end(.slow)
            self.pass(min(20, self.phaseSeconds))
            self.wait(within: 60, &phase, "all sessions again") { self.isSettled }
        }
        watch.end()
        report.phases = phases
        report.logSize = daemon.logSize
        report.print()
        let breaches = report.breaches
        if !breaches.isEmpty {
            print("\nthe last of the daemon's log that may have to do with it:")
            let words = ["session down", "error:", "warning:"]
            for line in daemon.logLines(holding: words, limit: 20) { print("  " + line) }
        }
        return breaches.isEmpty
    }

    // MARK: Phases

    private func phase(_ name: String, _ body: (inout SoakPhase) -> Void) {
        FileHandle.standardError.write(Data("soak: \(name)\n".utf8))
        var phase = SoakPhase(name)
        let start = Date()
        body(&phase)
        if !daemon.isRunning { phase.breaches.append("the daemon has ended") }
        collect(&phase)
        phase.peaks = watch.take()
        phase.seconds = Date().timeIntervalSince(start)
        phase.judge()
        phases.append(phase)
    }

    private func attack(_ attack: SoakAttack, for seconds: Int, _ phase: inout SoakPhase) {
        let attacker = start(attack)
        pass(seconds)
        end(attacker, attack, &phase)
    }

    private func killLinks(for seconds: Int, _ phase: inout SoakPhase) {
        let end = Date() + TimeInterval(seconds)
        var deaths = 0
        repeat {
            for death in SoakNetwork.Death.allCases {
                SoakNetwork.kill(death)
                // Longer than the longer hold time every other time.
                pass(deaths % 2 == 0 ? 12 : 2)
                SoakNetwork.revive(death)
                deaths += 1
                pass(3)
            }
        } while Date() < end
        phase.notes.append("\(deaths) deaths of the link")
        wait(within: 60, &phase, "the neighbors behind the link") {
            self.players.facts(.flaky)?.established == SoakRole.flaky.count
        }
    }

    /// A table arrives, is exported, asked for by the sink and by us, while somebody scrolls.
    private func sendTable(_ phase: inout SoakPhase) {
        let screen = SoakScreen(daemon.dashboard)
        players.start(.table)
        players.start(.sink)
        time("export", &phase) { self.hasArrived($0) }
        players.say("refresh", to: .sink)
        time("refresh to the sink", &phase) { self.hasArrived($0) }
        daemon.askForRefresh(table)
        time("refresh from the table", &phase) { _ in self.hasRefreshed(2) }
        note(screen.end(), &phase)
    }

    private func doAll(_ phase: inout SoakPhase) {
        let end = Date() + TimeInterval(3 * phaseSeconds)
        let screen = SoakScreen(daemon.dashboard)
        let attacks: [SoakAttack] = [.storm, .halfOpen, .wrongKey]
        let attackers = attacks.map { ($0, start($0)) }
        players.churn(20)
        daemon.askForRefresh(table)
        repeat {
            for death in SoakNetwork.Death.allCases {
                players.say("refresh", to: .sink)
                SoakNetwork.kill(death)
                pass(12)
                SoakNetwork.revive(death)
                pass(3)
            }
        } while Date() < end
        players.churn(0)
        for (attack, attacker) in attackers { self.end(attacker, attack, &phase) }
        note(screen.end(), &phase)
    }

    // MARK: Neighbors

    private var table: SoakNeighbor { SoakNeighbor(role: .table, number: 0) }

    private func start(_ attack: SoakAttack) -> Child {
        let words = ["--attack", attack.rawValue]
        return Shell.start(SoakPlayers.command(in: SoakNetwork.neighbors) + words, output: true)
    }

    private func end(_ attacker: Child, _ attack: SoakAttack, _ phase: inout SoakPhase) {
        attacker.say("end")
        guard
            let result = SoakLine.read(
                attacker.readLine(seconds: 3600) ?? "",
                as: SoakAttack.Result.self
            )
        else {
            phase.breaches.append("the attacker (\(attack)) has ended early")
            return
        }
        switch attack {
        case .storm:
            phase.notes.append("\(result.attempts) connections, \(result.held) open at once")
        case .halfOpen:
            phase.notes.append("\(result.held) half-open at once")
            if result.held < SoakRole.silent.count * 9 / 10 {
                phase.breaches.append("only \(result.held) half-open connections could be held")
            }
        case .wrongKey:
            phase.notes.append("\(result.attempts) SYNs, \(result.connected) of them let in")
            if result.connected > 0 { phase.breaches.append("a wrong key was let in") }
        }
    }

    private func collect(_ phase: inout SoakPhase) {
        for role in players.silentRoles() {
            phase.breaches.append("the player of \(role) does not answer")
        }
        let seen = players.takeFacts()
        for (role, facts) in seen where role.isWellBehaved {
            phase.facts.add(facts)
            if facts.established < role.count {
                phase.breaches.append("\(facts.established) of \(role.count) \(role) are up")
            }
        }
        phase.flakyLosses = seen[.flaky]?.losses ?? 0
    }

    // MARK: Waiting

    /// All sessions are up and everybody of the crowd has everybody's routes.
    private var isSettled: Bool {
        let roles = [.crowd, .secured, .flaky] as [SoakRole]
        return roles.allSatisfy { players.facts($0)?.established == $0.count }
    }

    /// The sink has been sent everything since it had had that many routes.
    private func hasArrived(_ start: Int) -> Bool {
        let others = SoakRole.crowd.count * SoakRole.crowd.routeCount
        return (players.facts(.sink)?.announced ?? 0) - start >= tableCount + others
    }

    /// The table has come that many times.
    private func hasRefreshed(_ count: Int) -> Bool {
        let updates = daemon.view(of: table)?.neighbors.first?.stats.update.received.updates ?? 0
        return updates >= count * tableCount
    }

    private func time(_ what: String, _ phase: inout SoakPhase, _ isDone: (Int) -> Bool) {
        let start = Date()
        let before = players.seen[.sink]?.announced ?? 0
        wait(within: 400, &phase, what) { isDone(before) }
        phase.notes.append(String(format: "\(what) %.1f s", Date().timeIntervalSince(start)))
    }

    private func wait(
        within seconds: Int,
        _ phase: inout SoakPhase,
        _ what: String,
        _ isDone: () -> Bool
    ) {
        let end = Date() + TimeInterval(seconds)
        while !isDone() {
            guard Date() < end else {
                phase.breaches.append("\(what): not within \(seconds) s")
                return
            }
            usleep(200_000)
        }
    }

    private func pass(_ seconds: Int) {
        usleep(UInt32(seconds) * 1_000_000)
    }

    private func note(_ screen: SoakScreen.Result, _ phase: inout SoakPhase) {
        phase.notes.append(
            "\(screen.keys) keys in the dashboard, the slowest answered in \(screen.slowest) ms"
        )
        if !screen.isAlive { phase.breaches.append("the dashboard did not stay") }
    }
}
