import BGPWire
import Timekeeping

/// Starts, stops and changes of configuration: RFC 4271 §8.1.2, and Event 13.
extension StateMachine {
    /// Leaves Idle: connects at once, or waits for a passive neighbor.
    static func begin(_ event: SessionEvent, _ books: inout SessionBooks) -> StateMachine {
        books.timers.stopAll()
        if let name = books.missingInterface {
            let reason = DownReason.interfaceDown(name: name)
            books.conclude(reason, from: .idle)
            return .idle(.down(reason))
        }
        if books.configuration.isPassive {
            books.enter(.active, from: .idle, event)
            return .active
        }
        let attempt = books.startAttempt()
        books.enter(.connect, from: .idle, event)
        return .connect(attempt)
    }

    /// AutomaticStart (Event 3).
    mutating func automaticStart(_ books: inout SessionBooks) {
        guard idleCause == .notStarted else { return }
        guard let text = books.configuration.down else {
            self = Self.begin(.start, &books)
            return
        }
        let reason = DownReason.configuredDown(text: text)
        books.conclude(reason, from: .idle)
        self = .idle(.down(reason))
    }

    /// ManualStart (Event 1): ignored in every state but Idle.
    mutating func manualStart(_ books: inout SessionBooks) {
        switch consume self {
        case .idle(.ended(let reason)):
            self = .idle(.ended(reason))
        case .idle:
            books.idleHoldTime = .zero
            self = Self.begin(.start, &books)
        case .connect(let attempt):
            self = .connect(attempt)
        case .active:
            self = .active
        case .openSent(let own, let rival):
            self = .openSent(own, rival)
        case .openConfirm(let own, let negotiated, let rival, let settling):
            self = .openConfirm(own, negotiated, rival, settling)
        case .established(let own, let negotiated):
            self = .established(own, negotiated)
        }
    }

    /// ManualStop (Event 2) and all that ends a session in the same way, in any state.
    mutating func stop(
        sending notification: NotificationMessage?,
        _ reason: DownReason,
        _ cause: IdleCause,
        _ books: inout SessionBooks
    ) {
        if isEnded { return }
        let from = name
        release(sending: notification, &books)
        books.timers.stopAll()
        self = .idle(cause)
        books.conclude(reason, from: from)
        books.enter(.idle, from: from, .stop, reason: reason)
    }

    /// Ends what there is and starts again, without idle hold.
    mutating func reset(
        sending notification: NotificationMessage,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) {
        switch consume self {
        case .idle(let cause):
            switch cause {
            case .notStarted, .down, .ended:
                self = .idle(cause)
            case .held, .maximumPrefixes:
                books.idleHoldTime = .zero
                self = Self.begin(.start, &books)
            }
        case .connect(let attempt):
            books.idleHoldTime = .zero
            books.actions.append(.cancelConnect(attempt))
            self = .connect(books.startAttempt())
        case .active:
            books.idleHoldTime = .zero
            self = Self.reconsiderConnecting(.start, &books)
        case .openSent(let own, let rival):
            self = .openSent(own, rival)
            restart(sending: notification, reason, &books)
        case .openConfirm(let own, let negotiated, let rival, let settling):
            self = .openConfirm(own, negotiated, rival, settling)
            restart(sending: notification, reason, &books)
        case .established(let own, let negotiated):
            self = .established(own, negotiated)
            restart(sending: notification, reason, &books)
        }
    }

    /// Takes the configuration that the books hold now in place of `old`.
    mutating func configurationChanged(from old: SessionConfiguration, _ books: inout SessionBooks)
    {
        let new = books.configuration
        if new.remoteAS != old.remoteAS { books.learntAS = nil }
        if let text = new.down, old.down != text || (old.needsReset(for: new) && name != .idle) {
            guard !isHeldByOperator, idleCause != .notStarted else { return }
            let reason = DownReason.configuredDown(text: text)
            let notification = NotificationMessage.cease(
                NotificationMessage.CeaseSubcode.administrativeShutdown,
                text: text
            )
            stop(sending: notification, reason, .down(reason), &books)
            return
        }
        if new.down == nil, isHeldByConfiguration {
            books.idleHoldTime = .zero
            self = Self.begin(.start, &books)
            return
        }
        if old.needsReset(for: new) {
            let notification = NotificationMessage.cease(
                NotificationMessage.CeaseSubcode.otherConfigurationChange
            )
            resetForConfiguration(sending: notification, &books)
            return
        }
        adopt(passive: new.isPassive, &books)
    }

