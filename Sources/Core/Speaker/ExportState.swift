import Addressing
import Attributes
import BGPWire
import Control
import Routing

/// How far an established neighbor has been told what its update group says.
final class ExportState {
    let families: FamilySet
    let fourOctetAS: Bool
    /// Octets that a message to the neighbor may have.
    let maximumLength = MessageFraming.standardMaximum
    var addresses = ExportAddresses()
    /// The group that the neighbor is in while it is told of routes.
    var group: UpdateGroup?
    /// The next segment of the group's log that the neighbor is to be sent.
    var position: UInt64 = 0
    /// What the neighbor is to be told beside the log, which it does not follow meanwhile; nil while it does.
    var backlog: ExportBacklog?
    /// Families that the neighbor asked for again: what it has is sent once more.
    var resend: FamilySet = []
    /// Families whose End-of-RIB marker is still to be sent.
    var endOfRIBDue: FamilySet
    /// True where `outputWaiting` was said and the driver has not been told that all is sent.
    var isAnnounced = false

    init(families: FamilySet, fourOctetAS: Bool) {
        self.families = families
        self.fourOctetAS = fourOctetAS
        endOfRIBDue = families
    }

    /// The families that can be sent.
    var sentFamilies: [AddressFamily] {
        families.families.filter { addresses.nextHop($0) != nil }
    }
}
