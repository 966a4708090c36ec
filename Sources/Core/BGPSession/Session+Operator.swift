import BGPWire
package import Timekeeping

/// What the operator and the configuration want.
extension Session {
    private typealias Cease = NotificationMessage.CeaseSubcode

    /// AutomaticStart (Event 3): the speaker starts.
    ///
    /// The file's `down` keeps the session Idle.
    package mutating func automaticStart(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.automaticStart(&$1) }
    }

    /// ManualStart (Event 1): the operator's `up`.
    ///
    /// Ends every wait, also that of `down` and `max-prefix`.
    package mutating func manualStart(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.manualStart(&$1) }
    }

    /// ManualStop (Event 2): `neighbor down`, with the text of RFC 9003, empty for none.
    package mutating func manualStop(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason = DownReason.administrativeShutdown(text: text)
        step(now, &actions) {
            $0.stop(
                sending: .cease(Cease.administrativeShutdown, text: text),
                reason,
                .down(reason),
                &$1
            )
        }
    }

    /// `neighbor clear`: the session ends with Cease/4 and starts again without idle hold.
    package mutating func clear(text: String, now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) {
            $0.reset(
                sending: .cease(Cease.administrativeReset, text: text),
                .administrativeReset(text: text),
                &$1
            )
        }
    }

    /// Takes another configuration; the session is reset only where it could not go on with it.
    package mutating func configure(
        _ newConfiguration: SessionConfiguration,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        var new = newConfiguration
        new.pastForwarding = books.configuration.pastForwarding
        guard new != books.configuration else { return }
        let old = books.configuration
        books.configuration = new
        step(now, &actions) { $0.configurationChanged(from: old, &$1) }
    }

    /// What our next OPEN is to say of the time before it.
    package mutating func setPastForwarding(_ past: PastForwarding) {
        books.configuration.pastForwarding = past
    }

    /// What the next connection is made of (key, port) is another: one that is being tried is tried again with it.
    ///
    /// A connection that is there stays, and an idle hold ends (D4).
    package mutating func reconnect(now: Instant, into actions: inout [SessionAction]) {
        if case .idle(let cause) = machine, cause != .held { return }
        switch state {
        case .idle, .connect, .active:
            step(now, &actions) {
                $0.reset(
                    sending: .cease(Cease.otherConfigurationChange),
                    .configurationChanged,
                    &$1
                )
            }
        case .openSent, .openConfirm, .established: break
        }
    }

    /// The neighbor is gone from the configuration: Cease/3.
    ///
    /// The session is not to be used after.
    package mutating func deconfigure(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) {
            $0.stop(
                sending: .cease(Cease.peerDeconfigured),
                .deconfigured,
                .ended(.deconfigured),
                &$1
            )
        }
    }

    /// The speaker stops: Cease/2 with the text.
    ///
    /// A neighbor that is to keep our routes until we are back is told nothing: its connection ends (RFC 4724 §4.1).
    /// The session is not to be used after.
    package mutating func speakerStops(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let isAwaited = state == .established && machine.negotiated?.isOurRestartAwaited == true
        step(now, &actions) {
            $0.stop(
                sending: isAwaited ? nil : .cease(Cease.administrativeShutdown, text: text),
                .speakerStopped,
                .ended(.speakerStopped),
                &$1
            )
        }
    }
}
