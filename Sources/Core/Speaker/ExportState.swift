import Addressing
import Attributes
import BGPWire
import Control
import Routing

/// What is to be sent to an established neighbor: a listener's marks and what it was told so far.
final class ExportState {
    let listener: ListenerID
    let families: FamilySet
    let fourOctetAS: Bool
    var ipv4 = AdjRIBOut()
    var ipv6 = AdjRIBOut()
    /// Families that the neighbor asked for again: what it has is sent once more.
    var resend: FamilySet = []
    /// Families whose End-of-RIB marker is still to be sent.
    var endOfRIBDue: FamilySet
    /// Our address as the neighbor sees it, of each family; nil where there is none to give.
    var nextHopIPv4: NextHop?
    var nextHopIPv6: NextHop?
    /// The subnets in which the neighbor is on our link, for third-party next hops.
    var sharedSubnets: [IPPrefix] = []
    /// True where `outputWaiting` was said and the driver has not been told that all is sent.
    var isAnnounced = false
    var memo: ExportMemo?

    init(listener: ListenerID, families: FamilySet, fourOctetAS: Bool) {
        self.listener = listener
        self.families = families
        self.fourOctetAS = fourOctetAS
        endOfRIBDue = families
    }

    func nextHop(_ family: AddressFamily) -> NextHop? {
        family == .ipv4 ? nextHopIPv4 : nextHopIPv6
    }
}

/// The last attributes that were made for sending; both numbers hold a reference.
struct ExportMemo {
    var source: NeighborID
    var family: AddressFamily
    var validation: PathFlags
    var effective: AttributesID
    var result: AttributesID
}
