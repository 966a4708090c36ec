package import Addressing

/// What one side of a session offers in its OPEN (RFC 5492), or what both have agreed on.
package struct Capabilities: Hashable, Sendable {
    /// Unicast families offered by Multiprotocol Extensions (RFC 4760).
    ///
    /// An OPEN without any such capability offers IPv4 unicast by RFC 4271; the decoder leaves the set
    /// empty then and `negotiated` treats it so.
    package var families: FamilySet = []
    /// Other AFI/SAFI pairs that the peer offered, in its order.
    package var otherFamilies: [FamilyCode] = []
    /// ROUTE-REFRESH messages are understood (RFC 2918).
    package var routeRefresh = false
    /// The AS number in four octets (RFC 6793); nil where the capability is absent.
    package var fourOctetAS: ASNumber?
    /// Enhanced Route Refresh (RFC 7313) was offered.
    package var enhancedRouteRefresh = false
    /// Extended messages (RFC 8654) were offered.
    package var extendedMessage = false
    /// IPv4 unicast routes may have IPv6 next hops (RFC 8950).
    package var extendedNextHop = false
    /// Graceful Restart (RFC 4724): the value as received, or nil.
    package var gracefulRestart: [UInt8]?
    /// ADD-PATH (RFC 7911): the value as received, or nil.
    package var addPath: [UInt8]?
    /// BGP Role (RFC 9234): the role octet, or nil.
    package var role: UInt8?
    /// All roles that the OPEN names, each once: there should be no more than one (RFC 9234 §4.2).
    package var roles: [UInt8] {
        var roles = role.map { [$0] } ?? []
        for capability in unknown where capability.code == CapabilityCode.role {
            if capability.value.count == 1, !roles.contains(capability.value[0]) {
                roles += capability.value
            }
        }
        return roles
    }
    /// Capabilities that are not known here, code and value, in the peer's order.
    package var unknown: [UnknownCapability] = []

    /// No capability at all.
    package init() {}

    /// Sets ADD-PATH to what is offered for those families; absent where that is nothing.
    package mutating func setAddPath(receive: FamilySet, send: FamilySet) {
        let offered = receive.union(send).families
        addPath =
            offered.isEmpty
            ? nil
            : offered.flatMap { family -> [UInt8] in
                let mode = (receive.contains(family) ? 1 : 0) + (send.contains(family) ? 2 : 0)
                return [0, family.rawValue, 1, UInt8(mode)]
            }
    }

    /// The families of which several paths are received, and sent (RFC 7911 §4).
    ///
    /// Of a family that is named twice the first counts; a mode that is not defined counts as not there.
    package var addPathFamilies: (receive: FamilySet, send: FamilySet) {
        var families: (receive: FamilySet, send: FamilySet) = ([], [])
        var named: FamilySet = []
        guard let addPath else { return families }
        for start in stride(from: 0, to: addPath.count - 3, by: 4) {
            let mode = addPath[start + 3]
            guard addPath[start] == 0, addPath[start + 2] == 1, (1...3).contains(mode),
                let family = AddressFamily(rawValue: addPath[start + 1]), !named.contains(family)
            else { continue }
            named.insert(FamilySet(family))
            if mode & 1 != 0 { families.receive.insert(FamilySet(family)) }
            if mode & 2 != 0 { families.send.insert(FamilySet(family)) }
        }
        return families
    }

    /// A capability that is kept as it came.
    package struct UnknownCapability: Hashable, Sendable {
        package var code: UInt8
        package var value: [UInt8]

        package init(code: UInt8, value: [UInt8]) {
            self.code = code
            self.value = value
        }
    }

    /// An address family and its subsequent family as numbers (RFC 4760).
    package struct FamilyCode: Hashable, Sendable {
        package var afi: UInt16
        package var safi: UInt8

        package init(afi: UInt16, safi: UInt8) {
            self.afi = afi
            self.safi = safi
        }
    }
}
