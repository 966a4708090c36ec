import Addressing
import Attributes
import Tables

extension RouteTable {
    /// The paths of one prefix that a neighbor may have by ADD-PATH: every change looks at all of them.
    package static var pathLimit: Int { 255 }

    func announce(_ prefix: IPPrefix, _ route: PathRow, _ pathID: UInt32) -> RouteChange {
        let neighbor = Int(route.neighbor.number)
        makeRoom(for: neighbor)
        var route = route
        route.flags |= generations[neighbor].flags
        if pathID != 0 { route.flags |= PathRow.pathIDMask }
        var candidate = candidate(of: route)
        candidate?.pathID = pathID
        let hash = prefixes.hash(prefix)
        guard let row = prefixes.find(prefix, hash: hash) else {
            let row = prefixes.insert(prefix, hash: hash, first: PrefixHead.noPath, hasBest: false)
            order.noteNewRow(row)
            return add(route, pathID, to: row, candidate)
        }
        return announce(row, route, pathID, candidate)
    }

    /// Stores or replaces a route to a prefix that has a row; `candidate` is the route in the decision.
    func announce(
        _ row: UInt32,
        _ route: PathRow,
        _ pathID: UInt32,
        _ candidate: Candidate?
    ) -> RouteChange {
        if members.contains(row, in: Int(route.neighbor.number)) {
            if let place = locate(row, route.neighbor, pathID) {
                return replace(place.path, of: row, with: route)
            }
            if pathCount(row, of: route.neighbor) >= Self.pathLimit {
                return RouteChange(kind: .beyondLimit, bestChanged: false)
            }
        } else {
            marks.remove(row, in: Mark.vacant)
        }
        return add(route, pathID, to: row, candidate)
    }

    private func add(
        _ route: PathRow,
        _ pathID: UInt32,
        to row: UInt32,
        _ candidate: Candidate?
    ) -> RouteChange {
        count(1, of: route)
        return RouteChange(
            kind: .added,
            bestChanged: addUncounted(route, pathID, to: row, candidate)
        )
    }

    /// Takes the references of new routes that are alike but for the prefix, and counts them.
    func count(_ added: UInt32, of route: PathRow) {
        guard added > 0 else { return }
        attributes.retain(route.received, count: added)
        attributes.retain(route.effective, count: added)
        let neighbor = Int(route.neighbor.number)
        neighborCounts[neighbor].received += added
        generations[neighbor].counts[Int(route.generation)] += added
        if !route.isRefused { neighborCounts[neighbor].accepted += added }
    }

    /// Adds a path and decides; true where the best path changed.
    ///
    /// ``count(_:of:)`` comes before or follows.
    func addUncounted(
        _ route: PathRow,
        _ pathID: UInt32,
        to row: UInt32,
        _ candidate: Candidate?
    ) -> Bool {
        members.insert(row, in: Int(route.neighbor.number))
        let head = prefixes.heads[row]
        var route = route
        let path: UInt32
        if head.hasBest != 0 {
            route.next = paths[head.first].next
            path = paths.insert(route)
            paths[head.first].next = path
        } else {
            route.next = head.first
            path = paths.insert(route)
            prefixes.heads[row].first = path
        }
        if pathID != 0 { pathIDs[path] = pathID }
        if hasPathFollowers { tellPaths(row) }
        guard let candidate else { return false }
        if head.hasBest == 0 {
            prefixes.heads[row].hasBest = 1
            return noteBest(row, was: .none)
        }
        if losesEarly(candidate, to: head.first) { return false }
        let best = self.candidate(head.first)
        let verdict = best.map { process.rules.compare(candidate, $0) }
        if verdict?.leftWins == false { return false }
        let old = BestKey(head.first, paths[head.first])
        if let best, let verdict,
            process.rules.isBestOfAll(candidate, over: best, by: verdict.step)
        {
            moveToHead(path, after: head.first, of: row)
        } else {
            select(row)
        }
        return noteBest(row, was: old)
    }

    /// True where a path loses to the best one of its prefix by LOCAL_PREF or the length of AS_PATH: the way of most.
    private func losesEarly(_ candidate: Candidate, to best: UInt32) -> Bool {
        let row = paths[best]
        guard row.effective != .none else { return false }
        let facts = attributes.rows[row.effective.row].facts
        if facts.localPreference < candidate.localPreference { return false }
        if facts.localPreference == candidate.localPreference,
            facts.pathLength >= candidate.pathLength
        {
            return false
        }
        return isEligible(row, facts)
    }

    private func replace(_ path: UInt32, of row: UInt32, with route: PathRow) -> RouteChange {
        let present = paths[path]
        if present.generation != route.generation {
            generations[Int(route.neighbor.number)].counts[Int(present.generation)] -= 1
            generations[Int(route.neighbor.number)].counts[Int(route.generation)] += 1
        }
        if present.received == route.received, present.effective == route.effective,
            present.publicFlags == route.publicFlags
        {
            paths[path].flags = route.flags
            return RouteChange(kind: .nothing, bestChanged: false)
        }
        return store(route, in: path, of: row)
    }

