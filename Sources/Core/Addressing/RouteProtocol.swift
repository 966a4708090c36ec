/// The routing protocols that mark routes in Linux (`rtm_protocol`), by the names of iproute2's `rt_protos`.
package enum RouteProtocol {
    /// All that have a name, in the order of their numbers.
    package static let named: [(name: String, number: UInt8)] = [
        ("redirect", 1), ("kernel", 2), ("boot", 3), ("static", 4), ("gated", 8), ("ra", 9),
        ("mrt", 10), ("zebra", 11), ("bird", 12), ("dnrouted", 13), ("xorp", 14), ("ntk", 15),
        ("dhcp", 16), ("keepalived", 18), ("babel", 42), ("ovn", 84), ("openr", 99), ("bgp", 186),
        ("isis", 187), ("ospf", 188), ("rip", 189), ("eigrp", 192),
    ]

    /// The name, or the number itself where it has none.
    package static func name(of number: UInt8) -> String {
        named.first { $0.number == number }?.name ?? String(number)
    }
}
