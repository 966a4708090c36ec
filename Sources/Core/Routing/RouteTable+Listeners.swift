import Addressing
import Tables

extension RouteTable {
    func addListener(_ number: Int, for member: NeighborID?, followsPaths: Bool) {
        while listenerCursors.count <= number { listenerCursors.append(0) }
        listenerCursors[number] = 0
        listeners.append(
            Listener(number: number, member: member, followsPaths: followsPaths)
        )
        noteFollowers()
        markAll(number)
    }

    func removeListener(_ number: Int) {
        listeners.removeAll { $0.number == number }
        noteFollowers()
        changes.removeAll(in: number)
        told.removeAll(in: number)
        held.removeAll(in: number)
        noteVacant(0)
    }

    /// From now on the listener speaks to more than one neighbor: what it was not marked for, it is marked for now.
    func widenListener(_ number: Int) {
        guard let place = listeners.firstIndex(where: { $0.number == number }),
            listeners[place].member != nil
        else { return }
        listeners[place].member = nil
        markAll(number)
    }

    /// From now on the listener speaks to that neighbor alone, which is never told its own path.
    func narrowListener(_ number: Int, to member: NeighborID) {
        guard let place = listeners.firstIndex(where: { $0.number == number }) else { return }
        listeners[place].member = member
    }

    /// The prefix keeps its number until ``release(_:in:)``, whatever becomes of its paths.
    func hold(_ row: UInt32, in number: Int) { held.insert(row, in: number) }

    func release(_ row: UInt32, in number: Int) {
        guard held.remove(row, in: number) else { return }
        if prefixes.heads[row].first == PrefixHead.noPath { noteVacant(row) }
    }

    /// Marks a prefix whose best path changed for those who may have to say something of it.
    ///
    /// Where the path before and the one after are its own or none, a member was and is told nothing.
    func tell(_ row: UInt32, from old: NeighborID?, to new: NeighborID?) {
        bestChanges &+= 1
        for index in listeners.indices {
            let listener = listeners[index]
            if listener.isPaused { continue }
            if !listener.followsPaths, let member = listener.member, (old ?? member) == member,
                (new ?? member) == member
            {
                continue
            }
            changes.insert(row, in: listener.number)
        }
    }

    /// Marks a prefix of which any path changed for those who follow them all.
    func tellPaths(_ row: UInt32) {
        guard hasPathFollowers else { return }
        for index in listeners.indices
        where listeners[index].followsPaths && !listeners[index].isPaused {
            changes.insert(row, in: listeners[index].number)
        }
    }

    func setFollowsPaths(_ number: Int, _ follows: Bool) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        listeners[index].followsPaths = follows
        noteFollowers()
    }

    private func noteFollowers() {
        hasPathFollowers = listeners.contains { $0.followsPaths }
    }

    /// What the listener was not told of in a pause it is told of at its end.
    func setPaused(_ number: Int, _ isPaused: Bool) {
        guard let place = listeners.firstIndex(where: { $0.number == number }) else { return }
        listeners[place].isPaused = isPaused
        if isPaused { changes.removeAll(in: number) } else { markAll(number) }
    }

    func markAll(_ number: Int) {
        if listeners.contains(where: { $0.number == number && $0.isPaused }) { return }
        marks.unite(Mark.best, into: number, of: &changes)
    }

    func markTold(_ row: UInt32, in number: Int) {
        changes.insert(row, in: number)
        told.insert(row, in: number)
    }

    /// Marks a prefix for the listener whether there is a path of it or not.
    func mark(_ prefix: IPPrefix, in number: Int) {
        let hash = prefixes.hash(prefix)
        if let row = prefixes.find(prefix, hash: hash) { return markTold(row, in: number) }
        let row = prefixes.insert(prefix, hash: hash, first: PrefixHead.noPath, hasBest: false)
        order.noteNewRow(row)
        marks.insert(row, in: Mark.vacant)
        markTold(row, in: number)
    }

    /// The next prefix that `listener` has not taken note of, going round through the rows; see
    /// ``RoutingTables/takeChange(_:for:)``.
    package func takeChange(for listener: ListenerID) -> PrefixID? {
        let number = Int(listener.number)
        guard
            let row = changes.takeNext(from: listenerCursors[number], in: number)
                ?? changes.takeNext(from: 0, in: number)
        else { return nil }
        listenerCursors[number] = row + 1
        let head = prefixes.heads[row]
        if head.hasBest != 0 {
            told.insert(row, in: number)
        } else {
            told.remove(row, in: number)
        }
        if head.first == PrefixHead.noPath { noteVacant(row) }
        return PrefixID(row: row)
    }

    /// A prefix came and went: who has not looked meanwhile has nothing to hear of it.
    ///
    /// Else a neighbor that does not read would hold a row for every prefix that another one ever had.
    func forgetUntold(_ row: UInt32) {
        for listener in listeners where !told.contains(row, in: listener.number) {
            changes.remove(row, in: listener.number)
        }
    }
}
