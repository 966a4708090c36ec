import Addressing
import BGPSession
import BGPWire
import Control
import Routing

/// Routes that are sent once more (RFC 2918), between a beginning and an end where both sides know them (RFC 7313).
extension Speaker {
    /// Does what a neighbor's ROUTE-REFRESH means.
    func take(_ refresh: RouteRefreshMessage, _ meaning: RefreshMeaning, from neighbor: Neighbor) {
        guard meaning != .unknown else {
            let text = "ignored: ROUTE-REFRESH of unknown subtype \(refresh.subtype)"
            return reportMalformed(text, of: neighbor)
        }
        guard let family = refresh.family,
            neighbor.updateContext?.families.contains(family) == true
        else { return }
        switch meaning {
        case .nothing, .unknown:
            break
        case .request:
            sendAgain(family, to: neighbor)
        case .beginning:
            neighbor.counters.refreshBegins.received += 1
            routing.beginRefresh(from: Self.routingID(neighbor.number), family)
        case .end:
            neighbor.counters.refreshEnds.received += 1
            routing.endRefresh(from: Self.routingID(neighbor.number), family)
        }
    }

    /// Begins to send again what was asked for, once what is to be said first is said.
    func beginRefreshes(
        of neighbor: Neighbor,
        _ export: ExportState,
        into output: inout [UInt8]
    ) {
        for family in export.sentFamilies
        where export.refreshDue.contains(family) && !export.resend.contains(family)
            && !export.endOfRIBDue.contains(family)
        {
            export.refreshDue.remove(FamilySet(family))
            export.resend.insert(FamilySet(family))
            markForResend(family, to: neighbor, export)
            guard neighbor.session.negotiated?.enhancedRefresh == true else { continue }
            RouteRefreshMessage(family, subtype: 1).encode(to: &output)
            neighbor.counters.refreshBegins.sent += 1
            neighbor.session.refreshMarkSent(now: now)
        }
    }

    /// All of the family has been said: where it was said again, that ends.
    func endRefresh(
        of family: AddressFamily,
        to neighbor: Neighbor,
        _ export: ExportState,
        into output: inout [UInt8]
    ) {
        guard export.resend.contains(family) else { return }
        export.resend.remove(FamilySet(family))
        guard neighbor.session.negotiated?.enhancedRefresh == true else { return }
        RouteRefreshMessage(family, subtype: 2).encode(to: &output)
        neighbor.counters.refreshEnds.sent += 1
        neighbor.session.refreshMarkSent(now: now)
    }
}
