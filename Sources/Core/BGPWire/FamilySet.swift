package import Addressing

/// A set of the unicast families that this speaker routes: IPv4 unicast and IPv6 unicast.
package struct FamilySet: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// IPv4 unicast, AFI 1 SAFI 1.
    package static let ipv4 = FamilySet(rawValue: 1)
    /// IPv6 unicast, AFI 2 SAFI 1.
    package static let ipv6 = FamilySet(rawValue: 2)

    /// The set of that family alone.
    package init(_ family: AddressFamily) {
        self = family == .ipv4 ? .ipv4 : .ipv6
    }

    /// True where the family is in the set.
    package func contains(_ family: AddressFamily) -> Bool {
        contains(FamilySet(family))
    }

    /// The families in the set, IPv4 first.
    package var families: [AddressFamily] {
        AddressFamily.allCases.filter { contains($0) }
    }
}
