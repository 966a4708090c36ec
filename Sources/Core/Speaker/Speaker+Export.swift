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
        let export = ExportState(
            listener: routing.addListener(for: Self.routingID(neighbor.number)),
            families: negotiated.families,
            fourOctetAS: negotiated.fourOctetAS
        )
        neighbor.export = export
        chooseNextHops(for: neighbor, export)
        exporters.append(neighbor.number)
        wakeExport(of: neighbor)
    }

    func stopExport(to neighbor: Neighbor) {
        guard let export = neighbor.export else { return }
        neighbor.export = nil
        exporters.removeAll { $0 == neighbor.number }
        routing.removeListener(export.listener)
        forgetMemo(of: export)
        endedExports.append(export)
    }

    /// What was made of a neighbor's routes tells of the session that it had.
    func forgetMemos(of source: Neighbor) {
        for number in exporters {
            guard let export = neighbor(number)?.export,
                export.memo?.source == Self.routingID(source.number)
            else { continue }
            forgetMemo(of: export)
        }
    }

    func forgetMemo(of export: ExportState) {
        guard let memo = export.memo else { return }
        routing.attributes.release(memo.effective)
        routing.attributes.release(memo.result)
        export.memo = nil
    }

    /// Chooses the next hops of all neighbors again after the host's addresses changed.
    ///
    /// A session can be up before the kernel has told its addresses: the other family's routes wait for them.
    func reviewNextHops() {
        for number in exporters {
            guard let neighbor = neighbor(number), let export = neighbor.export else { continue }
            let before = (export.nextHopIPv4, export.nextHopIPv6, export.sharedSubnets)
            neighbor.notes.removeAll { $0.hasSuffix(Self.noAddress) }
            chooseNextHops(for: neighbor, export)
            // What was sent keeps its next hop where the address went: the session will tell.
            if export.nextHopIPv4 == nil { export.nextHopIPv4 = before.0 }
            if export.nextHopIPv6 == nil { export.nextHopIPv6 = before.1 }
            guard (export.nextHopIPv4, export.nextHopIPv6, export.sharedSubnets) != before
            else { continue }
            forgetMemo(of: export)
            routing.markAll(for: export.listener)
            wakeExport(of: neighbor)
        }
    }

    /// A neighbor asked for its routes again (RFC 2918).
    func sendAgain(_ family: AddressFamily, to neighbor: Neighbor) {
        guard let export = neighbor.export, export.families.contains(family) else { return }
        export.resend.insert(FamilySet(family))
        routing.markAll(for: export.listener)
        wakeExport(of: neighbor)
    }

    /// Says once that routes wait for a neighbor.
    func wakeExport(of neighbor: Neighbor) {
        guard !isDeferring, let export = neighbor.export, !export.isAnnounced,
            let connection = neighbor.connection
        else { return }
        export.isAnnounced = true
        effects.append(.outputWaiting(connection))
    }

    /// Our own address towards the neighbor in each family, and the subnets that we share with it.
    private func chooseNextHops(for neighbor: Neighbor, _ export: ExportState) {
        guard let local = neighbor.localEndpoint?.address else { return }
        let peer = neighbor.configuration.address
        let own = kernel.addresses.first { $0.address == local }
        let siblings = kernel.addresses.filter { $0.interface == own?.interface }
        export.sharedSubnets = siblings.filter { $0.prefixLength < $0.address.family.bitCount }
            .map { IPPrefix($0.address, length: $0.prefixLength) }
        let isOnLink = export.sharedSubnets.contains { $0.contains(peer) } || peer.isLinkLocal
        let linkLocal = siblings.first { $0.address.isLinkLocal }?.address
        func other(_ family: AddressFamily) -> IPAddress? {
            neighbor.localAddress(family)
                ?? siblings.first { $0.address.family == family && !$0.address.isLinkLocal }?
                .address
        }
        switch local.family {
        case .ipv4:
            export.nextHopIPv4 = NextHop(local)
            export.nextHopIPv6 = other(.ipv6).map {
                NextHop($0, linkLocal: isOnLink ? linkLocal : nil)
            }
        case .ipv6:
            export.nextHopIPv4 = other(.ipv4).map { NextHop($0) }
            let global = local.isLinkLocal ? other(.ipv6) : local
            export.nextHopIPv6 = NextHop(global ?? local, linkLocal: isOnLink ? linkLocal : nil)
        }
        for family in export.families.families where export.nextHop(family) == nil {
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
        guard !isDeferring, let number = connections[connection], let neighbor = neighbor(number),
            neighbor.connection == connection, let export = neighbor.export
        else { return false }
        let start = output.count
        var batch = OutputBatch()
        var batchesLeft = Self.batchesPerCall
        var hasMore = false
        for family in export.families.families where export.nextHop(family) != nil {
            var isAllSaid = false
            while !isAllSaid, output.count < limit, batchesLeft > 0 {
                batchesLeft -= 1
                // A full batch may hold nothing to say, where policy keeps all of it back: that is not the end.
                isAllSaid = collect(family, for: neighbor, export, into: &batch) < Self.batchSize
                if sentMaximumIsExceeded(by: neighbor, export) {
                    if output.count > start { log(output, from: start, of: neighbor) }
                    return false
                }
                if !batch.isEmpty { write(&batch, family, of: neighbor, export, into: &output) }
            }
            guard isAllSaid else {
                hasMore = true
                break
            }
            export.resend.remove(FamilySet(family))
            if export.endOfRIBDue.contains(family) {
                export.endOfRIBDue.remove(FamilySet(family))
                UpdateBuilder.appendEndOfRIB(family, to: &output)
                neighbor.counters.endOfRIB.sent += 1
                neighbor.session.updatesSent(1, now: now)
            }
        }
        if output.count > start { log(output, from: start, of: neighbor) }
        export.isAnnounced = hasMore
        return hasMore
    }

    /// Ends the session where more is to be sent than `max-prefix … out` allows; what is too much is not sent.
    func sentMaximumIsExceeded(
        by neighbor: Neighbor,
        _ export: ExportState
    ) -> Bool {
        guard let maximum = neighbor.configuration.maxPrefixOut,
            export.ipv4.count + export.ipv6.count > Int(maximum.limit)
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

    /// Prefixes that are looked at before a batch is written.
    private static let batchSize = 2048
    /// Batches that a call looks at, where little of them is to be said: a turn stays short.
    private static let batchesPerCall = 16

    /// Takes the next prefixes that have changed; fewer than ``batchSize`` where there are no more.
    private func collect(
        _ family: AddressFamily,
        for neighbor: Neighbor,
        _ export: ExportState,
        into batch: inout OutputBatch
    ) -> Int {
        let member = Self.routingID(neighbor.number)
        var visited = 0
        while visited < Self.batchSize, let id = routing.takeChange(family, for: export.listener) {
            visited += 1
            let prefix = routing.prefix(id, family)
            let best = routing.best(id, family)
            let result = best.map { attributes(of: $0, prefix, to: neighbor, export) } ?? .none
            let source = best?.neighbor ?? .local
            let change =
                family == .ipv4
                ? export.ipv4.replace(id, with: result, source: source, in: &routing.attributes)
                : export.ipv6.replace(id, with: result, source: source, in: &routing.attributes)
            switch change.action(for: member) {
            case .announce: batch.announced.append((result, prefix))
            case .withdraw: batch.withdrawn.append(prefix)
            case .nothing:
                if export.resend.contains(family), result != .none {
                    batch.announced.append((result, prefix))
                }
            }
            routing.attributes.release(result)
        }
        return visited
    }

    private func write(
        _ batch: inout OutputBatch,
        _ family: AddressFamily,
        of neighbor: Neighbor,
        _ export: ExportState,
        into output: inout [UInt8]
    ) {
        var messages = withdraw(batch.withdrawn, family, of: neighbor, into: &output)
        var unfit: [IPPrefix] = []
        batch.group()
        var index = 0
        while index < batch.announced.count {
            let (attributes, first) = batch.announced[index]
            // Four-octet numbers need no mark, and so no look at whose the network is.
            let isOwn = !export.fourOctetAS && isOwn(first)
            let fits = Self.begin(
                &updateBuilder,
                attributes,
                of: routing.attributes,
                family,
                fourOctetAS: export.fourOctetAS,
                markPartial: !isOwn
            )
            var count = 0
            while index < batch.announced.count, batch.announced[index].0 == attributes,
                export.fourOctetAS || self.isOwn(batch.announced[index].1) == isOwn
            {
                let prefix = batch.announced[index].1
                if fits { updateBuilder.append(prefix, to: &output) } else { unfit.append(prefix) }
                index += 1
                count += 1
            }
            if fits {
                messages += updateBuilder.finish(to: &output)
                neighbor.counters.updates.sent += UInt64(count)
            } else {
                report(
                    .notice(
                        "\(count) prefixes are not sent: their attributes do not fit a message"
                    ),
                    of: neighbor
                )
            }
        }
        // What the neighbor may have of them is older than what we cannot tell it.
        for prefix in unfit { forgetSent(prefix, export) }
        messages += withdraw(unfit, family, of: neighbor, into: &output)
        ratesOut.count(batch.announced.count + batch.withdrawn.count)
        neighbor.session.updatesSent(messages, now: now)
        batch.removeAll()
    }

    /// Appends the withdrawal of prefixes; how many messages it takes.
    private func withdraw(
        _ prefixes: [IPPrefix],
        _ family: AddressFamily,
        of neighbor: Neighbor,
        into output: inout [UInt8]
    ) -> Int {
        guard !prefixes.isEmpty else { return 0 }
        updateBuilder.beginWithdrawal(
            family: family,
            maximumLength: MessageFraming.standardMaximum
        )
        for prefix in prefixes { updateBuilder.append(prefix, to: &output) }
        neighbor.counters.withdraws.sent += UInt64(prefixes.count)
        return updateBuilder.finish(to: &output)
    }

    /// From now on the prefix counts as not sent.
    private func forgetSent(_ prefix: IPPrefix, _ export: ExportState) {
        guard let id = routing.find(prefix) else { return }
        switch prefix.family {
        case .ipv4:
            _ = export.ipv4.replace(id, with: .none, source: .local, in: &routing.attributes)
        case .ipv6:
            _ = export.ipv6.replace(id, with: .none, source: .local, in: &routing.attributes)
        }
    }

    /// True where the best path is our own `network`.
    private func isOwn(_ prefix: IPPrefix) -> Bool {
        routing.find(prefix).flatMap { routing.best($0, prefix.family) }?.neighbor == .local
    }

    private static func begin(
        _ builder: inout UpdateBuilder,
        _ attributes: AttributesID,
        of store: borrowing AttributeStore,
        _ family: AddressFamily,
        fourOctetAS: Bool,
        markPartial: Bool
    ) -> Bool {
        store.withBytes(attributes) { bytes in
            builder.begin(
                attributes: bytes,
                family: family,
                fourOctetAS: fourOctetAS,
                markPartial: markPartial,
                maximumLength: MessageFraming.standardMaximum
            )
        }
    }

    private func log(_ output: [UInt8], from start: Int, of neighbor: Neighbor) {
        let bytes = output.span
        var offset = start
        while offset < bytes.count {
            let first = offset
            guard case .message = MessageFraming.next(in: bytes, at: &offset) else { return }
            messageLog.append(
                bytes.extracting(first..<offset),
                neighbor: neighbor.number,
                direction: .sent,
                fourOctetAS: neighbor.export?.fourOctetAS == false ? .twoOctets : .fourOctets,
                time: wall
            )
        }
    }

    // MARK: The attributes that go out

    /// What a neighbor is told of a path, or none; the caller gets a reference.
    private func attributes(
        of path: PathView,
        _ prefix: IPPrefix,
        to neighbor: Neighbor,
        _ export: ExportState
    ) -> AttributesID {
        guard mayBeSent(path, to: neighbor) else { return .none }
        let validity = path.flags.originValidation
        let isUniform = !neighbor.outputFilter.dependsOnPrefix
        if isUniform, let memo = export.memo, memo.effective == path.effective,
            memo.source == path.neighbor, memo.family == prefix.family, memo.validity == validity
        {
            routing.attributes.retain(memo.result)
            return memo.result
        }
        let result = make(path, prefix, to: neighbor, export)
        if isUniform {
            if let memo = export.memo {
                routing.attributes.release(memo.effective)
                routing.attributes.release(memo.result)
            }
            routing.attributes.retain(path.effective)
            routing.attributes.retain(result)
            export.memo = ExportMemo(
                source: path.neighbor,
                family: prefix.family,
                validity: validity,
                effective: path.effective,
                result: result
            )
        }
        return result
    }

    /// The rules that come before any filter.
    private func mayBeSent(_ path: PathView, to neighbor: Neighbor) -> Bool {
        guard path.neighbor != Self.routingID(neighbor.number) else { return false }
        if path.neighbor != .local {
            // A route whose neighbor is gone is on its way out.
            guard let source = self.neighbor(Self.neighborNumber(path.neighbor)) else {
                return false
            }
            // RFC 4456 §6: from a client to everybody, from the others to clients alone.
            if source.isInternal, neighbor.isInternal {
                let isReflected =
                    source.configuration.isReflectorClient
                    || neighbor.configuration.isReflectorClient
                // Whose session is down, his routes are on their way out unless they are kept for him.
                guard isReflected, source.originator != nil else { return false }
            }
        }
        let flags = routing.attributes.facts(path.effective).flags
        if flags.contains(.noAdvertise) { return false }
        if !neighbor.isInternal, flags.contains(.noExport) || flags.contains(.noExportSubconfed) {
            return false
        }
        return true
    }

    private func make(
        _ path: PathView,
        _ prefix: IPPrefix,
        to neighbor: Neighbor,
        _ export: ExportState
    ) -> AttributesID {
        let source = self.neighbor(Self.neighborNumber(path.neighbor))
        let route = FilteredRoute(
            prefix: prefix,
            validity: OriginValidity(rawValue: path.flags.originValidation) ?? .notFound,
            source: source.map {
                RouteSource(address: $0.peer.address, autonomousSystem: $0.peer.remoteAS)
            }
        )
        let outcome = neighbor.outputFilter.evaluate(
            route,
            attributes: path.effective,
            store: &routing.attributes,
            editor: &editor
        )
        let filtered = outcome.attributes
        if filtered == path.effective { routing.attributes.retain(filtered) }
        followNextHops()
        defer { routing.attributes.release(filtered) }
        guard outcome.isAccepted else { return .none }
        guard let nextHop = nextHop(of: filtered, path, source, to: neighbor, export, prefix.family)
        else {
            return .none
        }
        let changed = routing.attributes.facts(filtered)
        if neighbor.isInternal {
            editor.load(filtered, from: routing.attributes)
            editor.setNextHop(nextHop)
            editor.setLocalPreference(changed.localPreference)
            if let source, source.isInternal {
                guard let originator = source.originator else { return .none }
                editor.reflect(originator: originator, cluster: clusterID)
            }
            // What policy attached for local use is not sent and must not keep equal sets apart.
            editor.marks = AttributeMarks()
        } else {
            editor.loadExternal(
                filtered,
                from: routing.attributes,
                nextHop: nextHop,
                prepending: neighbor.peer.localAS,
                keepsMED: changed.marks.options.contains(.medIsOurs)
            )
        }
        return editor.intern(into: &routing.attributes)
    }

    /// The next hop that a neighbor is given (D2); nil where there is none of that family.
    private func nextHop(
        of attributes: AttributesID,
        _ path: PathView,
        _ source: Neighbor?,
        to neighbor: Neighbor,
        _ export: ExportState,
        _ family: AddressFamily
    ) -> NextHop? {
        let facts = routing.attributes.facts(attributes)
        let own = export.nextHop(family)
        guard facts.nextHop != .none,
            path.neighbor != .local || facts.marks.options.contains(.nextHopSet)
        else { return own }
        let present = routing.attributes.nextHops.nextHop(facts.nextHop)
        // A receiver that is given its own address drops the route.
        if present.address == neighbor.configuration.address { return own }
        if facts.marks.options.contains(.nextHopSelf) { return own }
        if neighbor.isInternal { return NextHop(present.address) }
        if facts.marks.options.contains(.nextHopKeep) { return NextHop(present.address) }
        if (neighbor.configuration.multihop ?? 1) > 1 { return own }
        // Third party: the next hop is on the link that we share with the neighbor.
        let isShared = export.sharedSubnets.contains {
            $0.contains(present.address) && $0.contains(neighbor.configuration.address)
        }
        return isShared ? NextHop(present.address) : own
    }
}

/// Prefixes on their way into UPDATEs.
struct OutputBatch {
    var announced: [(AttributesID, IPPrefix)] = []
    var withdrawn: [IPPrefix] = []

    var isEmpty: Bool { announced.isEmpty && withdrawn.isEmpty }

    /// Puts prefixes with equal attributes side by side, in the order in which the attributes first came.
    mutating func group() {
        var isGrouped = true
        for index in announced.indices.dropFirst()
        where announced[index].0.row < announced[index - 1].0.row {
            isGrouped = false
            break
        }
        if !isGrouped { announced.sort { ($0.0.row, $0.1) < ($1.0.row, $1.1) } }
    }

    mutating func removeAll() {
        announced.removeAll(keepingCapacity: true)
        withdrawn.removeAll(keepingCapacity: true)
    }
}
