import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// Where a restart of ours stands, with `fib persist` (RFC 4724 §4.1).
enum OwnRestart: Equatable {
    /// None, or it is over.
    case none
    /// The kernel is being read: whether an earlier run has left routes is not known, and no session begins.
    case awaitingKernel
    /// Routes of an earlier run forward packets; the neighbors' routes are gathered, and nothing is chosen or told.
    case deferring(since: Instant)
}

/// Our own graceful restart: what the kernel has kept goes on until the neighbors have told what replaces it.
extension Speaker {
    /// Seconds that our neighbors are to wait for us.
    static var restartTime: UInt16 { 120 }
    /// For how long neighbors are waited for (the Selection_Deferral_Timer).
    private static var deferralTime: Duration { .seconds(120) }

    /// True where our routes stay in the kernel while we are not there.
    var keepsKernelRoutes: Bool { configuration.fibPersist && environment.kernelOffReason == nil }

    /// True while nothing is chosen or told, because the neighbors are still to tell what they have.
    package var isDeferring: Bool {
        if case .deferring = restart { true } else { false }
    }

    /// The kernel has been read for the first time: what it has of ours is of an earlier run.
    func beginRestart() {
        var past = pastForwarding
        for family in AddressFamily.allCases where kernel.hasRoutes(family) {
            past.preserved.insert(FamilySet(family))
        }
        past.hasRestarted = !past.preserved.isEmpty
        restart = past.hasRestarted ? .deferring(since: now) : .none
        if past.hasRestarted {
            let words = NumberText.counted(kernel.counts.ours, "kernel route")
            report(
                .notice("graceful restart: \(words) kept, waiting for the neighbors' routes"),
                of: nil
            )
        }
        pastForwarding = past
        for neighbor in neighbors.all { neighbor.session.setPastForwarding(past) }
        startSessions()
        wakeExporters()
    }

    /// Who came up before anything could be told is told now.
    private func wakeExporters() {
        for number in exporters {
            if let neighbor = neighbor(number) { wakeExport(of: neighbor) }
        }
    }

    /// Begins without an earlier run's routes where the kernel tells nothing, and ends the wait for the neighbors.
    func watchRestart() {
        switch restart {
        case .none: break
        case .awaitingKernel:
            if now - startedAt > .seconds(10) {
                restart = .none
                startSessions()
                wakeExporters()
            }
        case .deferring(let since):
            let isOver = now - since >= Self.deferralTime
            if isOver || neighbors.all.allSatisfy({ hasTold($0) }) { endDeferral(since, isOver) }
        }
    }

    /// True for a neighbor that has told all its routes, or is not waited for.
    private func hasTold(_ neighbor: Neighbor) -> Bool {
        if neighbor.shutdownText != nil { return true }
        // Who is still to come of a template's neighbors, nobody knows.
        guard !neighbor.isTemplate, neighbor.session.state == .established,
            let negotiated = neighbor.session.negotiated
        else { return false }
        // Without the capability there need be no marker; who restarts too waits for us (RFC 4724 §4.1).
        guard let terms = negotiated.restart, !terms.neighborHasRestarted else { return true }
        return neighbor.familiesComplete.isSuperset(of: negotiated.families)
    }

    private func endDeferral(_ since: Instant, _ isOver: Bool) {
        restart = .none
        let reason =
            isOver ? "not all neighbors have told theirs" : "all neighbors have told theirs"
        report(
            .notice(
                "graceful restart: routes are chosen after \((now - since).wholeSeconds) s, \(reason)"
            ),
            of: nil
        )
        pastForwarding.hasRestarted = false
        for neighbor in neighbors.all {
            var past = neighbor.session.configuration.pastForwarding
            past.hasRestarted = false
            neighbor.session.setPastForwarding(past)
        }
        wakeExporters()
    }

    /// A neighbor is up: from now on its routes are forwarded, whatever becomes of the session.
    func noteForwarding(to neighbor: Neighbor) {
        guard keepsKernelRoutes else { return }
        var past = neighbor.session.configuration.pastForwarding
        past.preserved = [.ipv4, .ipv6]
        neighbor.session.setPastForwarding(past)
    }
}
