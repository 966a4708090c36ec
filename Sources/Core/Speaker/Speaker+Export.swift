import Addressing
import Attributes
package import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Policy
import RPKI
import Routing

/// Adj-RIB-Out: what each neighbor is sent (part D2 of the commands' specification).
extension Speaker {
    // MARK: Begin and end

    func startExport(to neighbor: Neighbor, _ negotiated: Negotiated) {
        let export = ExportState(negotiated)
        neighbor.export = export
        chooseNextHops(for: neighbor, export)
        exporters.append(neighbor.number)
        if negotiated.addPathSend.isEmpty {
            join(neighbor, export)
        } else {
            startPaths(to: neighbor, export, negotiated.addPathSend)
        }
        wakeExport(of: neighbor)
    }

    func stopExport(to neighbor: Neighbor) {
        guard let export = neighbor.export else { return }
        leave(neighbor, export)
        if let paths = export.paths { stopPaths(paths) }
        neighbor.export = nil
        exporters.removeAll { $0 == neighbor.number }
    }

    /// What was made of a neighbor's routes tells of the session that it had.
    func forgetMemos(of source: Neighbor) {
        let id = Self.routingID(source.number)
        for group in groups + pathGroups where group.memo?.source == id { forgetMemo(of: group) }
    }

    func forgetMemo(of group: UpdateGroup) {
        guard let memo = group.memo else { return }
        routing.attributes.release(memo.effective)
        routing.attributes.release(memo.result)
        group.memo = nil
    }

    /// Chooses the next hops of all neighbors again after the host's addresses changed.
    ///
    /// A session can be up before the kernel has told its addresses: the other family's routes wait for them.
    func reviewNextHops() {
        var changed: Set<NeighborNumber> = []
        for number in exporters {
            guard let neighbor = neighbor(number), let export = neighbor.export else { continue }
            let before = export.addresses
            neighbor.notes.removeAll { $0.hasSuffix(Self.noAddress) }
            chooseNextHops(for: neighbor, export)
            // What was sent keeps its next hop where the address went: the session will tell.
            if export.addresses.nextHopIPv4 == nil {
                export.addresses.nextHopIPv4 = before.nextHopIPv4
            }
            if export.addresses.nextHopIPv6 == nil {
                export.addresses.nextHopIPv6 = before.nextHopIPv6
            }
            if export.addresses != before { changed.insert(number) }
        }
        if !changed.isEmpty { regroup { changed.contains($0.number) } }
    }

    /// A neighbor asked for its routes again (RFC 2918).
    func sendAgain(_ family: AddressFamily, to neighbor: Neighbor) {
        guard let export = neighbor.export, export.families.contains(family) else { return }
        export.refreshDue.insert(FamilySet(family))
        wakeExport(of: neighbor)
    }

    /// Says once that routes wait for a neighbor.
    func wakeExport(of neighbor: Neighbor) {
        guard restart == .none, let export = neighbor.export, !export.isAnnounced,
            export.move == nil,
            let connection = neighbor.connection
        else { return }
        export.isAnnounced = true
        effects.append(.outputWaiting(connection))
    }

    /// Tells neighbors that there is something new for them.
    func wakeExports() {
        for number in exporters {
            guard let neighbor = neighbor(number), let export = neighbor.export,
                !export.isAnnounced
            else { continue }
            guard let group = export.group else {
                if pathsWait(for: export) { wakeExport(of: neighbor) }
                continue
            }
            if export.position < group.log.end && export.backlog == nil
                || export.sentFamilies.contains(where: { pendingCount($0, export, group) > 0 })
                    && mayAdvance(group, for: export)
            {
                wakeExport(of: neighbor)
            }
        }
    }

    /// How many prefixes wait for a member outside the log.
    private func pendingCount(
        _ family: AddressFamily,
        _ export: ExportState,
        _ group: UpdateGroup
    ) -> Int {
        routing.changeCount(family, for: group.listener) + (export.backlog?.count(family) ?? 0)
    }

    /// How many prefixes a neighbor is still to be told of.
    func pendingCount(of neighbor: Neighbor) -> Int {
        guard let export = neighbor.export else { return 0 }
        if let paths = export.paths { return pendingCount(of: paths, export) }
        guard let group = export.group else { return 0 }
        let outside = export.sentFamilies.reduce(0) { $0 + pendingCount($1, export, group) }
        guard export.backlog == nil else { return outside }
        return outside
            + group.log.changeCount(from: export.position, for: Self.routingID(neighbor.number))
    }

    /// How many prefixes a neighbor has been told of; paths, where it is told of several.
    func sentCount(to neighbor: Neighbor) -> Int {
        if let paths = neighbor.export?.paths { return paths.count }
        guard let export = neighbor.export, let group = export.group else { return 0 }
        return group.sentCount(to: Self.routingID(neighbor.number), export)
    }

