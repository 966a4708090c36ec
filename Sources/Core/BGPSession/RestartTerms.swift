package import BGPWire

extension Negotiated {
    /// True where the neighbor keeps our routes while we restart: we have named families, and it knows what that means.
    package var isOurRestartAwaited: Bool {
        guard restart != nil, let ours = localOpen.capabilities.gracefulRestart else {
            return false
        }
        return !GracefulRestart(ours).families.isEmpty
    }
}

/// What both OPENs together mean for the neighbor's restarts; we are its helper (RFC 4724 §4.2).
package struct RestartTerms: Hashable, Sendable {
    /// Families whose routes are kept when the session is lost.
    package var families: FamilySet = []
    /// Those of ``families`` that the neighbor has forwarded all the time since the session before.
    package var preserved: FamilySet = []
    /// Seconds that the neighbor wants to be waited for.
    package var restartTime: UInt16 = 0
    /// The neighbor has started anew: it sends its routes once it has those of all its neighbors.
    package var neighborHasRestarted = false
    /// Both sides take a NOTIFICATION other than a Hard Reset for a restart (RFC 8538).
    package var survivesNotification = false

    /// The terms under which nothing is kept.
    package init() {}

    /// What one side's offer means for a session of these families.
    init(_ theirs: GracefulRestart, families common: FamilySet, gracefulNotification: Bool) {
        families = theirs.families.intersection(common)
        preserved = theirs.preserved.intersection(common)
        restartTime = theirs.restartTime
        neighborHasRestarted = theirs.hasRestarted
        survivesNotification = theirs.survivesNotification && gracefulNotification
    }

    /// The terms as a capability, for the screen.
    var capability: GracefulRestart {
        var capability = GracefulRestart()
        capability.families = families
        capability.preserved = preserved
        capability.restartTime = restartTime
        capability.hasRestarted = neighborHasRestarted
        capability.survivesNotification = survivesNotification
        return capability
    }

    /// The families whose routes are kept after the session was lost for that reason.
    ///
    /// What a NOTIFICATION ended is a restart only where both sides have said so; what an operator or a limit ended
    /// is none (RFC 8538 §4.1).
    package func retained(after reason: DownReason) -> FamilySet {
        switch reason {
        case .closedByPeer, .socketError, .connectionReplaced:
            families
        case .received(let notification):
            survivesNotification && !notification.isHardReset ? families : []
        case .sent, .holdTimerExpired, .ownLoopBusy, .sendHoldTimerExpired, .unexpectedMessage,
            .administrativeReset, .configurationChanged:
            survivesNotification ? families : []
        case .administrativeShutdown, .configuredDown, .deconfigured, .speakerStopped,
            .maximumPrefixes, .maximumPrefixesSent, .interfaceDown, .connectFailed,
            .connectTimedOut, .authenticationUnavailable, .socketOptionRefused, .collision,
            .wrongAS, .identifierUnacceptable, .holdTimeUnacceptable, .capabilityMissing,
            .roleMismatch, .noCommonFamily:
            []
        }
    }
}
