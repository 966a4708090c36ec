public import Addressing

/// A set of the unicast families that this speaker routes: IPv4 unicast and IPv6 unicast.
@usableFromInline
package struct FamilySet: OptionSet, Hashable, Sendable {
    @usableFromInline package var rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    // Written out: the library's own are not specialized in other rooms.
    @inlinable
    package init() {
        rawValue = 0
    }

    /// IPv4 unicast, AFI 1 SAFI 1.
    @inlinable package static var ipv4: FamilySet { FamilySet(rawValue: 1) }
    /// IPv6 unicast, AFI 2 SAFI 1.
    @inlinable package static var ipv6: FamilySet { FamilySet(rawValue: 2) }

    /// The set of that family alone.
    @inlinable
    package init(_ family: AddressFamily) {
        self = family == .ipv4 ? .ipv4 : .ipv6
    }

    /// True where the family is in the set.
    @inlinable
    package func contains(_ family: AddressFamily) -> Bool {
        rawValue & FamilySet(family).rawValue != 0
    }

    /// The families in the set, IPv4 first.
    package var families: [AddressFamily] {
        AddressFamily.allCases.filter { contains($0) }
    }
}
