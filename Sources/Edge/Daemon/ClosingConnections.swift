import Addressing
import BGPSession

/// Connections that have ended on our side and stay a little so that their peers read why.
///
/// Few of an address, and of those that we have worked off nothing of, the refused ones, few in all: a
/// connection beyond that is closed at once. Whoever floods us costs no more descriptors than these, and
/// these are given up where somebody else needs one.
struct ClosingConnections {
    private var rows: [Row] = []

    private struct Row {
        var id: ConnectionID
        var peer: IPAddress
        var isHeard: Bool
    }

    /// The most of one address.
    static let limitPerAddress = 4
    /// The most refused ones of all addresses.
    static let limitOfRefused = 32

    /// The one that has stayed longest.
    var oldest: ConnectionID? { rows.first?.id }

    /// Lets a connection stay; false where there are enough already.
    mutating func admit(_ connection: Connection) -> Bool {
        guard rows.count(where: { $0.peer == connection.peer }) < Self.limitPerAddress,
            connection.isHeard || rows.count(where: { !$0.isHeard }) < Self.limitOfRefused
        else { return false }
        rows.append(Row(id: connection.id, peer: connection.peer, isHeard: connection.isHeard))
        return true
    }

    /// Forgets a connection that has ended.
    mutating func remove(_ id: ConnectionID) {
        if let place = rows.firstIndex(where: { $0.id == id }) { rows.remove(at: place) }
    }
}
