import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// Events in any order, as a driver could bring them, and what must hold after each.
@Suite struct AnyOrderTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func
        `no order of events leaks a connection, uses a closed one or leaves a session waiting for nothing`(
            seed: UInt64
        )
    {
        var driver = Driver(seed: seed)
        for step in 0..<400 {
            driver.step()
            let (broken, live) = (driver.broken, driver.live.count)
            #expect(broken == nil, "seed \(seed), step \(step)")
            #expect(live <= 2, "seed \(seed), step \(step)")
            if broken != nil || live > 2 { return }
        }
        driver.perform { $0.deconfigure(now: $1, into: &$2) }
        let (live, attempt, due) = (driver.live, driver.attempt, driver.session.nextDue)
        #expect(live == [], "seed \(seed)")
        #expect(attempt == nil, "seed \(seed)")
        #expect(due == .never, "seed \(seed)")
    }
}

/// Does what a session asks for, and brings it events drawn from a seed.
private struct Driver: ~Copyable {
    var session = Session(configuration: .ours, seed: 7)
    var now = Instant.zero
    var live: [ConnectionID] = []
    var attempt: ConnectAttempt?
    /// The first rule that was broken.
    var broken: String?
    private var connectionCount: UInt64 = 0
    private var random: UInt64

    init(seed: UInt64) {
        random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        perform { $0.automaticStart(now: $1, into: &$2) }
    }

    mutating func perform(_ event: (inout Session, Instant, inout [SessionAction]) -> Void) {
        var actions: [SessionAction] = []
        let before = session.state
        var state = before
        event(&session, now, &actions)
        for action in actions {
            switch action {
            case .connect(let started):
                if attempt != nil { broken = "two attempts at once" }
                attempt = started
            case .cancelConnect(let cancelled):
                if attempt != cancelled { broken = "an attempt was cancelled that was not there" }
                attempt = nil
            case .send(let connection, _), .adopted(let connection):
                if !live.contains(connection) { broken = "a closed connection was used" }
            case .close(let connection), .abort(let connection):
                if !live.contains(connection) { broken = "a closed connection was closed" }
                live.removeAll { $0 == connection }
            case .down:
                if before != .established && state != .established { broken = "down without up" }
            case .stateChanged(let from, let to, _):
                if from != state { broken = "a change from another state" }
                state = to
            case .refused, .established, .failed:
                break
            }
        }
        if state != session.state { broken = "a change of state was not told" }
        checkRest()
    }

    /// A session that is not held down has something to wait for.
    private mutating func checkRest() {
        let isHeld = session.heldDown != nil
        if !isHeld && session.nextDue == .never { broken = "waits for nothing in \(session.state)" }
        if isHeld && session.nextDue != .never { broken = "a timer runs though held down" }
        if isHeld && !live.isEmpty { broken = "a connection lives though held down" }
        if session.state == .established && live.count != 1 {
            broken = "not one connection when up"
        }
        if let connection = session.connection, !live.contains(connection) {
            broken = "the session's connection is closed"
        }
    }

    private mutating func draw(_ bound: Int) -> Int {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return Int(random >> 33) % bound
    }

    mutating func step() {
        now = now + .milliseconds(draw(3000))
        let connection = live.isEmpty ? ConnectionID(0) : live[draw(live.count)]
        switch draw(24) {
        case 0, 1, 2: endAttempt()
        case 3, 4: open(.incoming)
        case 5, 6, 7: perform { $0.openReceived(.theirs, on: connection, now: $1, into: &$2) }
        case 8, 9, 10: perform { $0.keepaliveReceived(on: connection, now: $1, into: &$2) }
        case 11: perform { _ = $0.updateReceived(on: connection, now: $1, into: &$2) }
        case 12: perform { $0.notificationReceived(.shutdown, on: connection, now: $1, into: &$2) }
        case 13:
            let fault = NotificationMessage(code: UInt8(1 + draw(3)), subcode: 1)
            perform { $0.faultReceived(fault, on: connection, now: $1, into: &$2) }
        case 14:
            live.removeAll { $0 == connection }
            perform { $0.connectionClosed(connection, .clean, now: $1, into: &$2) }
        case 15: perform { $0.clear(text: "", now: $1, into: &$2) }
        case 16 where draw(4) == 0: perform { $0.manualStop(text: "", now: $1, into: &$2) }
        case 17: perform { $0.manualStart(now: $1, into: &$2) }
        case 18:
            let holdTime = UInt16(90 + draw(2))
            perform { $0.configure(.ours.with { $0.holdTime = holdTime }, now: $1, into: &$2) }
        case 19 where draw(4) == 0:
            perform { $0.maximumPrefixesExceeded(limit: 1, restartMinutes: 1, now: $1, into: &$2) }
        default:
            if session.nextDue != .never { now = max(now, session.nextDue) }
            let input: SocketInput = draw(3) == 0 ? .unread : .drained
            perform { $0.timerDue(now: $1, input: input, loopBusy: .zero, into: &$2) }
        }
    }

    private mutating func open(_ origin: ConnectionOrigin) {
        connectionCount += 1
        let connection = ConnectionID(connectionCount)
        live.append(connection)
        perform { $0.connectionOpened(connection, origin, now: $1, into: &$2) }
    }

    private mutating func endAttempt() {
        guard let pending = attempt else { return }
        attempt = nil
        if draw(3) > 0 {
            open(.outgoing(pending))
        } else {
            perform { $0.connectFailed(pending, errno: 111, now: $1, into: &$2) }
        }
    }
}
