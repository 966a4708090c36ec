/// What the ASes at the two ends of a link are to each other, which decides what each tells the other.
package enum Relation: Hashable, Sendable {
    /// Everything passes, both ways; so it is inside an AS.
    case open
    /// The first machine's AS sells transit to the second's.
    case firstProvides
    /// Each tells the other of itself and its customers, and of nothing else.
    case peers

    /// What the other end is to the machine at that side.
    func role(of other: Side) -> Role {
        switch self {
        case .open: .open
        case .firstProvides: other == .first ? .provider : .customer
        case .peers: .peer
        }
    }
}

/// What a neighbor is to a machine.
enum Role: CaseIterable {
    case customer
    case peer
    case provider
    case open

    /// The group in the file that holds such neighbors; nil where they stand in none.
    var group: String? {
        switch self {
        case .customer: "customers"
        case .peer: "peers"
        case .provider: "providers"
        case .open: nil
        }
    }

    /// Its routes are better than those of lower preference: who pays comes first.
    var localPreference: UInt32 {
        switch self {
        case .customer: 200
        case .peer: 150
        case .provider, .open: 100
        }
    }

    /// True where a neighbor of this role is told of a route that a neighbor of that role has told; nil for own networks.
    func isTold(ofRouteFrom source: Role?) -> Bool {
        switch self {
        case .customer, .open: true
        case .peer, .provider: source == nil || source == .customer || source == .open
        }
    }
}
