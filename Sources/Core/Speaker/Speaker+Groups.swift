import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Routing

/// Which neighbors are told the same, and what becomes of that when one of them comes, goes or changes.
extension Speaker {
    // MARK: Come and go

    /// Puts a neighbor into the group that it belongs to, as one that has been told nothing.
    func join(_ neighbor: Neighbor, _ export: ExportState) {
        let key = UpdateGroupKey(neighbor, export)
        // Not one that all have left and that ends with their move: another may have its key by now.
        let known = groups.first {
            $0.key.isEquivalent(to: key) && !isIncomplete($0) && !$0.members.isEmpty
        }
        guard let group = known else {
            let id = Self.routingID(neighbor.number)
            let listener = routing.addListener(for: id, followsPaths: key.evaluatesAll)
            let group = UpdateGroup(
                key: key,
                listener: listener,
                for: id,
                logLimit: updateLogLimit
            )
            // One like it that is being filled is joined once that is done.
            if groups.contains(where: { $0.key.isEquivalent(to: key) }) {
                regroupDue = regroupDue ?? []
            }
            groups.append(group)
            if key.ignoresTables {
                group.isPaused = true
                routing.setPaused(listener, true)
            }
            if key.exports == .defaultRoute { markDefaultRoutes(of: group) }
            return add(neighbor, export, to: group)
        }
        add(neighbor, export, to: group)
        let id = Self.routingID(neighbor.number)
        let backlog = ExportBacklog()
        for family in export.sentFamilies {
            backlog.markAll(of: group, family, for: id, had: false)
        }
        if !backlog.isEmpty { group.take(backlog, of: neighbor, export) }
    }

    func add(_ neighbor: Neighbor, _ export: ExportState, to group: UpdateGroup) {
        group.add(neighbor)
        if group.sole == nil { routing.widen(group.listener) }
        export.group = group
        group.attach(neighbor, export)
    }

    /// Takes a neighbor out of its group; what the group was told goes with the last one, in slices.
    func leave(_ neighbor: Neighbor, _ export: ExportState) {
        guard let group = export.group else { return }
        abandonMove(of: neighbor, export)
        let backlog = export.backlog
        group.remove(neighbor)
        export.group = nil
        export.backlog = nil
        if let backlog, !group.members.isEmpty || isMoving(group) {
            releaseWithdrawn(in: group, backlog)
        }
        tidy(group)
    }

    /// Ends a group without members, and lets one with a single member tell no more of that one's own routes.
    func tidy(_ group: UpdateGroup) {
        trim(group)
        if isMoving(group) { return }
        guard group.members.isEmpty else { return narrow(group) }
        groups.removeAll { $0 === group }
        routing.removeListener(group.listener)
        forgetMemo(of: group)
        endedGroups.append(group)
    }

    /// Where one member is left, what came from it is no entry any more.
    private func narrow(_ group: UpdateGroup) {
        guard let sole = group.narrow() else { return }
        routing.narrow(group.listener, to: sole)
        for family in AddressFamily.allCases
        where group.adjRIBOut(family).count(from: sole) > 0 {
            var own: [PrefixID] = []
            group.forEachEntry(family) { id, entry in if entry.source == sole { own.append(id) } }
            for id in own {
                group.forget(id, family, in: routing.attributes)
                routing.hold(id, family, for: group.listener)
                group.noteWithdrawal(id, family)
            }
        }
        trim(group)
    }

    /// Withdrawals that only somebody who left waited for need wait no more.
    func releaseWithdrawn(in group: UpdateGroup, _ backlog: ExportBacklog) {
        for family in AddressFamily.allCases {
            backlog.forEach(family) { releaseIfTold($0, family, in: group) }
        }
    }

    /// Gives the number of a withdrawn prefix back where all members know that it is withdrawn.
    func releaseIfTold(_ id: PrefixID, _ family: AddressFamily, in group: UpdateGroup) {
        guard group.entry(id, family) == nil,
            !group.isWaitedFor(UpdateGroup.HeldPrefix(id: id, family: family))
        else { return }
        routing.release(id, family, for: group.listener)
    }

    /// Forgets what all members have read of a group's log.
    func trim(_ group: UpdateGroup) {
        group.trim { routing.release($0.id, $0.family, for: group.listener) }
    }

    // MARK: Again

    /// The group is to look again at all that it tells of.
    func markAll(of group: UpdateGroup) {
        routing.markAll(for: group.listener)
        if group.key.exports == .defaultRoute { markDefaultRoutes(of: group) }
    }

