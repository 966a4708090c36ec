import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
import Policy
import RPKI
import Routing
import Timekeeping

/// UPDATEs of neighbors and own networks: judged, filtered, and put into the tables.
extension Speaker {
    /// The number of a neighbor in the routing tables; 0 is ours.
    static func routingID(_ number: NeighborNumber) -> NeighborID {
        NeighborID(UInt16(truncatingIfNeeded: number.value + 1))
    }

    /// The neighbor behind a number of the routing tables.
    static func neighborNumber(_ id: NeighborID) -> NeighborNumber {
        id == .local ? .local : NeighborNumber(UInt32(id.number) - 1)
    }

    /// The second of the turn, as the tables date routes.
    var routeSecond: UInt32 { UInt32(clamping: now.nanoseconds / 1_000_000_000) }

    // MARK: UPDATE

    /// Takes an UPDATE of an established session; `store` is that of the tables, handed down as it is asked for often.
    func update(
        _ body: Span<UInt8>,
        _ ahead: AttributesAhead,
        on connection: ConnectionID,
        of neighbor: Neighbor,
        _ store: AttributeStore,
        into actions: inout [SessionAction]
    ) {
        guard let context = neighbor.updateContext else { return }
        switch updateDecoder.decode(body, context: context) {
        case .reset(let notification):
            settleArrivals(from: neighbor)
            neighbor.session.faultReceived(notification, on: connection, now: now, into: &actions)
        case .endOfRIB(let family):
            endOfRIBReceived(family, from: neighbor)
        case .treatAsWithdraw(let fault):
            neighbor.counters.treatedAsWithdraw += 1
            messageLog.markTreatedAsWithdraw()
            reportMalformed("treated as withdraw: \(fault.words)", of: neighbor)
            withdraw(updateDecoder.withdrawn, in: body, from: neighbor)
            withdraw(updateDecoder.mpWithdrawn, in: body, from: neighbor)
            keepMalformed(updateDecoder.reachable, in: body, from: neighbor)
            keepMalformed(updateDecoder.mpReachable, in: body, from: neighbor)
            checkMaximum(of: neighbor, into: &actions)
        case .accept:
            if !updateDecoder.discards.isEmpty { reportDiscards(of: neighbor) }
            withdraw(updateDecoder.withdrawn, in: body, from: neighbor)
            withdraw(updateDecoder.mpWithdrawn, in: body, from: neighbor)
            let reachable = updateDecoder.reachable
            if !reachable.isEmpty {
                // The way of nearly every message: the decoder need not be lent.
                let place = updateDecoder.conventional
                let received =
                    if place.isInBody {
                        place.range == ahead.range
                            ? store.intern(body.extracting(place.range), hash: ahead.hash)
                            : store.intern(body.extracting(place.range))
                    } else {
                        Self.intern(updateDecoder, body, into: store)
                    }
                announce(
                    reachable,
                    in: body,
                    from: neighbor,
                    received: marked(received, from: neighbor),
                    store
                )
            }
            let mpReachable = updateDecoder.mpReachable
            if !mpReachable.isEmpty {
                let received = Self.internMP(updateDecoder, body, into: store)
                announce(
                    mpReachable,
                    in: body,
                    from: neighbor,
                    received: marked(received, from: neighbor),
                    store
                )
            }
            checkMaximum(of: neighbor, into: &actions)
        }
    }

    private static func intern(
        _ decoder: borrowing UpdateDecoder,
        _ body: Span<UInt8>,
        into store: AttributeStore
    ) -> AttributesID {
        decoder.withAttributes(in: body) { store.intern($0) }
    }

    private static func internMP(
        _ decoder: borrowing UpdateDecoder,
        _ body: Span<UInt8>,
        into store: AttributeStore
    ) -> AttributesID {
        decoder.withMPAttributes(in: body) { store.intern($0) }
    }

    private func reportDiscards(of neighbor: Neighbor) {
        // An optional attribute that we do not know and nobody is to pass on is no fault (RFC 4271 §9).
        for fault in updateDecoder.discards where fault.kind != .unrecognized {
            neighbor.counters.attributesDiscarded += 1
            reportMalformed("attribute discarded: \(fault.words)", of: neighbor)
        }
    }

    private func withdraw(
        _ block: NLRIBlock,
        in body: Span<UInt8>,
        from neighbor: Neighbor
    ) {
        guard !block.isEmpty else { return }
        settleArrivals(from: neighbor)
        let id = Self.routingID(neighbor.number)
        var offset = block.range.lowerBound
        while offset < block.range.upperBound {
            let pathID = block.hasPathIDs ? NLRI.readPathID(from: body, at: &offset) : 0
            let prefix = NLRI.read(block.family, from: body, at: &offset)
            routing.withdraw(prefix, from: id, pathID: pathID)
        }
        neighbor.counters.withdraws.received += UInt64(block.prefixCount)
        ratesIn.count(block.prefixCount)
    }

