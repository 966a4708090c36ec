import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
import Routing

/// The changes of an update group: judged once, noted for every member, encoded once.
extension Speaker {
    // MARK: What the group is told

    /// Looks at the next prefixes of a group that have changed.
    func advance(_ group: UpdateGroup, _ family: AddressFamily) {
        let (table, store, out) = (
            routing.table(family), routing.attributes, group.adjRIBOut(family)
        )
        let evaluatesAll = group.key.evaluatesAll
        let isDefaultAlone = group.key.exports == .defaultRoute
        exportBatch.removeAll()
        var visited = 0
        while visited < Self.batchSize, exportBatch.attributeBytes < Self.batchBytes,
            let id = table.takeChange(for: group.listener)
        {
            visited += 1
            let prefix = table.prefix(id)
            let best = isDefaultAlone ? nil : table.best(id)
            var result =
                isDefaultAlone
                ? defaultRoute(id, prefix, to: group, store)
                : best.map { attributes(of: $0, prefix, to: group, store) } ?? .none
            var source = best?.neighbor ?? .local
            if evaluatesAll, result == .none, let best,
                let other = alternative(to: best, id, prefix, of: group, store)
            {
                (source, result) = (other.path.neighbor, other.attributes)
            }
            let change = out.replace(id, with: result, source: source, in: store)
            note(change, id, prefix, family, in: group, store)
            store.release(result)
        }
        guard
            !exportBatch.announced.isEmpty || !exportBatch.withdrawn.isEmpty
                || !exportBatch.exceptions.isEmpty
        else { return }
        if group.isFollowed {
            writeLog(of: group, family)
        } else {
            holdWithdrawn(family, in: group)
        }
        group.detachSlowMembers()
        trim(group)
        for member in group.members { wakeExport(of: member) }
    }

    /// Notes what a changed entry means for the members.
    private func note(
        _ change: AdjRIBOutChange,
        _ id: PrefixID,
        _ prefix: IPPrefix,
        _ family: AddressFamily,
        in group: UpdateGroup,
        _ store: AttributeStore
    ) {
        guard change.old != change.new else { return }
        for member in group.lagging {
            guard let backlog = group.backlog(of: member, id, family) else { continue }
            let number = Self.routingID(member.number)
            if change.action(for: number) == .nothing { continue }
            backlog.change(
                id,
                family,
                wasWanted: change.old.map { $0.source != number } ?? false,
                isWanted: change.new.map { $0.source != number } ?? false
            )
        }
        guard let new = change.new else {
            guard let old = change.old else { return }
            exportBatch.withdrawn.append(
                ExportBatch.Withdrawn(oldSource: old.source, id: id, prefix: prefix)
            )
            return
        }
        func exception(_ member: NeighborID, _ attributes: AttributesID) {
            exportBatch.exceptions.append(
                ExportBatch.Exception(
                    member: member,
                    attributes: attributes,
                    source: new.source,
                    oldSource: change.old?.source,
                    id: id,
                    prefix: prefix
                )
            )
        }
        if let old = change.old, old.source != new.source {
            // Who brings the best route now was told of another one before.
            if group.hasMember(new.source) { exception(new.source, .none) }
            if old.attributes == new.attributes {
                if group.hasMember(old.source) { exception(old.source, new.attributes) }
                return
            }
        }
        exportBatch.announce(
            ExportBatch.Announced(
                attributes: new.attributes,
                source: new.source,
                oldSource: change.old?.source,
                id: id,
                prefix: prefix
            ),
            attributeBytes: store.byteCount(new.attributes)
        )
    }

    // MARK: The log

    private func writeLog(of group: UpdateGroup, _ family: AddressFamily) {
        writeWithdrawals(to: group, family)
        exportBatch.group()
        let key = group.key
        var refused: [ExportBatch.Announced] = []
        var index = 0
        while index < exportBatch.announced.count {
            let end = endOfRun(at: index)
            defer { index = end }
            let first = exportBatch.announced[index]
            let owner = nextHopOwner(of: first.attributes, family, in: group)
            guard begin(first.attributes, family, first.source, of: key) else {
                refused += exportBatch.announced[index..<end]
                continue
            }
            if owner == nil || owner != group.sole {
                let informed = owner == first.source ? nil : owner
                write(index..<end, family, to: group, except: first.source, informed: informed)
            }
            guard let owner, owner != first.source else { continue }
            if beginWithOwnNextHop(first.attributes, family, first.source, of: key) {
                write(index..<end, family, to: group, only: owner)
            } else {
                withdraw(index..<end, family, in: group, from: owner)
            }
        }
        writeExceptions(to: group, family)
        holdWithdrawn(family, in: group)
        refuse(refused, family, of: group)
    }

