import Addressing
import Attributes
import BGPSession
import BGPWire
import Control
import Routing

/// How far an established neighbor has been told what its update group says.
final class ExportState {
    let families: FamilySet
    let fourOctetAS: Bool
    /// Octets that a message to the neighbor may have.
    let maximumLength: Int
    /// IPv4 routes may have IPv6 next hops (RFC 8950).
    let extendedNextHop: Bool
    var addresses = ExportAddresses()
    /// The group that the neighbor is in while it is told of routes.
    var group: UpdateGroup?
    /// While it is on its way into that group, and how many prefixes it had been told of before.
    var move: (GroupMove, told: Int)?
    /// What a neighbor that takes several paths of a prefix is told instead.
    var paths: PathExport?
    /// The next segment of the group's log that the neighbor is to be sent.
    var position: UInt64 = 0
    /// What the neighbor last read of the log was for others alone.
    var isQuiet = false
    /// What the neighbor is to be told beside the log, which it does not follow meanwhile; nil while it does.
    var backlog: ExportBacklog?
    /// Families that the neighbor asked for again, and that are still to be begun.
    var refreshDue: FamilySet = []
    /// Families of which what the neighbor has is being sent once more.
    var resend: FamilySet = []
    /// Families whose End-of-RIB marker is still to be sent.
    var endOfRIBDue: FamilySet
    /// True where `outputWaiting` was said and the driver has not been told that all is sent.
    var isAnnounced = false

    init(_ negotiated: Negotiated) {
        families = negotiated.families
        fourOctetAS = negotiated.fourOctetAS
        maximumLength = negotiated.maximumLength
        extendedNextHop = negotiated.extendedNextHop
        endOfRIBDue = families
    }

    /// The families that can be sent.
    var sentFamilies: [AddressFamily] {
        families.families.filter { addresses.nextHop($0) != nil }
    }
}
