import Addressing
import BGPSession

/// Refused connections that stay a little so that their peers read why: few of an address, few in all.
///
/// A connection beyond that is closed at once. Whoever floods us costs no more descriptors than these,
/// and these are given up where somebody else needs one.
struct RefusedConnections {
    private var rows: [(id: ConnectionID, address: IPAddress)] = []

    /// The most of one address.
    static let limitPerAddress = 4
    /// The most of all addresses.
    static let limit = 32

    /// The one that has stayed longest.
    var oldest: ConnectionID? { rows.first?.id }

    /// Lets a connection of that address stay; false where there are enough already.
    mutating func admit(_ id: ConnectionID, from address: IPAddress) -> Bool {
        guard rows.count < Self.limit,
            rows.count(where: { $0.address == address }) < Self.limitPerAddress
        else { return false }
        rows.append((id, address))
        return true
    }

    /// Forgets a connection that has ended.
    mutating func remove(_ id: ConnectionID) {
        if let place = rows.firstIndex(where: { $0.id == id }) { rows.remove(at: place) }
    }
}
