package import Addressing
import BGPWire
package import Timekeeping

/// What the speaker tells, and time.
extension Session {
    /// UPDATEs were handed over for sending on the session's connection: they stand for a KEEPALIVE too.
    package mutating func updatesSent(_ count: Int, now: Instant) {
        guard count > 0, state == .established, let negotiated = machine.negotiated else { return }
        books.statistics.sent.update += UInt64(count)
        books.statistics.lastWrite = now
        books.now = now
        books.restartKeepaliveTimer(negotiated)
    }

    /// A message was handed over that says where a refresh begins or ends.
    package mutating func refreshMarkSent(now: Instant) {
        guard state == .established else { return }
        books.statistics.sent.count(.routeRefresh)
        books.statistics.lastWrite = now
    }

    /// Asks the neighbor for its routes again.
    ///
    /// - Returns: false where the neighbor has not offered it, or the session is not Established.
    package mutating func requestRefresh(
        _ family: AddressFamily,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool {
        step(now, &actions) { machine, books in
            guard machine.name == .established, let own = machine.ways.own,
                let negotiated = machine.negotiated, negotiated.routeRefresh,
                negotiated.families.contains(family)
            else { return false }
            books.send(.routeRefresh(RouteRefreshMessage(family)), on: own.id)
            return true
        }
    }

    /// More prefixes than `max-prefix` came: Cease/1, and Idle for `restartMinutes` (0: until somebody acts).
    package mutating func maximumPrefixesExceeded(
        limit: UInt32,
        restartMinutes: UInt32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason = DownReason.maximumPrefixes(limit: limit, restartMinutes: restartMinutes)
        step(now, &actions) {
            $0.maximumPrefixesExceeded(reason, text: "", restartMinutes: restartMinutes, &$1)
        }
    }

    /// More prefixes than `max-prefix … out` were to be sent: Cease/1 with a text, for it is not the neighbor's fault.
    package mutating func sentPrefixesExceeded(
        limit: UInt32,
        restartMinutes: UInt32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason = DownReason.maximumPrefixesSent(limit: limit, restartMinutes: restartMinutes)
        step(now, &actions) {
            $0.maximumPrefixesExceeded(
                reason,
                text: "more than \(limit) prefixes to send",
                restartMinutes: restartMinutes,
                &$1
            )
        }
    }

    /// The interface that the neighbor depends on has no link: Idle until ``interfaceReturned(now:into:)``.
    package mutating func interfaceLost(
        _ name: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        books.missingInterface = name
        step(now, &actions) { $0.interfaceLost(name, &$1) }
    }

    /// The interface has its link back: a session that waited for it alone starts.
    package mutating func interfaceReturned(now: Instant, into actions: inout [SessionAction]) {
        books.missingInterface = nil
        step(now, &actions) { $0.interfaceReturned(&$1) }
    }

    /// The limit was raised or taken away: a session that it keeps down starts again.
    package mutating func maximumPrefixesRaised(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.maximumPrefixesRaised(&$1) }
    }

    /// Acts on all timers that are due at `now`.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - input: whether the session's sockets have been read until they would block. A Hold Timer is acted on only
    ///     then; else it is due again 100 ms later.
    ///   - loopBusy: for how long of the time since the last read our own loop could not read.
    ///   - actions: where the actions are appended.
    package mutating func timerDue(
        now: Instant,
        input: SocketInput,
        loopBusy: Duration,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) { machine, books in
            for timer in SessionTimer.order where books.timers[timer] <= now {
                books.timers.stop(timer)
                switch timer {
                case .idleHoldReset: books.idleHoldTime = .zero
                case .keepalive: machine.keepaliveTimerExpired(&books)
                case .hold, .rivalHold:
                    guard input == .drained else {
                        books.timers[timer] = now + SessionBooks.unreadPause
                        continue
                    }
                    if timer == .hold {
                        machine.holdTimerExpired(loopBusy: loopBusy, &books)
                    } else {
                        machine.rivalHoldTimerExpired(loopBusy: loopBusy, &books)
                    }
                case .sendHold: machine.sendHoldTimerExpired(&books)
                case .connectRetry: machine.connectRetryTimerExpired(&books)
                case .idleHold, .restart: machine.waitEnded(&books)
                }
            }
        }
    }
}