    /// Keeps in sight what a malformed UPDATE announces: for every decision it is withdrawn (RFC 7606 §2).
    private func keepMalformed(
        _ block: NLRIBlock,
        in body: Span<UInt8>,
        from neighbor: Neighbor
    ) {
        guard !block.isEmpty else { return }
        settleArrivals(from: neighbor)
        let id = Self.routingID(neighbor.number)
        let nothing: [UInt8] = []
        let store = routing.attributes
        let attributes = store.intern(nothing.span)
        defer { store.release(attributes) }
        var offset = block.range.lowerBound
        while offset < block.range.upperBound {
            let pathID = block.hasPathIDs ? NLRI.readPathID(from: body, at: &offset) : 0
            let prefix = NLRI.read(block.family, from: body, at: &offset)
            guard prefix.canBeRouted else { continue }
            routing.announce(
                prefix,
                from: id,
                pathID: pathID,
                received: attributes,
                effective: attributes,
                flags: .error,
                now: routeSecond
            )
        }
        neighbor.counters.withdraws.received += UInt64(block.prefixCount)
        ratesIn.count(block.prefixCount)
    }

    /// Takes a block of prefixes with common attributes, and the reference to `received`.
    private func announce(
        _ block: NLRIBlock,
        in body: Span<UInt8>,
        from neighbor: Neighbor,
        received: AttributesID,
        _ store: AttributeStore
    ) {
        followNextHops()
        if arriving.family != block.family {
            settleArrivals(from: neighbor)
            arriving.family = block.family
        }
        let standing = standing(of: received, from: neighbor, store)
        let first = arriving.prefixes.count
        let strange = arriving.append(block, in: body)
        if arriving.prefixes.count == first {
            store.release(received)
        } else if !hasROAs,
            neighbor.inputDecision != nil || !neighbor.inputFilter.dependsOnPrefix
        {
            let prefix = arriving.prefixes[first]
            let verdict = filter(
                prefix,
                .notFound,
                standing,
                received: received,
                of: neighbor,
                store
            )
            arriving.endRun(before: arriving.prefixes.count, received: received, verdict)
        } else {
            judge(from: first, standing, received: received, of: neighbor, store)
        }
        if let strange {
            let others = strange.count > 1 ? " and \(strange.count - 1) more" : ""
            reportMalformed(
                "ignored: \(strange.first)\(others), which no host can have",
                of: neighbor
            )
        }
        if arriving.prefixes.count >= ArrivingRoutes.target { settleArrivals(from: neighbor) }
        neighbor.counters.updates.received += UInt64(block.prefixCount)
        ratesIn.count(block.prefixCount)
    }

    /// Judges the prefixes from `first` on: those side by side with one verdict are one run.
    private func judge(
        from first: Int,
        _ standing: PathFlags,
        received: AttributesID,
        of neighbor: Neighbor,
        _ store: AttributeStore
    ) {
        let isUniform =
            !neighbor.inputFilter.dependsOnPrefix && !neighbor.inputFilter.dependsOnValidity
        var verdict: InputVerdict?
        for place in first..<arriving.prefixes.count {
            let prefix = arriving.prefixes[place]
            let validity = validity(of: prefix, received)
            guard let present = verdict else {
                verdict = filter(
                    prefix,
                    validity,
                    standing,
                    received: received,
                    of: neighbor,
                    store
                )
                continue
            }
            var next = present
            if isUniform {
                next.flags.originValidation = validity.rawValue
                if next != present { store.retain(next.effective) }
            } else {
                next = filter(prefix, validity, standing, received: received, of: neighbor, store)
                if next == present { store.release(next.effective) }
            }
            guard next != present else { continue }
            store.retain(received)
            arriving.endRun(before: place, received: received, present)
            verdict = next
        }
        if let verdict {
            arriving.endRun(before: arriving.prefixes.count, received: received, verdict)
        }
    }

    func filter(
        _ prefix: IPPrefix,
        _ validity: OriginValidity,
        _ standing: PathFlags,
        received: AttributesID,
        of neighbor: Neighbor,
        _ store: AttributeStore
    ) -> InputVerdict {
        var flags = standing
        flags.originValidation = validity.rawValue
        if let isAccepted = neighbor.inputDecision {
            if !isAccepted { flags.insert(.filtered) }
            store.retain(received)
            return InputVerdict(effective: received, flags: flags)
        }
        let route = FilteredRoute(
            prefix: prefix,
            validity: validity,
            pathValidity: PathValidity(rawValue: standing.pathValidation) ?? .unknown,
            source: RouteSource(
                address: neighbor.peer.address,
                autonomousSystem: neighbor.remoteAS
            )
        )
        let outcome = neighbor.inputFilter.evaluate(
            route,
            attributes: received,
            store: store,
            editor: &editor
        )
        // A changed set came with its reference; an unchanged one gets another.
        if outcome.attributes == received { store.retain(received) }
        followNextHops()
        if !outcome.isAccepted { flags.insert(.filtered) }
        return InputVerdict(effective: outcome.attributes, flags: flags)
    }