    /// What a neighbor has been told of a prefix; nil for nothing.
    func sentEntry(
        _ id: PrefixID,
        _ family: AddressFamily,
        to neighbor: Neighbor
    ) -> AdjRIBOutEntry? {
        guard let export = neighbor.export, var group = export.group else { return nil }
        if let (move, _) = export.move, !move.isPast(id, family) { group = move.old }
        if let backlog = export.backlog, backlog.contains(id, family), !backlog.had(id, family) {
            return nil
        }
        return group.entry(id, family, for: Self.routingID(neighbor.number))
    }

    /// Our own address towards the neighbor in each family, and the subnets that we share with it.
    private func chooseNextHops(for neighbor: Neighbor, _ export: ExportState) {
        guard let local = neighbor.localEndpoint?.address else { return }
        var chosen = ExportAddresses()
        let peer = neighbor.configuration.address
        let own = kernel.addresses.first { $0.address == local }
        let siblings = kernel.addresses.filter { $0.interface == own?.interface }
        chosen.sharedSubnets = siblings.filter { $0.prefixLength < $0.address.family.bitCount }
            .map { IPPrefix($0.address, length: $0.prefixLength) }
            .filter { $0.contains(peer) && !peer.isLinkLocal }
        let isOnLink = !chosen.sharedSubnets.isEmpty || peer.isLinkLocal
        let linkLocal = siblings.first { $0.address.isLinkLocal }?.address
        func other(_ family: AddressFamily) -> IPAddress? {
            neighbor.localAddress(family)
                ?? siblings.first { $0.address.family == family && !$0.address.isLinkLocal }?
                .address
        }
        switch local.family {
        case .ipv4:
            chosen.nextHopIPv4 = NextHop(local)
            chosen.nextHopIPv6 = other(.ipv6).map {
                NextHop($0, linkLocal: isOnLink ? linkLocal : nil)
            }
        case .ipv6:
            let global = local.isLinkLocal ? other(.ipv6) : local
            let own = NextHop(global ?? local, linkLocal: isOnLink ? linkLocal : nil)
            chosen.nextHopIPv6 = own
            chosen.nextHopIPv4 = export.extendedNextHop ? own : other(.ipv4).map { NextHop($0) }
        }
        export.addresses = chosen
        for family in export.families.families where chosen.nextHop(family) == nil {
            neighbor.notes.append(
                "\(family.unicastName) \(Self.noAddress)"
            )
        }
    }

    private static var noAddress: String {
        "is not sent: this host has no address of that family towards the neighbor"
    }

    // MARK: Making UPDATEs

    /// Appends UPDATEs for a connection until the buffer holds about `limit` bytes or all is said.
    ///
    /// - Returns: true where more waits; false once all is said, until the next `outputWaiting`.
    package func produceOutput(
        for connection: ConnectionID,
        into output: inout [UInt8],
        limit: Int
    ) -> Bool {
        guard restart == .none, let number = connections[connection],
            let neighbor = neighbor(number),
            neighbor.connection == connection, let export = neighbor.export,
            export.paths != nil || export.group != nil
        else { return false }
        if export.move != nil {
            export.isAnnounced = false
            return false
        }
        let start = output.count
        beginRefreshes(of: neighbor, export, into: &output)
        var hasMore = false
        var waitsForOthers = false
        if let paths = export.paths {
            hasMore = tellPaths(neighbor, export, paths, into: &output, limit: limit)
        } else if let group = export.group {
            hasMore = tell(neighbor, export, group, into: &output, limit: limit)
            // Where nothing is left to look at, an end may still be to be said, and nobody would wake it for that.
            waitsForOthers =
                hasMore && !mayAdvance(group, for: export)
                && export.sentFamilies.contains {
                    routing.changeCount($0, for: group.listener) > 0
                }
        }
        // The session can have ended by what was to be sent.
        guard neighbor.export === export else {
            if output.count > start { log(output, from: start, of: neighbor) }
            return false
        }
        if !hasMore {
            finishFamilies(of: neighbor, export, into: &output)
            hasMore = export.sentFamilies.contains { export.refreshDue.contains($0) }
        }
        if output.count > start { log(output, from: start, of: neighbor) }
        // Background work wakes it once they have read, or have not for long.
        if waitsForOthers { hasMore = false }
        export.isAnnounced = hasMore
        return hasMore
    }

    /// Prefixes that are looked at before a batch is written.
    static let batchSize = 2048
    /// Attribute octets after which a batch is written: of sets as long as a message a few fill the buffer.
    static let batchBytes = 131_072
    /// Batches that a call looks at, where little of them is to be said: a turn stays short.
    static let batchesPerCall = 16

