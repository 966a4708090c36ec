import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Speaker
import Timekeeping

/// What is kept of a link to tell whether its session may go down, and for how long it may be down.
struct Watch {
    /// The last moment at which a fault touched the session.
    var disturbed = Instant.zero
    /// Something happened since the deadline was set.
    var isTouched = true
    /// When the session is to be up, or something to have happened; ``Instant/never`` while it is up.
    var deadline = Instant.never
}

/// Sessions as they come and go: none goes down without a cause, none stays down for longer than its timers allow.
extension Simulation {
    /// How long after the moment at which something was to happen it may be on its way.
    private var grace: Duration { .seconds(5) + dials.latency.upperBound * 10 }

    // MARK: Causes

    /// Notes what a fault does to sessions.
    func disturb(by fault: Fault) {
        switch fault {
        case .linkDown(let link), .linkUp(let link), .silence(let link, _), .silenceEnds(let link),
            .resetConnections(let link), .interfaceDown(_, let link), .interfaceUp(_, let link),
            .interfaceGone(_, let link), .interfaceBack(_, let link):
            disturb(link)
        case .freeze(let machine, _), .crash(let machine), .powerLoss(let machine),
            .restart(let machine):
            disturbAll(of: machine)
        case .clear, .shutDown, .bringUp, .refresh, .reload, .stop:
            // Those are asked of the speaker, as everybody does.
            break
        case .kernelRouteDeleted, .kernelRoutePut, .foreignRouteDeleted, .kernelOverrun,
            .kernelReadingTorn, .kernelAnswersLost, .kernelRefuses:
            break
        }
    }

    func disturbAll(of machine: MachineNumber) {
        for link in machines[machine.value].links { disturb(link) }
    }

    private func disturb(_ link: LinkNumber) {
        links[link.value].watch.disturbed = now
        links[link.value].watch.isTouched = true
    }

    /// Holds an event of a session against what was done to it.
    func observe(_ event: EventRow, at number: MachineNumber) {
        guard let neighbor = event.neighbor, let link = machines[number.value].link(to: neighbor)
        else { return }
        links[link.value].watch.isTouched = true
        guard case .down(let reason, _) = event.kind,
            !isAccountedFor(reason, at: number, over: link)
        else { return }
        violate(
            "\(name(number)): the session with \(event.neighborName) went down without a cause: \(reason.sentence(neighbor: event.neighborName))"
        )
    }

    private func isAccountedFor(
        _ reason: DownReason,
        at number: MachineNumber,
        over link: LinkNumber
    ) -> Bool {
        let machine = machines[number.value]
        switch reason {
        case .administrativeShutdown, .administrativeReset, .configurationChanged, .configuredDown,
            .deconfigured, .maximumPrefixes, .maximumPrefixesSent:
            return machine.lastOperation.map { now - $0 <= grace } ?? false
        case .speakerStopped:
            return machine.process?.isStopping ?? false
        case .ownLoopBusy:
            return now - machine.frozenUntil <= grace
        case .received, .connectionReplaced, .holdTimerExpired, .interfaceDown,
            .sendHoldTimerExpired, .closedByPeer,
            .socketError:
            return isDisturbed(link)
        case .sent, .connectFailed, .connectTimedOut, .authenticationUnavailable,
            .socketOptionRefused, .collision, .wrongAS, .identifierUnacceptable,
            .holdTimeUnacceptable, .capabilityMissing, .noCommonFamily, .unexpectedMessage,
            .roleMismatch:
            // Nothing that is done to these networks ends a session so.
            return false
        }
    }

    /// True where a fault on the link or at its ends lasts, or is so fresh that what follows from it may be under way.
    private func isDisturbed(_ link: LinkNumber) -> Bool {
        guard links[link.value].isWhole else { return true }
        var end = links[link.value].watch.disturbed
        var patience = Duration.zero
        for side in Side.allCases {
            let machine = machines[links[link.value].ends[side].machine.value]
            guard let process = machine.process, !process.isStopped,
                neighborRow(at: side, of: link)?.markedDown == false
            else { return true }
            end = max(end, machine.frozenUntil)
            for neighbor in machine.configuration.neighbors {
                patience = max(patience, .seconds(Int(neighbor.holdTime)))
            }
        }
        return now - end <= patience + grace
    }

    // MARK: Time

    /// Looks, once a second, for sessions that should have come up by now.
    func watchSessions() {
        guard now >= nextWatch else { return }
        nextWatch = now + .seconds(1)
        for link in links.indices {
            if links[link].watch.isTouched { setDeadline(of: LinkNumber(link)) }
            guard links[link].watch.deadline <= now else { continue }
            links[link].watch.deadline = .never
            let ends = links[link].ends
            violate(
                "\(name(ends.first.machine)) and \(name(ends.second.machine)) are connected and willing, no timer runs for them, and they have no session"
            )
        }
    }

    private func setDeadline(of link: LinkNumber) {
        links[link.value].watch.deadline = .never
        guard isWilling(link) else { return }
        links[link.value].watch.isTouched = false
        var due = now
        var isUp = true
        for side in Side.allCases {
            guard let detail = neighborDetail(at: side, of: link), !detail.row.markedDown else {
                return
            }
            isUp = isUp && detail.row.state == .established
            // That of stale routes brings no session up.
            for timer in detail.timers where timer.name != SessionTimer.restart.name {
                due = max(due, now + .milliseconds(timer.dueMilliseconds))
            }
        }
        if !isUp { links[link.value].watch.deadline = due + grace + startPause(of: link) }
    }

    /// How long a speaker at that link may wait for its kernel's first reading before it begins sessions.
    private func startPause(of link: LinkNumber) -> Duration {
        let persists = Side.allCases.contains { side in
            machines[links[link.value].ends[side].machine.value].configuration.fibPersist
        }
        return persists ? .seconds(12) : .zero
    }

    /// True where the link carries, and both speakers run and have time.
    private func isWilling(_ link: LinkNumber) -> Bool {
        guard links[link.value].isWhole else { return false }
        return Side.allCases.allSatisfy { side in
            let machine = machines[links[link.value].ends[side].machine.value]
            guard let process = machine.process else { return false }
            return !process.isStopping && !process.isStopped && machine.frozenUntil <= now
        }
    }
}

extension Question {
    /// True where what is asked may end sessions or let them come up.
    var touchesSessions: Bool {
        switch self {
        case .stop, .reload: true
        case .neighborAction(let request): request.action != .refresh
        case .instance, .overview, .neighbor, .ribPage, .route, .whatIf, .kernelPage, .messages,
            .events, .memory:
            false
        }
    }
}
