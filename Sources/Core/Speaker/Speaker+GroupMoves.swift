import Addressing
import BGPSession
import Routing

/// Neighbors that change their update groups: in slices, for two whole tables are compared.
extension Speaker {
    /// Begins to move members to another group.
    func move(
        _ members: [Neighbor],
        from old: UpdateGroup,
        to new: UpdateGroup,
        _ purpose: GroupMove.Purpose
    ) {
        let move = GroupMove(members, from: old, to: new, purpose)
        for member in members {
            guard let export = member.export else { continue }
            let backlog = old.detach(member, export)
            let told = sentCount(to: member)
            old.remove(member)
            add(member, export, to: new)
            new.take(backlog, of: member, export)
            old.tellOfChanges(member)
            export.move = (move, told)
        }
        trim(old)
        moves.append(move)
    }

    /// Compares what the groups say of about `units` prefixes; true where more is left.
    func moveMembers(units: Int) -> Bool {
        var left = units
        // One after the other: who joins a group finds it with all its entries.
        while let move = moves.first {
            let rows = move.nextRows(left, endRow: routing.table(move.family).endRow)
            if rows.isEmpty || move.members.isEmpty {
                if move.members.isEmpty || !move.nextFamily() { finish(move) }
                continue
            }
            compare(rows, of: move)
            left -= rows.count
            if left <= 0 { return true }
        }
        guard let changed = regroupDue else { return false }
        regroupDue = nil
        regroup { changed.contains($0.number) }
        return !moves.isEmpty
    }

    private func compare(_ rows: Range<UInt32>, of move: GroupMove) {
        let family = move.family
        let (old, new) = (move.old.adjRIBOut(family), move.new.adjRIBOut(family))
        for row in rows {
            let id = PrefixID(row: row)
            let (told, wanted) = (old.entry(id), new.entry(id))
            if told == wanted { continue }
            if move.purpose == .part, let told, wanted == nil {
                _ = new.replace(
                    id,
                    with: told.attributes,
                    source: told.source,
                    in: routing.attributes
                )
                // Also where a route has gone and the new group has not looked yet.
                routing.markTold(id, family, for: move.new.listener)
                continue
            }
            for member in move.members {
                guard let backlog = member.export?.backlog, !backlog.contains(id, family) else {
                    continue
                }
                let number = Self.routingID(member.number)
                let change = AdjRIBOutChange(old: told, new: wanted)
                if change.action(for: number) == .nothing { continue }
                backlog.mark(
                    id,
                    family,
                    had: told.map { $0.source != number } ?? false,
                    isWanted: wanted.map { $0.source != number } ?? false
                )
            }
        }
        move.pass(rows)
        passOn(rows, of: move)
    }

    /// What is marked keeps its number for the new group now, not for the old one.
    private func passOn(_ rows: Range<UInt32>, of move: GroupMove) {
        var isMarked = Array(repeating: false, count: rows.count)
        for member in move.members {
            member.export?.backlog?.forEach(move.family, in: rows) { id in
                isMarked[Int(id.row - rows.lowerBound)] = true
            }
        }
        for (row, isMarked) in zip(rows, isMarked) where isMarked {
            let id = PrefixID(row: row)
            if move.new.entry(id, move.family) == nil {
                routing.hold(id, move.family, for: move.new.listener)
            }
            releaseIfTold(id, move.family, in: move.old)
        }
    }

    private func finish(_ move: GroupMove) {
        moves.removeAll { $0 === move }
        for member in move.members {
            move.old.tellNoMore(member)
            guard let export = member.export, let (_, told) = export.move else { continue }
            export.move = nil
            if let backlog = export.backlog {
                let id = Self.routingID(member.number)
                backlog.surplusCount = told - move.new.entryCount(for: id)
                if backlog.isEmpty { move.new.attach(member, export) }
            }
            wakeExport(of: member)
        }
        for group in [move.old, move.new] { tidy(group) }
    }

    /// A neighbor goes while it is on its way.
    func abandonMove(of neighbor: Neighbor, _ export: ExportState) {
        guard let (move, _) = export.move else { return }
        export.move = nil
        move.old.tellNoMore(neighbor)
        move.members.removeAll { $0 === neighbor }
        if let backlog = export.backlog { releaseWithdrawn(in: move.old, backlog) }
        tidy(move.old)
    }

    /// True where members are on their way from or to that group: it stays as it is.
    func isMoving(_ group: UpdateGroup) -> Bool {
        moves.contains { $0.old === group || $0.new === group }
    }

    /// True where a group has not got all the entries that it begins with.
    func isIncomplete(_ group: UpdateGroup) -> Bool {
        moves.contains { $0.new === group && $0.purpose == .part }
    }
}
