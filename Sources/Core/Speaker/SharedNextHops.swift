import Attributes
import KernelRoutes

/// The next hops of attribute sets by the one that the kernel resolves for them.
///
/// Those that differ in the link-local address alone share one. A neighbor decides how many do, so each
/// comes and goes without a search among the others.
struct SharedNextHops {
    private var places: [NextHopID: (tracked: TrackedNextHop, place: Int)] = [:]
    private var sharers: [TrackedNextHop: [NextHopID]] = [:]

    /// Those that share one, in an order that depends on how they came and went alone.
    func sharing(_ tracked: TrackedNextHop) -> [NextHopID] { sharers[tracked] ?? [] }

    mutating func add(_ id: NextHopID, sharing tracked: TrackedNextHop) {
        places[id] = (tracked, sharers[tracked]?.count ?? 0)
        sharers[tracked, default: []].append(id)
    }

    /// Takes one out and gives what it shared; nil where it was not there.
    mutating func remove(_ id: NextHopID) -> TrackedNextHop? {
        guard let (tracked, place) = places.removeValue(forKey: id) else { return nil }
        guard let last = sharers[tracked]?.popLast() else { return tracked }
        if last != id {
            sharers[tracked]?[place] = last
            places[last]?.place = place
        } else if place == 0 {
            sharers[tracked] = nil
        }
        return tracked
    }
}