    /// Puts new attributes and flags into a path that is there, and decides.
    private func store(_ route: PathRow, in path: UInt32, of row: UInt32) -> RouteChange {
        let neighbor = Int(route.neighbor.number)
        let old = bestKey(row)
        let present = paths[path]
        let mayUncover = path != old.path && mayShadow(path, row)
        retain(route)
        release(present)
        if present.isRefused != route.isRefused {
            neighborCounts[neighbor].accepted =
                route.isRefused
                ? neighborCounts[neighbor].accepted - 1 : neighborCounts[neighbor].accepted + 1
        }
        paths[path] = route
        paths[path].next = present.next
        tellPaths(row)
        if path == old.path || mayUncover || beatsBest(path, row) {
            select(row)
        }
        // Output policy can ask for what validation found.
        let isJudgedAnew =
            path == old.path && present.publicFlags.validation != route.publicFlags.validation
        return RouteChange(
            kind: .replaced,
            bestChanged: noteBest(row, was: old, mustMark: isJudgedAnew)
        )
    }

    func withdraw(_ row: UInt32, _ neighbor: NeighborID, _ pathID: UInt32) -> RouteChange {
        guard members.contains(row, in: Int(neighbor.number)),
            let place = locate(row, neighbor, pathID)
        else { return .none }
        return remove(place, of: row)
    }

    /// Takes a path away, and decides.
    func remove(_ place: PathPlace, of row: UInt32) -> RouteChange {
        let old = bestKey(row)
        let (path, before) = (place.path, place.before)
        let neighbor = paths[path].neighbor
        let route = paths[path]
        let mustSelect = path == old.path || mayShadow(path, row)
        if before == PrefixHead.noPath {
            prefixes.heads[row].first = route.next
            prefixes.heads[row].hasBest = 0
        } else {
            paths[before].next = route.next
        }
        if pathIDs.count == 0 || pathCount(row, of: neighbor) == 0 {
            members.remove(row, in: Int(neighbor.number))
        }
        if route.flags & PathRow.pathIDMask != 0 { pathIDs[path] = 0 }
        neighborCounts[Int(neighbor.number)].received -= 1
        generations[Int(neighbor.number)].counts[Int(route.generation)] -= 1
        if !route.isRefused { neighborCounts[Int(neighbor.number)].accepted -= 1 }
        paths.free(path)
        tellPaths(row)
        if mustSelect { select(row) }
        // The old attributes live until the comparison with the new best path is done.
        let bestChanged = noteBest(row, was: old)
        release(route)
        if prefixes.heads[row].first == PrefixHead.noPath {
            marks.insert(row, in: Mark.vacant)
            forgetUntold(row)
            noteVacant(row)
        }
        return RouteChange(kind: .removed, bestChanged: bestChanged)
    }

    func refilter(
        _ row: UInt32,
        _ neighbor: NeighborID,
        _ pathID: UInt32,
        _ effective: AttributesID,
        _ flags: PathFlags
    ) -> RouteChange {
        guard members.contains(row, in: Int(neighbor.number)),
            let path = locate(row, neighbor, pathID)?.path
        else { return .none }
        var route = paths[path]
        if route.effective == effective, route.publicFlags == flags {
            return RouteChange(kind: .nothing, bestChanged: false)
        }
        route.effective = effective
        route.flags =
            flags.rawValue & ~PathRow.privateMask | route.flags & PathRow.privateMask
        return store(route, in: path, of: row)
    }

    private func retain(_ route: PathRow) {
        if route.received == route.effective {
            attributes.retain(route.received, count: 2)
        } else {
            attributes.retain(route.received)
            attributes.retain(route.effective)
        }
    }

    private func release(_ route: PathRow) {
        attributes.release(route.received)
        attributes.release(route.effective)
    }

    func makeRoom(for neighbor: Int) {
        while generations.count <= neighbor {
            generations.append(Generations())
            neighborCounts.append(NeighborCounts())
        }
    }
}

/// The best path of a prefix as it was before a change.
struct BestKey {
    var path: UInt32
    var effective: AttributesID
    var neighbor: NeighborID

    /// No path.
    static var none: BestKey {
        BestKey(path: PrefixHead.noPath, effective: .none, neighbor: .local)
    }

    /// Where it came from; nil where there was none.
    var source: NeighborID? { path == PrefixHead.noPath ? nil : neighbor }
}

extension BestKey {
    init(_ path: UInt32, _ row: PathRow) {
        self.init(path: path, effective: row.effective, neighbor: row.neighbor)
    }
}

extension RouteTable {
    func bestKey(_ row: UInt32) -> BestKey {
        let head = prefixes.heads[row]
        return head.hasBest != 0 ? BestKey(head.first, paths[head.first]) : .none
    }

    /// Compares the best path with what it was, keeps the counts and marks the prefix for the listeners.
    func noteBest(_ row: UInt32, was old: BestKey, mustMark: Bool = false) -> Bool {
        let new = bestKey(row)
        let isSame =
            new.path == old.path && new.effective == old.effective
            && new.neighbor == old.neighbor
        if isSame, !mustMark { return false }
        if old.path != PrefixHead.noPath {
            neighborCounts[Int(old.neighbor.number)].best -= 1
            if new.path == PrefixHead.noPath { marks.remove(row, in: Mark.best) }
        }
        if new.path != PrefixHead.noPath {
            neighborCounts[Int(new.neighbor.number)].best += 1
            if old.path == PrefixHead.noPath { marks.insert(row, in: Mark.best) }
        }
        if isSame, new.path == PrefixHead.noPath { return false }
        tell(row, from: old.source, to: new.source)
        return true
    }
}