    /// Withdrawn prefixes keep their numbers until all members know.
    private func holdWithdrawn(_ family: AddressFamily, in group: UpdateGroup) {
        for withdrawn in exportBatch.withdrawn {
            routing.hold(withdrawn.id, family, for: group.listener)
            group.noteWithdrawal(withdrawn.id, family)
        }
    }

    /// Where the prefixes end that have the same attributes from the same neighbor.
    private func endOfRun(at index: Int) -> Int {
        let first = exportBatch.announced[index]
        var end = index + 1
        while end < exportBatch.announced.count,
            exportBatch.announced[end].attributes == first.attributes,
            exportBatch.announced[end].source == first.source
        {
            end += 1
        }
        return end
    }

    /// Writes announcements with the attributes that were begun.
    private func write(
        _ run: Range<Int>,
        _ family: AddressFamily,
        to group: UpdateGroup,
        except: NeighborID? = nil,
        informed: NeighborID? = nil,
        only: NeighborID? = nil
    ) {
        for index in run {
            let announced = exportBatch.announced[index]
            updateBuilder.append(announced.prefix, to: &group.log.bytes)
            group.log.changes.append(
                UpdateLog.Change(id: announced.id, oldSource: announced.oldSource)
            )
        }
        let count = updateBuilder.finish(to: &group.log.bytes)
        group.log.close(
            family,
            messageCount: count,
            isWithdrawal: false,
            except: except,
            informed: informed,
            only: only
        )
    }

    private func writeWithdrawals(to group: UpdateGroup, _ family: AddressFamily) {
        var index = 0
        while index < exportBatch.withdrawn.count {
            let (source, informed) = (
                exportBatch.withdrawn[index].oldSource, exportBatch.withdrawn[index].informed
            )
            updateBuilder.beginWithdrawal(family: family, maximumLength: group.key.maximumLength)
            while index < exportBatch.withdrawn.count,
                exportBatch.withdrawn[index].oldSource == source,
                exportBatch.withdrawn[index].informed == informed
            {
                let withdrawn = exportBatch.withdrawn[index]
                updateBuilder.append(withdrawn.prefix, to: &group.log.bytes)
                group.log.changes.append(UpdateLog.Change(id: withdrawn.id, oldSource: source))
                index += 1
            }
            let count = updateBuilder.finish(to: &group.log.bytes)
            group.log.close(
                family,
                messageCount: count,
                isWithdrawal: true,
                except: source,
                informed: informed
            )
        }
    }

    /// What is announced to the others fits no message with our own next hop: what the member may have is older.
    private func withdraw(
        _ run: Range<Int>,
        _ family: AddressFamily,
        in group: UpdateGroup,
        from member: NeighborID
    ) {
        for index in run {
            let announced = exportBatch.announced[index]
            guard let oldSource = announced.oldSource, oldSource != member else { continue }
            exportBatch.exceptions.append(
                ExportBatch.Exception(
                    member: member,
                    attributes: .none,
                    source: announced.source,
                    oldSource: oldSource,
                    id: announced.id,
                    prefix: announced.prefix
                )
            )
        }
    }

    /// Writes what single members are told, side by side what goes into one message.
    private func writeExceptions(to group: UpdateGroup, _ family: AddressFamily) {
        exportBatch.exceptions.sort {
            ($0.member, $0.attributes.row, $0.source) < ($1.member, $1.attributes.row, $1.source)
        }
        var index = 0
        while index < exportBatch.exceptions.count {
            let first = exportBatch.exceptions[index]
            var end = index + 1
            while end < exportBatch.exceptions.count,
                exportBatch.exceptions[end].member == first.member,
                exportBatch.exceptions[end].attributes == first.attributes,
                exportBatch.exceptions[end].source == first.source
            {
                end += 1
            }
            write(exceptions: index..<end, family, to: group)
            index = end
        }
    }