    /// What a route's attributes say of it before any filter: a loop, a leak, its ASPA state.
    func standing(
        of attributes: AttributesID,
        from neighbor: Neighbor,
        _ store: AttributeStore
    ) -> PathFlags {
        var flags = isLoop(attributes, from: neighbor, store) ? PathFlags.loop : PathFlags()
        guard let role = neighbor.role else { return flags }
        let neighborAS = neighbor.remoteAS
        if isLeak(attributes, role, from: neighborAS) { flags.insert(.leaked) }
        flags.pathValidation = pathValidity(of: attributes, role, from: neighborAS).rawValue
        return flags
    }

    /// True where the route has come back to us: own AS in the path, own identifier, own cluster.
    ///
    /// With `local-as` we have two: the one that the neighbor sees, and the one that all others do.
    func isLoop(
        _ attributes: AttributesID,
        from neighbor: Neighbor,
        _ store: AttributeStore
    ) -> Bool {
        let ownAS = configuration.localAS
        let shownAS = neighbor.localAS
        let ownIdentifier = routerID.ipv4Bits
        let ownCluster = clusterID
        let checksPath = !neighbor.isInternal && neighbor.configuration.enforceLocalAS
        let isInternal = neighbor.isInternal
        return store.withBytes(attributes) { bytes in
            if checksPath, AttributeReading.pathContains(ownAS, in: bytes) { return true }
            if checksPath, shownAS != ownAS, AttributeReading.pathContains(shownAS, in: bytes) {
                return true
            }
            guard isInternal else { return false }
            return AttributeReading.originatorID(in: bytes) == ownIdentifier
                || AttributeReading.clusterListContains(ownCluster, in: bytes)
        }
    }

    /// Origin validation of a route (RFC 6811).
    func validity(of prefix: IPPrefix, _ attributes: AttributesID) -> OriginValidity {
        guard hasROAs else { return .notFound }
        let facts = routing.attributes.facts(attributes)
        let origin: RouteOrigin
        if facts.flags.contains(.endsInASSet) {
            origin = .none
        } else if facts.originAS.value == 0 {
            origin = .autonomousSystem(configuration.localAS)
        } else {
            origin = .autonomousSystem(facts.originAS)
        }
        return configuration.roaTable.validity(of: prefix, origin: origin)
    }

    func checkMaximum(of neighbor: Neighbor, into actions: inout [SessionAction]) {
        guard let maximum = neighbor.configuration.maxPrefix else { return }
        settleArrivals(from: neighbor)
        guard receivedCount(of: neighbor) > UInt64(maximum.limit) else { return }
        report(
            .notice("prefix limit reached (>\(receivedCount(of: neighbor))/\(maximum.limit))"),
            of: neighbor
        )
        neighbor.session.maximumPrefixesExceeded(
            limit: maximum.limit,
            restartMinutes: UInt32(maximum.restartMinutes ?? 0),
            now: now,
            into: &actions
        )
    }

    /// Prefixes that a neighbor has sent in its session, both families; what is stale or leaves is not counted.
    func receivedCount(of neighbor: Neighbor) -> UInt64 {
        let id = Self.routingID(neighbor.number)
        return UInt64(routing.ipv4.counts(of: id).fresh)
            + UInt64(routing.ipv6.counts(of: id).fresh)
    }

    // MARK: Own networks

    /// The attributes of a route that begins here; the caller gets a reference.
    func ownAttributes() -> AttributesID {
        let nothing: [UInt8] = []
        editor.load(nothing.span)
        editor.setOrigin(0)
        editor.set(.asPath, flags: AttributeFlags.transitive, value: nothing.span)
        editor.setLocalPreference(100)
        return editor.intern(into: routing.attributes)
    }

    /// Announces networks of the configuration.
    func announce(_ networks: [NetworkStatement]) {
        for network in networks {
            let plain = ownAttributes()
            let changes = ResolvedChanges(
                network.changes,
                localAS: configuration.localAS,
                neighborAS: nil
            )
            editor.load(plain, from: routing.attributes)
            changes.apply(to: &editor, family: network.prefix.family, sourceAS: nil)
            let attributes = editor.intern(into: routing.attributes)
            followNextHops()
            var flags: PathFlags = attributes == .none ? [.announced, .filtered] : [.announced]
            flags.originValidation = validity(of: network.prefix, attributes).rawValue
            routing.announce(
                network.prefix,
                from: .local,
                received: plain,
                effective: attributes,
                flags: flags,
                now: routeSecond
            )
            routing.attributes.release(plain)
            routing.attributes.release(attributes)
        }
    }
}