    /// Marks all that a neighbor has been told, so that it is told again.
    func markForResend(_ family: AddressFamily, to neighbor: Neighbor, _ export: ExportState) {
        if let paths = export.paths { markAll(of: paths.group) }
        guard let group = export.group else { return }
        let id = Self.routingID(neighbor.number)
        let backlog = group.detach(neighbor, export)
        trim(group)
        backlog.markAll(of: group, family, for: id, had: true)
        if backlog.isEmpty { group.attach(neighbor, export) }
    }

    /// A neighbor is back before what it said earlier is gone: while it was away that was not reflected, and told to nobody
    /// where it was not in the file.
    func tellAgain(of source: Neighbor) {
        guard source.isInternal || source.hasOldRoutes, pathCount(of: source.number) > 0 else {
            return
        }
        for group in groups + pathGroups where source.hasOldRoutes || group.key.isInternal {
            routing.markAll(for: group.listener)
        }
        source.hasOldRoutes = false
    }

    /// Paths of a neighbor that are there, of both families.
    func pathCount(of number: NeighborNumber) -> Int {
        let id = Self.routingID(number)
        return Int(routing.ipv4.counts(of: id).received) + Int(routing.ipv6.counts(of: id).received)
    }

    // MARK: Another policy

    /// Sorts neighbors into groups anew after their output policy or their next hops changed.
    ///
    /// - Parameter changed: tells of a neighbor whether what it is told can be another thing than before.
    func regroup(_ changed: (Neighbor) -> Bool) {
        regroupPaths(changed)
        guard moves.isEmpty else {
            // Once those are where they are to be by the configuration before.
            let numbers = exporters.filter { neighbor($0).map(changed) ?? false }
            regroupDue = (regroupDue ?? []).union(numbers)
            return
        }
        var settled: [UpdateGroup] = []
        // The largest first: whoever is told the same moves into it, not the other way round.
        for group in groups.sorted(by: { $0.members.count > $1.members.count }) {
            let members = group.members.filter { $0.export != nil }
            var classes: [[Neighbor]] = []
            for member in members {
                guard let key = key(of: member) else { continue }
                let place = classes.firstIndex {
                    self.key(of: $0[0])?.isEquivalent(to: key) == true
                }
                if let place { classes[place].append(member) } else { classes.append([member]) }
            }
            // The largest part stays: what it has been told is compared with what it is to be told.
            classes.sort { $0.count > $1.count }
            var hasStayed = false
            for members in classes {
                guard let key = key(of: members[0]) else { continue }
                if let other = settled.first(where: { $0.key.isEquivalent(to: key) }) {
                    move(members, from: group, to: other, .join)
                } else if !hasStayed {
                    hasStayed = true
                    stay(in: group, key, isChanged: members.contains(where: changed))
                    settled.append(group)
                } else {
                    let other = UpdateGroup(
                        key: key,
                        listener: routing.addListener(followsPaths: key.evaluatesAll),
                        logLimit: updateLogLimit
                    )
                    if key.exports == .defaultRoute { markDefaultRoutes(of: other) }
                    groups.append(other)
                    settled.append(other)
                    move(members, from: group, to: other, .part)
                }
            }
        }
        for number in exporters {
            if let neighbor = neighbor(number) { wakeExport(of: neighbor) }
        }
    }

    private func key(of member: Neighbor) -> UpdateGroupKey? {
        member.export.map { UpdateGroupKey(member, $0) }
    }

    private func stay(in group: UpdateGroup, _ key: UpdateGroupKey, isChanged: Bool) {
        let (before, exportsBefore) = (group.key.addresses, group.key.exports)
        let isChanged = isChanged || !group.key.hasSameForm(as: key)
        group.key = key
        forgetMemo(of: group)
        routing.setFollowsPaths(group.listener, key.evaluatesAll)
        if group.isPaused, !key.ignoresTables {
            group.isPaused = false
            routing.setPaused(group.listener, false)
        }
        guard isChanged else { return }
        if exportsBefore == .defaultRoute { markDefaultRoutes(of: group) }
        markAll(of: group)
        // Who is given our address where others are given his own, and a family that could not be sent before: no entry
        // need change for them.
        let isShared = group.members.count > 1
        for member in group.members {
            guard let export = member.export else { continue }
            for family in export.sentFamilies
            where before.nextHop(family) != key.addresses.nextHop(family)
                && (isShared || before.nextHop(family) == nil)
            {
                markForResend(family, to: member, export)
            }
        }
    }
}
