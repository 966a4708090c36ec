import Control
import ControlSocket
import Foundation

/// A large table in motion in every way, and whether anything else waits for it: answers, and KEEPALIVEs to neighbors
/// with a hold time of 3 s.
final class Slices {
    private let daemon: SoakDaemon
    private let probe: ControlProbe
    private let players: SoakPlayers
    private let count: Int
    private var policy = SlicesPolicy()
    private var phases: [SlicesPhase] = []

    init(_ program: String, _ count: Int, _ folder: URL) {
        SoakNetwork.make()
        daemon = SoakDaemon(program, folder, configuration: policy.text)
        probe = ControlProbe(daemon.socket)
        players = SoakPlayers(tableCount: count)
        self.count = count
    }

    /// Runs all phases; the report.
    func run() -> String {
        phase("nothing happens") { phase in
            players.start(.idle)
            players.start(.sink)
            wait(&phase) { self.isUp(.idle) && self.isUp(.sink) }
        }
        come()
        reload()
        group()
        look()
        leave()
        probe.end()
        let report = SlicesReport(version: daemon.version, count: count, phases: phases)
        return report.text
    }

    // MARK: Phases

    private func come() {
        players.end(.sink)
        phase("the table arrives") { phase in
            players.start(.table)
            wait(&phase) { self.pathCount == self.count }
        }
        phase("its neighbor drops") { phase in
            players.end(.table)
            wait(&phase) { self.pathCount == 0 }
        }
        players.start(.sink)
        phase("arrives, sent to a neighbor") { phase in
            players.start(.table)
            wait(&phase) { self.hasCome(1, .sink) }
        }
    }

    private func reload() {
        phase("reload, other input policy") { phase in
            policy.input = 1
            take(policy, &phase)
            wait(&phase) { self.hasCome(1, .sink) }
        }
        phase("reload, other output policy") { phase in
            policy.sink = 3
            take(policy, &phase)
            wait(&phase) { self.hasCome(1, .sink) }
        }
        phase("a neighbor asks for all") { phase in
            players.say("refresh", to: .sink)
            wait(&phase) { self.hasCome(1, .sink) }
        }
    }

    private func group() {
        policy.receivers = [3, 2]
        _ = daemon.reload(policy.text)
        phase("two more come, one shares") { phase in
            players.start(.receiver)
            wait(&phase) { self.hasCome(2, .receiver) }
        }
        phase("reload, one changes groups") { phase in
            policy.receivers = [2, 2]
            take(policy, &phase)
            wait(&phase) { self.hasCome(1, .receiver) }
        }
        phase("reload, one leaves its group") { phase in
            policy.receivers = [4, 2]
            take(policy, &phase)
            wait(&phase) { self.hasCome(1, .receiver) }
        }
        phase("reload, all in one group") { phase in
            policy.receivers = [3, 3]
            take(policy, &phase)
            wait(&phase) { self.hasCome(2, .receiver) }
        }
    }

    private func look() {
        phase("pages and a search") { phase in
            search(&phase)
        }
        phase("the same beside a reload") { phase in
            policy.input = 2
            take(policy, &phase)
            search(&phase)
            wait(&phase) { self.hasCome(1, .sink) && self.hasCome(2, .receiver) }
        }
    }

    private func leave() {
        phase("two neighbors leave") { phase in
            players.end(.receiver)
            wait(&phase) { self.sessionCount == 3 }
        }
        phase("the table's neighbor drops") { phase in
            players.end(.table)
            wait(&phase) { self.pathCount == 0 }
        }
    }

    private func phase(_ name: String, _ body: (inout SlicesPhase) -> Void) {
        FileHandle.standardError.write(Data("slices: \(name)\n".utf8))
        _ = players.silentRoles()
        _ = players.takeFacts()
        _ = probe.take()
        var phase = SlicesPhase(name)
        let start = Date()
        body(&phase)
        phase.seconds = Date().timeIntervalSince(start)
        phase.answers = probe.take()
        phase.take(phase.answers)
        // What is cleared up afterwards, and a KEEPALIVE that was due in the end.
        usleep(2_200_000)
        phase.take(probe.take())
        for role in players.silentRoles() {
            phase.breaches.append("the player of \(role) does not answer")
        }
        for (role, facts) in players.takeFacts() { phase.take(facts, of: role) }
        if !daemon.isRunning { phase.breaches.append("the daemon has ended") }
        phases.append(phase)
    }

    private func take(_ policy: SlicesPolicy, _ phase: inout SlicesPhase) {
        if !daemon.reload(policy.text) { phase.breaches.append("the reload was not taken") }
    }

    // MARK: Looking

    /// Goes through pages from everywhere, then to the end of a search that finds nothing.
    private func search(_ phase: inout SlicesPhase) {
        do {
            var client = try ControlClient(path: daemon.socket)
            var request = RIBPageRequest(table: .locRIB, limit: 60, withAttributes: false)
            for number in 0..<200 as Range<UInt32> {
                request.position = .share(number * 4999)
                _ = try client.ask(request)
            }
            request.filter = RIBFilter([.community(.standard(65535, 1))])
            request.position = .start
            let start = Date()
            var slices = 0
            while true {
                let page = try client.ask(request)
                slices += 1
                if page.isPreparing { continue }
                guard let next = page.next else { break }
                request.position = .after(next)
            }
            let seconds = Date().timeIntervalSince(start)
            phase.notes.append(String(format: "the search took %.2f s in \(slices) pages", seconds))
        } catch {
            phase.breaches.append("a page was not answered: \(error)")
        }
    }

    // MARK: Waiting

    private var pathCount: Int { probe.latest.map { Int($0.pathCount) } ?? -1 }

    private var sessionCount: Int { probe.latest.map { Int($0.sessionsUp) } ?? -1 }

    private func isUp(_ role: SoakRole) -> Bool {
        players.facts(role)?.established == role.count
    }

    /// The neighbors of a role were sent the table, so many times in all since the phase began.
    private func hasCome(_ times: Int, _ role: SoakRole) -> Bool {
        (players.facts(role)?.announced ?? 0) >= times * count
    }

    private func wait(_ phase: inout SlicesPhase, _ isDone: () -> Bool) {
        let end = Date() + 120
        while !isDone() {
            guard Date() < end, daemon.isRunning else {
                phase.breaches.append("not done within 120 s")
                return
            }
            usleep(20_000)
        }
    }
}
