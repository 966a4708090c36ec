import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
import Policy
import RPKI
import Routing

/// What becomes of a path on its way out: who may be told of it, output policy, and the attributes that are sent.
extension Speaker {
    /// What a group is told of a path, or none; the caller gets a reference.
    func attributes(
        of path: PathView,
        _ prefix: IPPrefix,
        to group: UpdateGroup,
        _ store: AttributeStore
    ) -> AttributesID {
        // Asked once a prefix: optionals compared go through a witness table.
        if let sole = group.sole, path.neighbor == sole { return .none }
        let validation = path.flags.validation
        let isUniform = group.isUniform
        if isUniform, let memo = group.memo, memo.effective == path.effective,
            memo.source == path.neighbor, memo.family == prefix.family,
            memo.validation == validation
        {
            store.retain(memo.result)
            return memo.result
        }
        let key = group.key
        guard isMeant(path, for: key, store), !isMarkedBack(path, for: key, store) else {
            return .none
        }
        let result = make(path, prefix, to: key, store)
        if isUniform {
            if let memo = group.memo {
                store.release(memo.effective)
                store.release(memo.result)
            }
            store.retain(path.effective)
            store.retain(result)
            group.memo = ExportMemo(
                source: path.neighbor,
                family: prefix.family,
                validation: validation,
                effective: path.effective,
                result: result
            )
        }
        return result
    }

    /// True where a path that is marked is not for such a neighbor (RFC 9234 §5): as if output policy had refused it.
    func isMarkedBack(
        _ path: PathView,
        for key: UpdateGroupKey,
        _ store: AttributeStore
    ) -> Bool {
        key.role?.keepsMarkedBack == true && store.facts(path.effective).flags.contains(.hasOTC)
    }

    /// The rules that come before any filter.
    func isMeant(
        _ path: PathView,
        for key: UpdateGroupKey,
        _ store: AttributeStore
    ) -> Bool {
        if key.exports == .nothing { return false }
        if path.neighbor != .local {
            // A route whose neighbor is gone is on its way out.
            guard let source = self.neighbor(Self.neighborNumber(path.neighbor)) else {
                return false
            }
            // RFC 4456 §6: from a client to everybody, from the others to clients alone.
            if source.isInternal, key.isInternal {
                let isReflected =
                    source.configuration.isReflectorClient
                    || key.isReflectorClient
                // Whose session is down, his routes are on their way out unless they are kept for him.
                guard isReflected, source.originator != nil else { return false }
            }
        }
        let flags = store.facts(path.effective).flags
        // A route server's communities are for its clients (RFC 7947 §2.2.4).
        if key.isTransparent { return true }
        if flags.contains(.noAdvertise) { return false }
        if !key.isInternal, flags.contains(.noExport) || flags.contains(.noExportSubconfed) {
            return false
        }
        return true
    }

    /// A path as output policy sees it.
    func filteredRoute(
        _ path: PathView,
        _ prefix: IPPrefix,
        from source: Neighbor?
    ) -> FilteredRoute {
        FilteredRoute(
            prefix: prefix,
            validity: OriginValidity(rawValue: path.flags.originValidation) ?? .notFound,
            pathValidity: PathValidity(rawValue: path.flags.pathValidation) ?? .unknown,
            source: source.map {
                RouteSource(address: $0.peer.address, autonomousSystem: $0.remoteAS)
            }
        )
    }

    private func make(
        _ path: PathView,
        _ prefix: IPPrefix,
        to key: UpdateGroupKey,
        _ store: AttributeStore
    ) -> AttributesID {
        let source = self.neighbor(Self.neighborNumber(path.neighbor))
        let outcome = key.outputFilter.evaluate(
            filteredRoute(path, prefix, from: source),
            attributes: path.effective,
            store: store,
            editor: &editor
        )
        let filtered = outcome.attributes
        if filtered == path.effective { store.retain(filtered) }
        followNextHops()
        defer { store.release(filtered) }
        guard outcome.isAccepted else { return .none }
        guard let nextHop = nextHop(of: filtered, path, to: key, prefix.family, store) else {
            return .none
        }
        let changed = store.facts(filtered)
        if key.isInternal {
            editor.load(filtered, from: store)
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
                from: store,
                nextHop: nextHop,
                prepending: key.isTransparent ? nil : key.localAS,
                keepsMED: key.isTransparent || changed.marks.options.contains(.medIsOurs)
            )
            if key.role?.marksSent == true, !changed.flags.contains(.hasOTC) {
                editor.setOnlyToCustomer(key.localAS)
            }
        }
        return editor.intern(into: store)
    }

    /// The next hop that a group is given (D2); nil where there is none of that family.
    ///
    /// Not yet looked at is whether it is the address of a member, which is given ours instead.
    private func nextHop(
        of attributes: AttributesID,
        _ path: PathView,
        to key: UpdateGroupKey,
        _ family: AddressFamily,
        _ store: AttributeStore
    ) -> NextHop? {
        let facts = store.facts(attributes)
        let own = key.addresses.nextHop(family)
        guard facts.nextHop != .none,
            path.neighbor != .local || facts.marks.options.contains(.nextHopSet)
        else { return own }
        if facts.marks.options.contains(.nextHopSelf) { return own }
        let present = store.nextHops.nextHop(facts.nextHop)
        // One of the other family is for those who have agreed on it (RFC 8950).
        if present.address.family != family, family == .ipv6 || !key.extendedNextHop { return own }
        // It means nothing on any other link.
        if present.address.isLinkLocal { return own }
        if key.isInternal || facts.marks.options.contains(.nextHopKeep) {
            return NextHop(present.address)
        }
        if key.isMultihop { return own }
        // Third party: the next hop is on the link that we share with the neighbor.
        let isShared = key.addresses.sharedSubnets.contains { $0.contains(present.address) }
        return isShared ? NextHop(present.address) : own
    }

    /// Our address, where a neighbor is given that instead of its own.
    func ownNextHop(
        instead entry: AdjRIBOutEntry,
        _ family: AddressFamily,
        to neighbor: Neighbor
    ) -> NextHop? {
        guard let group = neighbor.export?.group,
            nextHopOwner(of: entry.attributes, family, in: group)
                == Self.routingID(neighbor.number)
        else { return nil }
        return group.key.addresses.nextHop(family)
    }

    /// The member that would be given its own address as next hop, and drop the route for that.
    ///
    /// A route server passes the next hop on as it is (RFC 7947 §2.2.1).
    func nextHopOwner(
        of attributes: AttributesID,
        _ family: AddressFamily,
        in group: UpdateGroup
    ) -> NeighborID? {
        let store = routing.attributes
        let hop = store.facts(attributes).nextHop
        guard hop != .none, !group.key.isTransparent else { return nil }
        let address = store.nextHops.nextHop(hop).address
        if address == group.key.addresses.nextHop(family)?.address { return nil }
        return group.owner(of: address)
    }
}