    /// The interface that the neighbor depends on has lost its link; what waits for somebody goes on to wait for him.
    mutating func interfaceLost(_ lost: String, _ books: inout SessionBooks) {
        let reason = DownReason.interfaceDown(name: lost)
        switch idleCause {
        case .down(.interfaceDown):
            books.conclude(reason, from: .idle)
            self = .idle(.down(reason))
            return
        case .notStarted, .down, .maximumPrefixes, .ended: return
        case .held, nil: break
        }
        let cease = NotificationMessage.cease(
            NotificationMessage.CeaseSubcode.administrativeShutdown,
            text: "\(lost) has no link"
        )
        stop(sending: cease, reason, .down(reason), &books)
    }

    /// The link is back.
    mutating func interfaceReturned(_ books: inout SessionBooks) {
        guard case .down(.interfaceDown) = idleCause else { return }
        books.idleHoldTime = .zero
        self = Self.begin(.start, &books)
    }

    /// More prefixes than allowed: Cease/1, and no return before `restartMinutes` have passed.
    mutating func maximumPrefixesExceeded(
        _ reason: DownReason,
        text: String,
        restartMinutes: UInt32,
        _ books: inout SessionBooks
    ) {
        guard name == .established, let own = ways.own else { return }
        let cease = NotificationMessage.cease(
            NotificationMessage.CeaseSubcode.maximumPrefixes,
            text: text
        )
        books.close(own.id, sending: asIsToBeTaken(cease))
        books.timers.stopAll()
        if restartMinutes > 0 {
            books.timers[.restart] = books.now + .seconds(60 * Int(restartMinutes))
        }
        self = .idle(.maximumPrefixes(reason))
        books.conclude(reason, from: .established)
        books.enter(.idle, from: .established, .stop, reason: reason)
    }

    /// The limit no longer stands in the way.
    mutating func maximumPrefixesRaised(_ books: inout SessionBooks) {
        guard isHeldByMaximumPrefixes else { return }
        self = Self.begin(.start, &books)
    }

    // MARK: Parts

    private var isHeldByOperator: Bool {
        guard case .down(.administrativeShutdown) = idleCause else { return false }
        return true
    }

    private var isHeldByConfiguration: Bool {
        guard case .down(.configuredDown) = idleCause else { return false }
        return true
    }

    private var isHeldByMaximumPrefixes: Bool {
        guard case .maximumPrefixes = idleCause else { return false }
        return true
    }

    private var isEnded: Bool {
        guard case .ended = idleCause else { return false }
        return true
    }

    /// As ``reset``, but what `max-prefix` holds down goes on to wait.
    private mutating func resetForConfiguration(
        sending notification: NotificationMessage,
        _ books: inout SessionBooks
    ) {
        if isHeldByMaximumPrefixes { return }
        reset(sending: notification, .configurationChanged, &books)
    }

    /// A change that needs no reset: an idle hold ends, and a wait to connect follows `passive`.
    private mutating func adopt(passive isPassive: Bool, _ books: inout SessionBooks) {
        switch consume self {
        case .idle(.held):
            books.idleHoldTime = .zero
            self = Self.begin(.start, &books)
        case .idle(let cause):
            self = .idle(cause)
        case .connect(let attempt):
            self = .connect(attempt)
        case .active:
            if isPassive {
                books.timers.stop(.connectRetry)
                self = .active
            } else {
                self = Self.reconsiderConnecting(.start, &books)
            }
        case .openSent(let own, let rival):
            self = .openSent(own, rival)
        case .openConfirm(let own, let negotiated, let rival, let settling):
            self = .openConfirm(own, negotiated, rival, settling)
        case .established(let own, let negotiated):
            self = .established(own, negotiated)
        }
    }

    /// Connects from Active, unless the neighbor is passive.
    private static func reconsiderConnecting(
        _ event: SessionEvent,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.timers.stopAll()
        if books.configuration.isPassive { return .active }
        let attempt = books.startAttempt()
        books.enter(.connect, from: .active, event)
        return .connect(attempt)
    }

    /// Ends the connections and starts again after a short pause.
    private mutating func restart(
        sending notification: NotificationMessage,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) {
        books.idleHoldTime = .zero
        stop(sending: notification, reason, .held, &books)
        books.timers[.idleHold] = books.now + SessionBooks.resetPause
    }
}
