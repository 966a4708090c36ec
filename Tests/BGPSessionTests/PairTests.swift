import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// Two sessions that face each other over a network which delivers in any order that TCP allows.
@Suite struct PairTests {
    @Test(arguments: 0..<400)
    func `two willing neighbors come up on one connection whatever the order of delivery`(
        seed: UInt64
    ) {
        var pair = Pair(seed: seed)
        pair.run()
        let (states, connections) = (pair.states, pair.connections)
        let (downs, failures) = (pair.downCount, pair.errorCount)
        #expect(states == [.established, .established], "seed \(seed)")
        #expect(connections[0] != nil && connections[0] == connections[1], "seed \(seed)")
        #expect(downs == 0, "seed \(seed)")
        #expect(failures == 0, "seed \(seed)")
    }
}

/// Both ends and what is under way between them.
private struct Pair: ~Copyable {
    /// What arrives at an end of a connection, in order.
    enum Item {
        case opened(ConnectionOrigin)
        case message(SessionMessage)
        case closed
    }

    /// The way to one end of one connection.
    struct Lane {
        var connection: ConnectionID
        var end: Int
        var items: [Item]
        var attempt: ConnectAttempt?
    }

    var left = Session(configuration: .ours, seed: 1)
    var right: Session
    var lanes: [Lane] = []
    var connectionCount: UInt64 = 0
    var downCount = 0
    var errorCount = 0
    var random: UInt64
    let now = Instant.zero + .seconds(1)

    init(seed: UInt64) {
        random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        // Either end dominates in half of the runs.
        let configuration = SessionConfiguration(
            localAS: ASNumber(65002),
            remoteAS: ASNumber(65001),
            identifier: seed % 2 == 0 ? 0x0A00_0002 : 0x0A00_0000
        )
        right = Session(configuration: configuration, seed: 2)
    }

    var states: [SessionState] { [left.state, right.state] }
    var connections: [ConnectionID?] { [left.connection, right.connection] }

    mutating func run() {
        // One starts before, at or after the other: nothing else happens in between or something does.
        event(0) { $0.automaticStart(now: $1, into: &$2) }
        for _ in 0..<draw(4) { deliver() }
        event(1) { $0.automaticStart(now: $1, into: &$2) }
        var steps = 0
        while lanes.contains(where: { !$0.items.isEmpty }), steps < 1000 {
            deliver()
            steps += 1
        }
    }

    private mutating func draw(_ bound: Int) -> Int {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return Int(random >> 33) % bound
    }

    private mutating func deliver() {
        let ready = lanes.indices.filter { !lanes[$0].items.isEmpty }
        if ready.isEmpty { return }
        let lane = ready[draw(ready.count)]
        let connection = lanes[lane].connection
        let end = lanes[lane].end
        switch lanes[lane].items.removeFirst() {
        case .opened(let origin):
            event(end) { $0.connectionOpened(connection, origin, now: $1, into: &$2) }
        case .closed:
            event(end) { $0.connectionClosed(connection, .clean, now: $1, into: &$2) }
        case .message(.open(let open)):
            event(end) { $0.openReceived(open, on: connection, now: $1, into: &$2) }
        case .message(.keepalive):
            event(end) { $0.keepaliveReceived(on: connection, now: $1, into: &$2) }
        case .message(.notification(let message)):
            event(end) { $0.notificationReceived(message, on: connection, now: $1, into: &$2) }
        case .message(.routeRefresh):
            event(end) {
                _ = $0.routeRefreshReceived(
                    RouteRefreshMessage(.ipv4),
                    on: connection,
                    now: $1,
                    into: &$2
                )
            }
        }
    }

    private mutating func event(
        _ end: Int,
        _ body: (inout Session, Instant, inout [SessionAction]) -> Void
    ) {
        var actions: [SessionAction] = []
        if end == 0 { body(&left, now, &actions) } else { body(&right, now, &actions) }
        for action in actions { perform(action, at: end) }
    }

    private mutating func perform(_ action: SessionAction, at end: Int) {
        switch action {
        case .connect(let attempt):
            connectionCount += 1
            let connection = ConnectionID(connectionCount)
            let items: [[Item]] = [[.opened(.outgoing(attempt))], [.opened(.incoming)]]
            lanes.append(Lane(connection: connection, end: end, items: items[0], attempt: attempt))
            lanes.append(Lane(connection: connection, end: 1 - end, items: items[1]))
        case .cancelConnect(let attempt):
            let lane = lanes.first { $0.end == end && $0.attempt == attempt }
            if let lane { close(lane.connection, at: end) }
        case .send(let connection, let message):
            push(.message(message), on: connection, to: 1 - end)
        case .close(let connection), .abort(let connection):
            close(connection, at: end)
        case .down:
            downCount += 1
        case .failed(let reason):
            // Losing a collision is what is to happen; anything else is not.
            if reason != .collision, reason != .received(.collision),
                reason != .received(.rejected),
                reason != .closedByPeer
            {
                errorCount += 1
            }
        case .refused, .adopted, .established, .stateChanged:
            break
        }
    }

    private mutating func push(_ item: Item, on connection: ConnectionID, to end: Int) {
        for index in lanes.indices
        where lanes[index].connection == connection && lanes[index].end == end {
            lanes[index].items.append(item)
        }
    }

    private mutating func close(_ connection: ConnectionID, at end: Int) {
        push(.closed, on: connection, to: 1 - end)
        lanes.removeAll { $0.connection == connection && $0.end == end }
    }
}
