import Tables

extension RouteTable {
    mutating func addListener(_ number: Int) {
        while listenerCursors.count <= number { listenerCursors.append(0) }
        listenerCursors[number] = 0
        listeners.append(number)
        markAll(number)
    }

    mutating func removeListener(_ number: Int) {
        listeners.removeAll { $0 == number }
        changes.removeAll(in: number)
        noteVacant(0)
    }

    mutating func markAll(_ number: Int) {
        marks.unite(Mark.best, into: number, of: &changes)
    }

    /// Takes the next mark of a listener, going round through the rows.
    mutating func takeChange(_ number: Int) -> PrefixID? {
        guard
            let row = changes.next(from: listenerCursors[number], in: number)
                ?? changes.next(from: 0, in: number)
        else { return nil }
        changes.remove(row, in: number)
        listenerCursors[number] = row + 1
        if prefixes.heads[row].first == PrefixHead.noPath { noteVacant(row) }
        return PrefixID(row: row)
    }
}