    private func write(exceptions run: Range<Int>, _ family: AddressFamily, to group: UpdateGroup) {
        let first = exportBatch.exceptions[run.lowerBound]
        let isWithdrawal = first.attributes == .none
        if isWithdrawal {
            updateBuilder.beginWithdrawal(family: family, maximumLength: group.key.maximumLength)
        } else {
            let owner = nextHopOwner(of: first.attributes, family, in: group)
            let fits =
                owner == first.member
                ? beginWithOwnNextHop(first.attributes, family, first.source, of: group.key)
                : begin(first.attributes, family, first.source, of: group.key)
            // What does not fit is refused where it is announced to the others.
            guard fits else { return }
        }
        for index in run {
            let exception = exportBatch.exceptions[index]
            updateBuilder.append(exception.prefix, to: &group.log.bytes)
            group.log.changes.append(
                UpdateLog.Change(id: exception.id, oldSource: exception.oldSource)
            )
        }
        let count = updateBuilder.finish(to: &group.log.bytes)
        group.log.close(
            family,
            messageCount: count,
            isWithdrawal: isWithdrawal,
            only: first.member
        )
    }

    /// Announcements whose attributes fit no message: what members may have is older, and is withdrawn.
    private func refuse(
        _ refused: [ExportBatch.Announced],
        _ family: AddressFamily,
        of group: UpdateGroup,
        knownTo informed: Neighbor? = nil
    ) {
        guard let first = refused.first else { return }
        exportBatch.removeAll()
        for announced in refused {
            let id = announced.id
            let change = group.adjRIBOut(family).replace(
                id,
                with: .none,
                source: .local,
                in: routing.attributes
            )
            // The log has nothing of the entry that is taken back: it goes on from the one before.
            for member in group.lagging where member !== informed {
                guard let old = change.old, let backlog = group.backlog(of: member, id, family)
                else { continue }
                let wasWanted = old.source != Self.routingID(member.number)
                backlog.change(id, family, wasWanted: wasWanted, isWanted: false)
            }
            // Somebody may still have to be told, also of what no follower has.
            routing.hold(id, family, for: group.listener)
            if let oldSource = announced.oldSource {
                exportBatch.withdrawn.append(
                    ExportBatch.Withdrawn(
                        oldSource: oldSource,
                        informed: announced.source == oldSource ? nil : announced.source,
                        id: id,
                        prefix: announced.prefix
                    )
                )
            }
        }
        writeWithdrawals(to: group, family)
        for announced in refused { group.noteWithdrawal(announced.id, family) }
        guard let member = group.members.first else { return }
        let others = refused.count > 1 ? " and \(refused.count - 1) more are" : " is"
        let whom = group.members.count > 1 ? " to \(group.members.count) neighbors" : ""
        reportMalformed(
            "\(first.prefix)\(others) not sent\(whom): the attributes do not fit a message",
            of: member
        )
    }

    // MARK: A member by itself

    /// Tells a member of the next prefixes in its backlog, with what the group says of them now.
    func catchUp(
        _ neighbor: Neighbor,
        _ backlog: ExportBacklog,
        _ family: AddressFamily,
        _ group: UpdateGroup,
        into output: inout [UInt8]
    ) {
        let member = Self.routingID(neighbor.number)
        exportBatch.removeAll()
        var firstPassed: PrefixID?
        var visited = 0
        while visited < Self.batchSize, exportBatch.attributeBytes < Self.batchBytes,
            let id = backlog.next(family)
        {
            // What the group has not looked at yet is told when it has.
            if routing.isChanged(id, family, for: group.listener) {
                if firstPassed == id { break }
                firstPassed = firstPassed ?? id
                continue
            }
            visited += 1
            let entry = group.entry(id, family, for: member)
            let had = backlog.had(id, family)
            backlog.take(id, family, isWanted: entry != nil)
            let prefix = routing.prefix(id, family)
            if let entry {
                exportBatch.announce(
                    ExportBatch.Announced(
                        attributes: entry.attributes,
                        source: entry.source,
                        oldSource: had ? .local : nil,
                        id: id,
                        prefix: prefix
                    ),
                    attributeBytes: routing.attributes.byteCount(entry.attributes)
                )
            } else if had {
                exportBatch.withdrawn.append(
                    ExportBatch.Withdrawn(oldSource: .local, id: id, prefix: prefix)
                )
            }
            releaseIfTold(id, family, in: group)
        }
        send(to: neighbor, family, group, into: &output)
    }

