import Addressing
import Attributes
import Control
import Policy
import Routing

/// Neighbors whose routes input policy is to judge again, and how far it has come.
struct Refilter {
    /// One neighbor and family at a time.
    fileprivate var waiting: [(neighbor: NeighborNumber, family: AddressFamily)] = []
    /// The row to go on with of the first that waits.
    fileprivate var cursor: UInt32 = 0

    /// All routes of that neighbor are to be judged, from the first on.
    mutating func add(_ number: NeighborNumber) {
        if waiting.first?.neighbor == number { cursor = 0 }
        waiting.removeAll { $0.neighbor == number }
        for family in AddressFamily.allCases { waiting.append((number, family)) }
        if waiting.count == AddressFamily.allCases.count { cursor = 0 }
    }

    fileprivate mutating func next() {
        waiting.removeFirst()
        cursor = 0
    }
}

extension Speaker {
    /// Judges at most `units` routes again; true where more is left.
    func filterAgain(units: Int) -> Bool {
        var left = units
        while let (number, family) = refilter.waiting.first {
            guard let neighbor = neighbor(number) else {
                refilter.next()
                continue
            }
            settleArrivals(from: neighbor)
            while filterNext(of: neighbor, family) {
                left -= 1
                if left <= 0 { return true }
            }
            refilter.next()
        }
        return false
    }

    /// Judges the next route of a neighbor; false where there is none.
    private func filterNext(of neighbor: Neighbor, _ family: AddressFamily) -> Bool {
        let source = Self.routingID(neighbor.number)
        let found = routing.table(family).nextRoute(of: source, from: &refilter.cursor)
        guard let id = found else { return false }
        let prefix = routing.prefix(id, family)
        let store = routing.attributes
        var last: UInt32?
        while let path = routing.path(id, family, from: source, after: last) {
            last = path.pathID
            // What was malformed is not there to be judged.
            if path.flags.contains(.error) { continue }
            let verdict = filter(
                prefix,
                validity(of: prefix, path.received),
                standing(of: path.received, from: neighbor, store),
                received: path.received,
                of: neighbor,
                store
            )
            routing.refilter(
                id,
                family,
                from: source,
                pathID: path.pathID,
                effective: verdict.effective,
                flags: verdict.flags
            )
            store.release(verdict.effective)
        }
        return true
    }
}
