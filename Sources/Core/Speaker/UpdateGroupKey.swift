import Addressing
import Attributes
import BGPWire
import Configuration
import Control
import Policy

/// What neighbors have in common that are told the same of every route.
final class UpdateGroupKey {
    let families: FamilySet
    let fourOctetAS: Bool
    /// Octets that a message may have.
    let maximumLength: Int
    /// IPv4 routes may have IPv6 next hops (RFC 8950).
    let extendedNextHop: Bool
    let isInternal: Bool
    let isReflectorClient: Bool
    let isMultihop: Bool
    let isTransparent: Bool
    let exports: ExportedRoutes
    /// Where output policy refuses the best path, the next one that it allows is told.
    let evaluatesAll: Bool
    /// What we are to the neighbors (RFC 9234).
    let role: BGPRole?
    /// Our AS as the neighbor knows it.
    let localAS: ASNumber
    let addresses: ExportAddresses
    /// A neighbor that is not to share, since what it was sent is limited.
    let alone: NeighborNumber?
    let outputFilter: CompiledFilter

    /// Whatever is in the tables, nobody is told of it.
    var ignoresTables: Bool { exports != .everything || outputFilter.refusesAll }

    init(_ neighbor: Neighbor, _ export: ExportState) {
        let configured = neighbor.configuration
        families = export.families
        fourOctetAS = export.fourOctetAS
        maximumLength = export.maximumLength
        extendedNextHop = export.extendedNextHop
        isInternal = neighbor.isInternal
        isReflectorClient = configured.isReflectorClient
        isMultihop = (configured.multihop ?? 1) > 1
        isTransparent = configured.isTransparent && !neighbor.isInternal
        exports = configured.exports
        evaluatesAll = configured.evaluatesAll
        role = neighbor.role
        localAS = neighbor.localAS
        addresses = export.addresses
        alone = configured.maxPrefixOut == nil ? nil : neighbor.number
        outputFilter = neighbor.outputFilter
    }

    /// True where whoever has the one key is told what those with the other are told.
    func isEquivalent(to other: UpdateGroupKey) -> Bool {
        hasSameForm(as: other) && outputFilter.isEquivalent(to: other.outputFilter)
    }

    /// True where all but the filter is the same.
    func hasSameForm(as other: UpdateGroupKey) -> Bool {
        families == other.families && fourOctetAS == other.fourOctetAS
            && maximumLength == other.maximumLength && extendedNextHop == other.extendedNextHop
            && isInternal == other.isInternal && isReflectorClient == other.isReflectorClient
            && isMultihop == other.isMultihop && isTransparent == other.isTransparent
            && role == other.role && exports == other.exports
            && evaluatesAll == other.evaluatesAll
            && localAS == other.localAS && addresses == other.addresses && alone == other.alone
    }
}

/// What next hops a neighbor is given.
struct ExportAddresses: Equatable {
    /// Our address as the neighbor sees it, of each family; nil where there is none to give.
    var nextHopIPv4: NextHop?
    var nextHopIPv6: NextHop?
    /// The subnets that we share with the neighbor, for third-party next hops.
    var sharedSubnets: [IPPrefix] = []

    func nextHop(_ family: AddressFamily) -> NextHop? {
        family == .ipv4 ? nextHopIPv4 : nextHopIPv6
    }
}