    private func send(
        to neighbor: Neighbor,
        _ family: AddressFamily,
        _ group: UpdateGroup,
        into output: inout [UInt8]
    ) {
        let member = Self.routingID(neighbor.number)
        exportBatch.group()
        var messages = 0
        var refused: [ExportBatch.Announced] = []
        var announced = 0
        var index = 0
        while index < exportBatch.announced.count {
            let end = endOfRun(at: index)
            defer { index = end }
            let first = exportBatch.announced[index]
            let isOwner = nextHopOwner(of: first.attributes, family, in: group) == member
            let fits =
                isOwner
                ? beginWithOwnNextHop(first.attributes, family, first.source, of: group.key)
                : begin(first.attributes, family, first.source, of: group.key)
            guard fits else {
                for late in exportBatch.announced[index..<end] where late.oldSource != nil {
                    exportBatch.withdrawn.append(
                        ExportBatch.Withdrawn(
                            oldSource: .local,
                            id: late.id,
                            prefix: late.prefix
                        )
                    )
                }
                // With our own next hop it can be the longer one.
                let fitsOthers =
                    isOwner && begin(first.attributes, family, first.source, of: group.key)
                if !fitsOthers { refused += exportBatch.announced[index..<end] }
                continue
            }
            for place in index..<end {
                updateBuilder.append(exportBatch.announced[place].prefix, to: &output)
            }
            messages += updateBuilder.finish(to: &output)
            announced += end - index
        }
        if !exportBatch.withdrawn.isEmpty {
            updateBuilder.beginWithdrawal(family: family, maximumLength: group.key.maximumLength)
            for withdrawn in exportBatch.withdrawn {
                updateBuilder.append(withdrawn.prefix, to: &output)
            }
            messages += updateBuilder.finish(to: &output)
        }
        if messages > 0 { neighbor.session.updatesSent(messages, now: now) }
        neighbor.counters.updates.sent += UInt64(announced)
        neighbor.counters.withdraws.sent += UInt64(exportBatch.withdrawn.count)
        ratesOut.count(announced + exportBatch.withdrawn.count)
        // This member knows; the others are told by the group.
        for place in refused.indices { refused[place].oldSource = nil }
        refuse(refused, family, of: group, knownTo: neighbor)
    }

    // MARK: Messages

    /// Begins messages with attributes of the group; false where they do not fit.
    private func begin(
        _ attributes: AttributesID,
        _ family: AddressFamily,
        _ source: NeighborID,
        of key: UpdateGroupKey
    ) -> Bool {
        Self.begin(&updateBuilder, attributes, of: routing.attributes, family, source, key)
    }

    private static func begin(
        _ builder: inout UpdateBuilder,
        _ attributes: AttributesID,
        of store: AttributeStore,
        _ family: AddressFamily,
        _ source: NeighborID,
        _ key: UpdateGroupKey
    ) -> Bool {
        store.withBytes(attributes) { bytes in
            builder.begin(
                attributes: bytes,
                family: family,
                fourOctetAS: key.fourOctetAS,
                markPartial: source != .local,
                maximumLength: key.maximumLength
            )
        }
    }

    /// The same with our own address as the next hop.
    private func beginWithOwnNextHop(
        _ attributes: AttributesID,
        _ family: AddressFamily,
        _ source: NeighborID,
        of key: UpdateGroupKey
    ) -> Bool {
        guard let own = key.addresses.nextHop(family) else { return false }
        editor.load(attributes, from: routing.attributes)
        editor.setNextHop(own)
        return Self.begin(&updateBuilder, editor, family, source, key)
    }

    private static func begin(
        _ builder: inout UpdateBuilder,
        _ editor: borrowing AttributesEditor,
        _ family: AddressFamily,
        _ source: NeighborID,
        _ key: UpdateGroupKey
    ) -> Bool {
        editor.withBytes { bytes in
            builder.begin(
                attributes: bytes,
                family: family,
                fourOctetAS: key.fourOctetAS,
                markPartial: source != .local,
                maximumLength: key.maximumLength
            )
        }
    }
}
