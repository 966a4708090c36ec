import Canvas
import Control
package import Timekeeping

extension DashboardModel {
    /// The first questions.
    package mutating func start(now: WallTime) -> [DashboardEffect] {
        self.now = now
        settle()
        return [
            ask(InstanceRequest().question, for: .instance),
            ask(OverviewRequest().question, for: .overview),
        ] + missingRows()
    }

    /// Takes one message in and yields what is to be done about it.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - now: the moment of the message; never before an earlier one.
    /// - Returns: what the driver is to do, in this order.
    package mutating func update(
        _ message: DashboardMessage,
        now: WallTime
    ) -> [DashboardEffect] {
        self.now = max(self.now, now)
        let arranged = arrangement
        var effects: [DashboardEffect] = []
        switch message {
        case .screen(let event): effects = take(event)
        case .tick: effects = tick()
        case .reply(let reply, let token): take(reply, token)
        case .connectionLost(let reason): loseConnection(reason)
        case .connectionRegained: effects = regainConnection()
        case .notRemembered(let fault): say(PeerName.shown(fault), .warning)
        }
        if arrangement != arranged { effects.append(.remember(arrangement)) }
        settle()
        settleForecast()
        return effects + missingRows()
    }

    /// Time goes on: the overview is asked for again, and what was waiting for a tick.
    private mutating func tick() -> [DashboardEffect] {
        if let notice, notice.until <= now { self.notice = nil }
        rib.isPreparing = false
        changeTopTable { $0.isPreparing = false }
        resumeForecasts()
        guard connection == .up else { return [] }
        var effects: [DashboardEffect] = []
        if instance == nil, !isOutstanding(.instance) {
            effects.append(ask(InstanceRequest().question, for: .instance))
        }
        if frozenAt == nil, !isOutstanding(.overview) {
            effects.append(ask(OverviewRequest().question, for: .overview))
        }
        return effects
    }

    private mutating func loseConnection(_ reason: String) {
        if case .up = connection { connection = .lost(reason: reason, since: now) }
        outstanding = []
        rib.asked = nil
        kernel.asked = nil
        messages.asked = nil
        for index in screens.indices { screens[index].forgetQuestions() }
    }

    /// It may be another run of the speaker: everything is asked again.
    private mutating func regainConnection() -> [DashboardEffect] {
        connection = .up
        rib.window.isStale = true
        kernel.window.isStale = true
        messages = MessageLog()
        for index in screens.indices { screens[index].markStale() }
        return [
            ask(InstanceRequest().question, for: .instance),
            ask(OverviewRequest().question, for: .overview),
        ]
    }

    /// Fits every list to its place on screen.
    mutating func settle() {
        let layout = layout
        for frame in layout.panes {
            switch frame.pane {
            case .neighbors:
                neighbors.settle(neighborRows, height: frame.rows.height)
            case .rib: rib.window.resize(height: frame.rows.height)
            case .kernel: kernel.window.resize(height: frame.rows.height)
            case .messages: messages.window.resize(height: frame.rows.height)
            }
        }
        let height = max(1, screenContent.height - 2)
        changeTopTable { $0.window.resize(height: height) }
    }

    /// The neighbors as they stand on screen.
    var neighborRows: [NeighborRow] {
        neighbors.sorted(overview?.neighbors ?? [], by: arrangement.sort)
    }

    var selectedNeighbor: NeighborRow? {
        let rows = neighborRows
        return neighbors.index(in: rows).map { rows[$0] }
    }

    func neighborRow(_ number: NeighborNumber) -> NeighborRow? {
        overview?.neighbors.first { $0.number == number }
    }

    /// The neighbor's name, also where it is gone.
    func name(of number: NeighborNumber) -> String {
        if number == .local { return "local" }
        return neighborRow(number).map { $0.name } ?? "#\(number.value)"
    }

    mutating func say(_ text: String, _ role: Role = .text) {
        notice = Notice(text: text, role: role, until: now + .seconds(6))
    }
}
