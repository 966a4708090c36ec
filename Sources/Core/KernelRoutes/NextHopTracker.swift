import Addressing

/// The BGP next hops that are watched, and which of them are to be looked at again.
struct NextHopTracker {
    struct Entry {
        var nextHop: TrackedNextHop
        var watchers: Int
        var resolution: NextHopResolution
    }

    private(set) var entries: [Entry] = []
    private var places: [TrackedNextHop: Int] = [:]
    private var changed: [TrackedNextHop] = []
    /// Prefixes whose routes changed since the last round; past 64 everything is looked at.
    private var dirtyPrefixes: [IPPrefix] = []
    private var isAllDirty = false
    private var cursor: Int?
    private var carriers: Set<IPPrefix>?

    /// Adds a watcher; nil where the next hop was not watched before and is to be resolved.
    mutating func watch(_ nextHop: TrackedNextHop) -> NextHopResolution? {
        guard let place = places[nextHop] else { return nil }
        entries[place].watchers += 1
        return entries[place].resolution
    }

    mutating func add(_ nextHop: TrackedNextHop, _ resolution: NextHopResolution) {
        places[nextHop] = entries.count
        entries.append(Entry(nextHop: nextHop, watchers: 1, resolution: resolution))
        carriers = nil
    }

    mutating func unwatch(_ nextHop: TrackedNextHop) {
        guard let place = places[nextHop] else { return }
        entries[place].watchers -= 1
        guard entries[place].watchers == 0 else { return }
        places[nextHop] = nil
        let last = entries.removeLast()
        if place < entries.count {
            entries[place] = last
            places[last.nextHop] = place
            // The moved entry may stand before the cursor now: it is looked at again.
            if let cursor, place < cursor { restart() }
        }
        carriers = nil
    }

    mutating func routeChanged(_ prefix: IPPrefix) {
        guard !entries.isEmpty, !isAllDirty else { return }
        if dirtyPrefixes.count < 64 {
            if !dirtyPrefixes.contains(prefix) { dirtyPrefixes.append(prefix) }
            if cursor != nil { restart() }
        } else {
            everythingChanged()
        }
    }

    mutating func everythingChanged() {
        guard !entries.isEmpty else { return }
        isAllDirty = true
        restart()
    }

    private mutating func restart() { cursor = 0 }

    /// The places of the next entries to look at, at most `units`; nil where nothing is dirty.
    mutating func nextRound(units: Int) -> Range<Int>? {
        guard isAllDirty || !dirtyPrefixes.isEmpty else { return nil }
        let start = min(cursor ?? 0, entries.count)
        let end = min(entries.count, start + units)
        cursor = end
        return start..<end
    }

    /// True where a changed prefix covers the next hop.
    func isDirty(_ place: Int) -> Bool {
        isAllDirty || dirtyPrefixes.contains { $0.contains(entries[place].nextHop.address) }
    }

    mutating func update(_ place: Int, _ resolution: NextHopResolution) {
        guard entries[place].resolution != resolution else { return }
        entries[place].resolution = resolution
        changed.append(entries[place].nextHop)
        carriers = nil
    }

    /// True where all entries have been looked at; the round is over then.
    mutating func finishRound() -> Bool {
        guard let cursor else { return dirtyPrefixes.isEmpty && !isAllDirty }
        guard cursor >= entries.count else { return false }
        self.cursor = nil
        dirtyPrefixes = []
        isAllDirty = false
        return true
    }

    mutating func takeChanged() -> [(TrackedNextHop, NextHopResolution)] {
        var result: [(TrackedNextHop, NextHopResolution)] = []
        var seen: Set<TrackedNextHop> = []
        for nextHop in changed where seen.insert(nextHop).inserted {
            if let place = places[nextHop] { result.append((nextHop, entries[place].resolution)) }
        }
        changed = []
        return result
    }

    /// True where a watched next hop is reached by a route to that prefix.
    mutating func carries(_ prefix: IPPrefix) -> Bool {
        if let carriers { return carriers.contains(prefix) }
        var prefixes: Set<IPPrefix> = []
        for entry in entries {
            if case .reachable(let way) = entry.resolution { prefixes.insert(way.route) }
        }
        carriers = prefixes
        return prefixes.contains(prefix)
    }
}
