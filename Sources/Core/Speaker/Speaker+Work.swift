import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Routing
package import Timekeeping

/// The turn: time, timers, background work, and what comes out.
extension Speaker {
    /// Begins a turn: everything until the next one happens at that moment.
    package func beginTurn(now: Instant, wall: WallTime) {
        // A loop that has waited since its last turn was there to read.
        if now - turnEnd > .milliseconds(1) || busy < Self.shortestBusy { busy = .zero }
        self.now = now
        self.wall = wall
    }

    /// Turns shorter than that make nobody late.
    private static var shortestBusy: Duration { .seconds(1) }

    /// Ends a turn with what the driver measured of it, for the screen.
    ///
    /// - Parameters:
    ///   - duration: how long it took.
    ///   - late: how much later than due it began.
    ///   - work: what it did longest, and for how long.
    package func endTurn(
        took duration: Duration,
        late: Duration,
        work: (name: String, took: Duration)
    ) {
        turns.record(duration, late: late, work: work, now: now, wall: wall)
        busy = duration
        turnEnd = now + duration
    }

    /// What is to be done outside since the last call, in order.
    package func takeEffects() -> [Effect] {
        let taken = effects
        effects = []
        return taken
    }

    /// The earliest moment at which ``timers()`` has something to do.
    package var nextDue: Instant {
        var due = min(rateTickDue, kernel.nextDue)
        for neighbor in neighbors.all {
            due = min(due, neighbor.session.nextDue, neighbor.forgottenAt)
            due = min(due, neighbor.retentionEnd)
        }
        return due
    }

    /// Starts the sessions of the configuration; where routes of an earlier run may be in the kernel, once it is read.
    package func start() {
        if keepsKernelRoutes, kernel.counts.dumps == 0 {
            restart = .awaitingKernel
            return
        }
        startSessions()
    }

    /// Starts the sessions of all neighbors.
    func startSessions() {
        for neighbor in neighbors.all where !neighbor.isTemplate { start(neighbor) }
    }

    /// Starts the session of a neighbor that was never started.
    func start(_ neighbor: Neighbor) {
        let missing = neighbor.hasInterface ? nil : neighbor.configuration.dependsOn
        act(on: neighbor) { session, now, actions in
            if let missing { session.interfaceLost(missing, now: now, into: &actions) }
            session.automaticStart(now: now, into: &actions)
        }
    }

    /// Acts on timers that are due.
    package func timers() {
        forgetClones()
        giveUpStale()
        for neighbor in neighbors.all where neighbor.session.nextDue <= now {
            let input: SocketInput = neighbor.hasUnreadInput ? .unread : .drained
            let loopBusy = busy
            act(on: neighbor) { session, now, actions in
                session.timerDue(now: now, input: input, loopBusy: loopBusy, into: &actions)
            }
        }
        if rateTickDue <= now {
            rateTickDue = now + .seconds(1)
            ratesIn.tick(now: now)
            ratesOut.tick(now: now)
            ratesKernel.tick(now: now)
            tellRepeated()
            watchRestart()
            watchConvergence()
            finishStop()
        }
    }

    /// Visits at most about `units` prefixes of background work; true where more is left.
    package func work(units: Int) -> Bool {
        // What makes work for others comes before them: nothing may wait that nobody tells of.
        var hasMore = kernel.work(units: units, now: now)
        followKernel()
        hasMore = filterAgain(units: units) || hasMore
        hasMore = routing.work(units: units) || hasMore
        followNextHops()
        hasMore = exportToKernel(units: units) || hasMore
        hasMore = moveMembers(units: units) || hasMore
        hasMore = clearEndedGroups(units: units) || hasMore
        hasMore = clearEndedPaths(units: units) || hasMore
        wakeExports()
        finishStop()
        return hasMore
    }

    /// Gives back what groups without members had been told.
    private func clearEndedGroups(units: Int) -> Bool {
        guard let group = endedGroups.last else { return false }
        let hasMore = group.ipv4.clear(units: units, in: routing.attributes)
        let hasMore6 = group.ipv6.clear(units: units, in: routing.attributes)
        if !hasMore, !hasMore6 { endedGroups.removeLast() }
        return !endedGroups.isEmpty
    }

    // MARK: TCP MD5

    /// True where the kernel's counters can explain why a neighbor does not answer.
    package var wantsSignatureDrops: Bool {
        neighbors.all.contains { !$0.isTemplate && $0.isWithoutAnswer }
            || neighbors.templates.contains { $0.configuration.md5Key != nil }
    }

    /// Takes a reading of the kernel's counters.
    package func take(_ drops: SignatureDrops) {
        if let line = signatures.take(drops, now: now) { report(.notice(line), of: nil) }
    }

    // MARK: Lines for people

    /// Adds a line to the speaker's log.
    func report(_ kind: EventRow.Kind, of neighbor: Neighbor?) {
        let event = eventLog.append(
            EventRow(
                sequence: 0,
                time: wall,
                neighbor: neighbor?.number,
                neighborName: neighbor?.name ?? "",
                kind: kind
            )
        )
        effects.append(.event(event))
    }

    /// Adds a line to the message log that is no message.
    func note(
        _ content: MessageRow.Content,
        of neighbor: Neighbor,
        _ direction: MessageRow.Direction
    ) {
        messageLog.append(content, neighbor: neighbor.number, direction: direction, time: wall)
    }

    // MARK: Finding neighbors

    /// The neighbor with that number.
    func neighbor(_ number: NeighborNumber) -> Neighbor? { neighbors[number] }

    /// The neighbors that a request means.
    func select(_ selector: NeighborSelector) -> [Neighbor] {
        switch selector {
        case .all: return neighbors.all
        case .number(let number): return neighbor(number).map { [$0] } ?? []
        case .address(let address):
            let found = neighbors[address]
            guard found.isEmpty else { return found }
            return neighbors.templates.filter { $0.configuration.address == address }
        case .descr(let text):
            let found =
                neighbors.all.first { $0.configuration.description == text }
                ?? neighbors.all.first { $0.name == text }
            return found.map { [$0] } ?? []
        case .group(let name): return neighbors.all.filter { $0.configuration.group == name }
        }
    }
}