    /// Tells a neighbor what its group says; true where more is left.
    private func tell(
        _ neighbor: Neighbor,
        _ export: ExportState,
        _ group: UpdateGroup,
        into output: inout [UInt8],
        limit: Int
    ) -> Bool {
        let families = export.sentFamilies
        for _ in 0..<Self.batchesPerCall {
            readLog(of: group, for: neighbor, export, limit: limit, into: &output)
            if output.count >= limit { return true }
            let waiting = families.first { routing.changeCount($0, for: group.listener) > 0 }
            if let waiting {
                guard mayAdvance(group, for: export) else { return true }
                advance(group, waiting)
                if sentMaximumIsExceeded(by: neighbor) { return false }
            }
            if let backlog = export.backlog {
                for family in families where output.count < limit && backlog.count(family) > 0 {
                    catchUp(neighbor, backlog, family, group, into: &output)
                }
                if families.allSatisfy({ backlog.count($0) == 0 }) {
                    group.attach(neighbor, export)
                }
            } else if waiting == nil, export.position == group.log.end {
                return false
            }
        }
        return true
    }

    /// Octets of the log that a member may be ahead of the slowest where nothing is for it.
    static let quietLead = 262_144
    /// How long it then waits for one that does not read at all.
    static let quietPatience = Duration.seconds(1)

    /// True where the group may look at more of what has changed on behalf of that member.
    ///
    /// Whom nothing is for would else fill the log faster than those whom it is for can read.
    private func mayAdvance(_ group: UpdateGroup, for export: ExportState) -> Bool {
        guard export.isQuiet, export.backlog == nil, group.unreadByteCount > Self.quietLead else {
            return true
        }
        return group.isStalled(for: Self.quietPatience, now: now)
    }

    /// What all families have been told of is marked as such where the neighbor waits for that.
    private func finishFamilies(
        of neighbor: Neighbor,
        _ export: ExportState,
        into output: inout [UInt8]
    ) {
        for family in export.sentFamilies {
            endRefresh(of: family, to: neighbor, export, into: &output)
            guard export.endOfRIBDue.contains(family) else { continue }
            export.endOfRIBDue.remove(FamilySet(family))
            UpdateBuilder.appendEndOfRIB(family, to: &output)
            neighbor.counters.endOfRIB.sent += 1
            neighbor.session.updatesSent(1, now: now)
        }
    }

    /// Ends the session where more is to be sent than `max-prefix … out` allows; what is too much is not sent.
    func sentMaximumIsExceeded(by neighbor: Neighbor) -> Bool {
        guard let maximum = neighbor.configuration.maxPrefixOut,
            sentCount(to: neighbor) > Int(maximum.limit)
        else { return false }
        act(on: neighbor) { session, now, actions in
            session.sentPrefixesExceeded(
                limit: maximum.limit,
                restartMinutes: UInt32(maximum.restartMinutes ?? 0),
                now: now,
                into: &actions
            )
        }
        return true
    }

    /// Sends a member what its group's log has for it.
    private func readLog(
        of group: UpdateGroup,
        for neighbor: Neighbor,
        _ export: ExportState,
        limit: Int,
        into output: inout [UInt8]
    ) {
        guard export.backlog == nil, export.position < group.log.end else { return }
        let wasSlowest = export.position == group.log.readBase
        let portion = group.log.read(
            from: &export.position,
            for: Self.routingID(neighbor.number),
            limit: limit,
            into: &output
        )
        export.isQuiet = portion.messages == 0
        if portion.messages > 0 { neighbor.session.updatesSent(portion.messages, now: now) }
        neighbor.counters.updates.sent += UInt64(portion.announced)
        neighbor.counters.withdraws.sent += UInt64(portion.withdrawn)
        ratesOut.count(portion.announced + portion.withdrawn)
        if wasSlowest, group.hasReadOn() { trim(group) }
    }

    func log(_ output: [UInt8], from start: Int, of neighbor: Neighbor) {
        let bytes = output.span
        let width: AttributeWidth =
            neighbor.export?.fourOctetAS == false ? .twoOctets : .fourOctets
        let pathIDs = neighbor.export?.paths?.families ?? FamilySet()
        var offset = start
        while offset < bytes.count {
            let first = offset
            guard
                case .message = MessageFraming.next(
                    in: bytes,
                    at: &offset,
                    maximumLength: MessageFraming.extendedMaximum
                )
            else { return }
            messageLog.append(
                bytes.extracting(first..<offset),
                neighbor: neighbor.number,
                direction: .sent,
                fourOctetAS: width,
                pathIDs: pathIDs,
                time: wall
            )
        }
    }
}
