import Addressing
import BGPSession

/// A neighbor's side of its session: what it makes of the octets that it is sent.
struct NeighborSide {
    /// Its connection, where it has one.
    var connection: ConnectionID?
    /// Octets that the speaker has not taken yet.
    var unread: [UInt8] = []
    /// The speaker has routes for it.
    var waits = false
    /// What it was sent and not told to forget.
    private(set) var table: [PlainNLRI: PlainAttributes] = [:]
    private(set) var endsOfRIB: [AddressFamily] = []
    /// What it has asked for again and not been sent again yet.
    private(set) var owed: Set<PlainNLRI> = []
    /// What has not come again yet of families that are sent again (RFC 7313 §4).
    private(set) var refreshed: [AddressFamily: Set<PlainNLRI>] = [:]

    /// It asks for all routes of a family.
    mutating func ask(for family: AddressFamily) { owed.formUnion(routes(family)) }

    private func routes(_ family: AddressFamily) -> Set<PlainNLRI> {
        Set(table.keys.filter { $0.prefix.family == family })
    }

    // MARK: What it hears

    /// Reads messages; what is wrong with them, in words.
    mutating func read(_ bytes: [UInt8], _ neighbor: PlainNeighbor) -> [String] {
        var faults: [String] = []
        var rest = bytes[...]
        while rest.count >= 19 {
            let length = Int(PlainUpdate.number(rest.dropFirst(16).prefix(2)))
            let type = rest.dropFirst(18).first
            let body = rest.prefix(length).dropFirst(19)
            rest = rest.dropFirst(length)
            switch type {
            case 2: faults += hear(PlainUpdate(body: body, neighbor.sentForm), neighbor)
            case 5 where neighbor.knowsEnhancedRefresh: faults += hearRefresh(Array(body))
            default: faults.append("writes a message of type \(type.map { "\($0)" } ?? "-")")
            }
        }
        if !rest.isEmpty { faults.append("writes half a message") }
        return faults.map { "\(neighbor.address): \($0)" }
    }

    private mutating func hear(_ update: PlainUpdate, _ neighbor: PlainNeighbor) -> [String] {
        var faults: [String] = []
        for nlri in update.withdrawn {
            if table.removeValue(forKey: nlri) == nil { faults.append("withdraws \(nlri) twice") }
            forgetDebt(nlri)
        }
        for nlri in update.announced {
            if !neighbor.families.contains(nlri.prefix.family) { faults.append("tells of \(nlri)") }
            table[nlri] = update.attributes
            forgetDebt(nlri)
        }
        if let family = update.endOfRIB { endsOfRIB.append(family) }
        return faults
    }

    private mutating func forgetDebt(_ nlri: PlainNLRI) {
        owed.remove(nlri)
        refreshed[nlri.prefix.family]?.remove(nlri)
    }

    /// The beginning or end of what comes again: what did not come by then is forgotten.
    private mutating func hearRefresh(_ body: [UInt8]) -> [String] {
        let family: AddressFamily = body[1] == 1 ? .ipv4 : .ipv6
        if body[2] == 1 {
            let open = refreshed.updateValue(routes(family), forKey: family)
            return open == nil ? [] : ["begins a refresh twice"]
        }
        guard let left = refreshed.removeValue(forKey: family) else {
            return ["ends a refresh that was not begun"]
        }
        for nlri in left { table[nlri] = nil }
        return []
    }
}
