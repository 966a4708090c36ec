import Addressing
import BGPWire

/// What a received OPEN means for a session: terms to go on with, or why not.
enum OpenVerdict {
    case accepted(Negotiated)
    case refused(NotificationMessage, DownReason)
}

extension SessionConfiguration {
    /// Judges an OPEN in the order of RFC 4271 §6.2.
    ///
    /// - Parameters:
    ///   - open: what the neighbor sent.
    ///   - expectedAS: the neighbor's AS, configured or learnt; nil takes any.
    /// - Returns: the terms, or the NOTIFICATION and the reason.
    func verdict(on open: OpenMessage, expecting expectedAS: ASNumber?) -> OpenVerdict {
        let received = open.autonomousSystem
        if open.version != 4 {
            // The data is the largest version that we speak.
            let notification = NotificationMessage(.open, 1, data: [0, 4])
            return .refused(notification, .sent(notification))
        }
        // AS 0 (RFC 7607) and AS_TRANS (RFC 6793 §9) are nobody's number, whatever is configured.
        let isReserved = received.value == 0 || received == .transition
        if isReserved || received != expectedAS ?? received {
            return .refused(
                NotificationMessage(.open, 2),
                .wrongAS(expected: expectedAS ?? ASNumber(0), received: received)
            )
        }
        let isTooShort = open.holdTime < max(3, minimumHoldTime)
        if open.holdTime != 0, isTooShort {
            return .refused(
                NotificationMessage(.open, 6),
                .holdTimeUnacceptable(offered: open.holdTime, minimum: max(3, minimumHoldTime))
            )
        }
        // Within an AS identifiers are unique, between two they need not be (RFC 6286 §2.1).
        let isInternal = received == localAS
        if open.identifier == 0 || (isInternal && open.identifier == identifier) {
            return .refused(
                NotificationMessage(.open, 3),
                .identifierUnacceptable(identifier: open.identifier)
            )
        }
        return capabilityVerdict(on: open, remoteAS: received)
    }

    private func capabilityVerdict(on open: OpenMessage, remoteAS: ASNumber) -> OpenVerdict {
        let offered = open.capabilities
        if fourOctetAS == .enforce, offered.fourOctetAS == nil {
            let octets = (0..<4).map { UInt8(truncatingIfNeeded: localAS.value >> (24 - 8 * $0)) }
            return missing(code: 65, data: [65, 4] + octets)
        }
        if routeRefresh == .enforce, !offered.routeRefresh {
            return missing(code: 2, data: [2, 0])
        }
        if enhancedRefresh == .enforce, !offered.enhancedRouteRefresh {
            return missing(code: 70, data: [70, 0])
        }
        if extendedMessage == .enforce, !offered.extendedMessage {
            return missing(code: 6, data: [6, 0])
        }
        if extendedNextHop == .enforce, !offered.extendedNextHop {
            return missing(code: 5, data: [5, 6] + Capabilities.nextHopsForIPv4)
        }
        if gracefulRestart == .enforce, offered.gracefulRestart == nil {
            let value = restartOffer.value
            return missing(code: 64, data: [64, UInt8(value.count)] + value)
        }
        if remoteAS != localAS, let theirs = unfitRoles(in: offered), let role {
            return .refused(
                NotificationMessage(.open, 11),
                .roleMismatch(own: role, theirs: theirs)
            )
        }
        // An OPEN without Multiprotocol Extensions offers IPv4 unicast, as RFC 4271 had it.
        let isPlain = offered.families.isEmpty && offered.otherFamilies.isEmpty
        let remoteFamilies: FamilySet = isPlain ? .ipv4 : offered.families
        let lacking = enforcedFamilies.subtracting(remoteFamilies)
        if !lacking.isEmpty {
            return missing(code: 1, data: Self.multiprotocol(lacking))
        }
        let common = families.intersection(remoteFamilies)
        if common.isEmpty {
            // RFC 5492 §3: what the session cannot be without is named in 2/7. Subcode 8, which BIRD uses,
            // has no assignment any more.
            let notification = NotificationMessage(.open, 7, data: Self.multiprotocol(families))
            return .refused(notification, .noCommonFamily)
        }
        let agreedHoldTime = min(holdTime, open.holdTime)
        var negotiated = Negotiated(
            remoteAS: remoteAS,
            isInternal: remoteAS == localAS,
            families: common,
            holdTime: agreedHoldTime,
            keepaliveInterval: agreedHoldTime / 3,
            fourOctetAS: fourOctetAS != .no && offered.fourOctetAS != nil,
            routeRefresh: routeRefresh != .no && offered.routeRefresh,
            localOpen: openMessage,
            remoteOpen: open
        )
        negotiated.restart = restartTerms(offered, families: common)
        negotiated.enhancedRefresh = enhancedRefresh != .no && offered.enhancedRouteRefresh
        negotiated.extendedNextHop =
            extendedNextHop != .no && offered.extendedNextHop && common.contains(.ipv4)
        negotiated.extendedMessage = extendedMessage != .no && offered.extendedMessage
        // What one side sends is what the other receives.
        let (remoteReceives, remoteSends) = offered.addPathFamilies
        if addPathReceive != .no { negotiated.addPathReceive = common.intersection(remoteSends) }
        if addPathSend != .no { negotiated.addPathSend = common.intersection(remoteReceives) }
        if addPathReceive == .enforce && negotiated.addPathReceive.isEmpty
            || addPathSend == .enforce && negotiated.addPathSend.isEmpty
        {
            let value = openMessage.capabilities.addPath ?? []
            return missing(code: 69, data: [69, UInt8(truncatingIfNeeded: value.count)] + value)
        }
        return .accepted(negotiated)
    }

    private func restartTerms(_ offered: Capabilities, families: FamilySet) -> RestartTerms? {
        guard gracefulRestart != .no, let value = offered.gracefulRestart else { return nil }
        return RestartTerms(
            GracefulRestart(value),
            families: families,
            gracefulNotification: gracefulNotification
        )
    }

    /// The roles of the neighbor where they do not go with ours, none where one is enforced; nil where all is well
    /// (RFC 9234 §4.2).
    private func unfitRoles(in offered: Capabilities) -> [UInt8]? {
        guard let role, roleCapability != .no else { return nil }
        let theirs = offered.roles
        if theirs.isEmpty { return roleCapability == .enforce ? [] : nil }
        return theirs == [role.counterpart.rawValue] ? nil : theirs
    }

    private func missing(code: UInt8, data: [UInt8]) -> OpenVerdict {
        .refused(NotificationMessage(.open, 7, data: data), .capabilityMissing(code: code))
    }

    /// The capabilities of RFC 4760 for those families, as they stand in an OPEN.
    private static func multiprotocol(_ families: FamilySet) -> [UInt8] {
        families.families.flatMap { [1, 4, 0, $0.rawValue, 0, 1] as [UInt8] }
    }
}
