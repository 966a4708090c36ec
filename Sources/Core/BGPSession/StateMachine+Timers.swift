import BGPWire
import Timekeeping

/// Timers: RFC 4271 §8.1.3, and Event 29 of RFC 9687.
extension StateMachine {
    /// ConnectRetryTimer_Expires (Event 9).
    mutating func connectRetryTimerExpired(_ books: inout SessionBooks) {
        switch consume self {
        case .connect(let attempt):
            books.actions.append(.cancelConnect(attempt))
            let reason = DownReason.connectTimedOut(
                seconds: books.seconds(since: books.attemptStarted)
            )
            books.conclude(reason, from: .connect)
            if books.configuration.isPassive {
                self = Self.waitToConnect(from: .connect, .connectRetryTimerExpired, reason, &books)
            } else {
                self = .connect(books.startAttempt())
            }
        case .active:
            let attempt = books.startAttempt()
            books.enter(.connect, from: .active, .connectRetryTimerExpired)
            self = .connect(attempt)
        case let other:
            self = other
        }
    }

    /// HoldTimer_Expires (Event 10) of the session's connection; its socket has been read empty.
    mutating func holdTimerExpired(loopBusy: Duration, _ books: inout SessionBooks) {
        guard let connection = ways.own?.id else { return }
        let started = books.holdStarted
        let holdTime =
            negotiated.map { Duration.seconds($0.holdTime) } ?? SessionBooks.largeHoldTime
        expire(connection, started: started, holdTime: holdTime, loopBusy: loopBusy, &books)
    }

    /// HoldTimer_Expires (Event 10) of the rival, which is in OpenSent.
    mutating func rivalHoldTimerExpired(loopBusy: Duration, _ books: inout SessionBooks) {
        guard let rival = ways.rival.connection else { return }
        let started = books.rivalStarted
        expire(
            rival,
            started: started,
            holdTime: SessionBooks.largeHoldTime,
            loopBusy: loopBusy,
            &books
        )
    }

    /// KeepaliveTimer_Expires (Event 11).
    func keepaliveTimerExpired(_ books: inout SessionBooks) {
        guard let connection = ways.own?.id, let negotiated else { return }
        books.send(.keepalive, on: connection)
        books.restartKeepaliveTimer(negotiated)
    }

    /// SendHoldTimer_Expires (Event 29).
    ///
    /// No NOTIFICATION: nothing that we write could reach a neighbor that does not read.
    mutating func sendHoldTimerExpired(_ books: inout SessionBooks) {
        guard name == .established, let own = ways.own else { return }
        books.actions.append(.abort(own.id))
        let reason = DownReason.sendHoldTimerExpired(
            seconds: books.seconds(since: books.sendHoldStarted)
        )
        lose(own.id, reason, .sendHoldTimerExpired, &books)
    }

    /// IdleHoldTimer_Expires (Event 13), or the end of the wait after `max-prefix`.
    mutating func waitEnded(_ books: inout SessionBooks) {
        switch idleCause {
        case .held, .maximumPrefixes: self = Self.begin(.start, &books)
        case .notStarted, .down, .ended, nil: break
        }
    }

    // MARK: Parts

    private mutating func expire(
        _ connection: ConnectionID,
        started: Instant,
        holdTime: Duration,
        loopBusy: Duration,
        _ books: inout SessionBooks
    ) {
        let silence = books.now - started
        // Without the time in which we could not read, the silence would have been shorter than the hold time.
        let isOurs = loopBusy > .zero && silence - loopBusy < holdTime
        let reason: DownReason =
            isOurs
            ? .ownLoopBusy(milliseconds: UInt32(clamping: loopBusy.wholeNanoseconds / 1_000_000))
            : .holdTimerExpired(silentSeconds: UInt32(clamping: silence.wholeSeconds))
        let notification = NotificationMessage(.holdTimerExpired)
        endWithError(on: connection, notification, reason, .holdTimerExpired, &books)
    }
}
