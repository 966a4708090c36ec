package import Addressing

extension AddressFamily {
    /// `IPv4 unicast` or `IPv6 unicast`.
    package var unicastName: String { self == .ipv4 ? "IPv4 unicast" : "IPv6 unicast" }
}

/// Names of pairs of AFI and SAFI.
enum FamilyName {
    /// OpenBGPD's names, numbers for the rest.
    static func words(afi: UInt16, safi: UInt8) -> String {
        switch (afi, safi) {
        case (1, 1): "IPv4 unicast"
        case (2, 1): "IPv6 unicast"
        case (1, 2): "IPv4 multicast"
        case (2, 2): "IPv6 multicast"
        case (1, 4): "IPv4 labeled unicast"
        case (2, 4): "IPv6 labeled unicast"
        case (1, 128): "IPv4 vpn"
        case (2, 128): "IPv6 vpn"
        case (1, 133): "IPv4 flowspec"
        case (2, 133): "IPv6 flowspec"
        case (25, 70): "EVPN"
        default: "AFI \(afi) SAFI \(safi)"
        }
    }
}
