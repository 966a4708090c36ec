import Addressing
import BGPSession
import BGPWire
import Timekeeping

/// A session and a clock, so that a test reads as a list of events and what came of them.
struct Bench: ~Copyable {
    var session: Session
    var now = Instant.zero + .seconds(1000)

    init(_ configuration: SessionConfiguration = .ours, seed: UInt64 = 1) {
        session = Session(configuration: configuration, seed: seed)
    }

    var state: SessionState { session.state }

    /// Lets one event happen and gives its actions.
    @discardableResult
    mutating func on(
        _ event: (inout Session, Instant, inout [SessionAction]) -> Void
    ) -> [SessionAction] {
        var actions: [SessionAction] = []
        event(&session, now, &actions)
        return actions
    }

    mutating func start() -> [SessionAction] {
        on { $0.automaticStart(now: $1, into: &$2) }
    }

    mutating func opened(_ connection: ConnectionID, _ origin: ConnectionOrigin) -> [SessionAction]
    {
        on { $0.connectionOpened(connection, origin, now: $1, into: &$2) }
    }

    mutating func open(_ message: OpenMessage = .theirs, on connection: ConnectionID)
        -> [SessionAction]
    {
        on { $0.openReceived(message, on: connection, now: $1, into: &$2) }
    }

    mutating func keepalive(on connection: ConnectionID) -> [SessionAction] {
        on { $0.keepaliveReceived(on: connection, now: $1, into: &$2) }
    }

    mutating func notification(
        _ message: NotificationMessage,
        on connection: ConnectionID
    ) -> [SessionAction] {
        on { $0.notificationReceived(message, on: connection, now: $1, into: &$2) }
    }

    mutating func fault(_ message: NotificationMessage, on connection: ConnectionID)
        -> [SessionAction]
    {
        on { $0.faultReceived(message, on: connection, now: $1, into: &$2) }
    }

    mutating func closed(
        _ connection: ConnectionID,
        _ end: ConnectionEnd = .clean
    ) -> [SessionAction] {
        on { $0.connectionClosed(connection, end, now: $1, into: &$2) }
    }

    /// Goes to the moment at which that timer is due and lets it expire; nothing where it does not run.
    mutating func expire(
        _ timer: SessionTimer,
        input: SocketInput = .drained,
        loopBusy: Duration = .zero
    ) -> [SessionAction] {
        if let due = session.due(of: timer) { now = due }
        return on { $0.timerDue(now: $1, input: input, loopBusy: loopBusy, into: &$2) }
    }

    mutating func wait(_ duration: Duration) -> [SessionAction] {
        now = now + duration
        return on { $0.timerDue(now: $1, input: .drained, loopBusy: .zero, into: &$2) }
    }

    /// Brings the session up on ``ConnectionID/first``, from Idle or Active.
    mutating func establish(_ message: OpenMessage = .theirs) {
        if session.state == .idle { on { $0.manualStart(now: $1, into: &$2) } }
        on { $0.connectionOpened(.first, .incoming, now: $1, into: &$2) }
        on { $0.openReceived(message, on: .first, now: $1, into: &$2) }
        on { $0.keepaliveReceived(on: .first, now: $1, into: &$2) }
    }

    /// How long the timer has to go.
    func left(of timer: SessionTimer) -> Duration? {
        session.due(of: timer).map { $0 - now }
    }
}

extension ConnectionID {
    static let first = ConnectionID(1)
    static let second = ConnectionID(2)
    static let third = ConnectionID(3)
}

extension ConnectAttempt {
    static let first = ConnectAttempt(1)
    static let second = ConnectAttempt(2)
}

extension SessionConfiguration {
    /// AS 65001, identifier 10.0.0.1, hold time 90 s; expects AS 65002.
    static let ours = SessionConfiguration(
        localAS: ASNumber(65001),
        remoteAS: ASNumber(65002),
        identifier: 0x0A00_0001
    )

    func with(_ change: (inout SessionConfiguration) -> Void) -> SessionConfiguration {
        var changed = self
        change(&changed)
        return changed
    }
}

extension OpenMessage {
    /// What a session of `SessionConfiguration.ours` sends.
    static let ours = make(65001, identifier: 0x0A00_0001) {
        $0.gracefulRestart = [0, 0]
        $0.enhancedRouteRefresh = true
        $0.extendedMessage = true
    }
    /// The neighbor's: AS 65002, identifier 10.0.0.2.
    static let theirs = make(65002, identifier: 0x0A00_0002)

    static func make(
        _ number: UInt16,
        identifier: UInt32,
        holdTime: UInt16 = 90,
        _ change: (inout Capabilities) -> Void = { _ in }
    ) -> OpenMessage {
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.routeRefresh = true
        capabilities.fourOctetAS = ASNumber(UInt32(number))
        change(&capabilities)
        return OpenMessage(
            twoOctetAS: number,
            holdTime: holdTime,
            identifier: identifier,
            capabilities: capabilities
        )
    }
}

extension Negotiated {
    /// What `OpenMessage.ours` and `OpenMessage.theirs` agree on.
    static let plain = Negotiated(
        remoteAS: ASNumber(65002),
        isInternal: false,
        families: .ipv4,
        holdTime: 90,
        keepaliveInterval: 30,
        fourOctetAS: true,
        routeRefresh: true,
        localOpen: .ours,
        remoteOpen: .theirs
    )
}

extension NotificationMessage {
    static let collision = NotificationMessage(code: 6, subcode: 7)
    static let rejected = NotificationMessage(code: 6, subcode: 5)
    static let shutdown = NotificationMessage(code: 6, subcode: 2)
}
