import Addressing
import Attributes
import BGPWire
import Configuration
import Control
import Routing

/// `export default-route`: a neighbor is told of a default route of our own and of nothing else.
///
/// The prefix need not be in the tables: while it is told of, it is held for its number.
extension Speaker {
    /// The default route of a family.
    private static func defaultRoute(_ family: AddressFamily) -> IPPrefix {
        IPPrefix(.unspecified(family), length: 0)
    }

    /// The group is to look at the default routes, whatever becomes of them in the tables.
    func markDefaultRoutes(of group: UpdateGroup) {
        for family in group.key.families.families {
            routing.mark(Self.defaultRoute(family), for: group.listener)
        }
    }

    /// The group tells of what is in the tables from now on: default routes that it has been told of are marked, and need
    /// not be held beside.
    func releaseDefaultRoutes(of group: UpdateGroup) {
        for family in group.key.families.families {
            guard let id = routing.findHeld(Self.defaultRoute(family)) else { continue }
            routing.release(id, family, for: group.listener)
        }
    }

    /// What a group that is told of the default route alone is told of a prefix; the caller gets a reference.
    func defaultRoute(
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to group: UpdateGroup,
        _ store: AttributeStore
    ) -> AttributesID {
        guard prefix.length == 0 else { return .none }
        let plain = ownAttributes()
        defer { store.release(plain) }
        let result = attributes(of: .own(plain), prefix, to: group, store)
        if result != .none { routing.hold(id, prefix.family, for: group.listener) }
        return result
    }

    /// The same for a neighbor that takes several paths of a prefix.
    func defaultPath(_ id: PrefixID, _ prefix: IPPrefix, _ paths: PathExport) -> SentPath? {
        let result = defaultRoute(id, prefix, to: paths.group, routing.attributes)
        guard result != .none else {
            routing.release(id, prefix.family, for: paths.group.listener)
            return nil
        }
        let pathID: UInt32 = paths.families.contains(prefix.family) ? 1 : 0
        return SentPath(pathID: pathID, attributes: result, source: .local)
    }

    // MARK: Pages

    /// True where all that a neighbor is told of is the default route.
    func tellsDefaultRouteAlone(_ neighbor: Neighbor) -> Bool {
        let group = neighbor.export?.group ?? neighbor.export?.paths?.group
        return group?.key.exports == .defaultRoute
    }

    /// What such a neighbor has been told of: no order of the tables has it.
    func fillDefaultRoutes(
        _ page: inout RIBPage,
        _ request: RIBPageRequest,
        _ filter: inout RowFilter
    ) {
        let isBackward: Bool
        var prefixes = AddressFamily.allCases.map(Self.defaultRoute)
        switch request.position {
        case .start, .share: isBackward = false
        case .at(let prefix):
            isBackward = false
            prefixes.removeAll { $0 < prefix }
        case .after(let prefix):
            isBackward = false
            prefixes.removeAll { !(prefix < $0) }
        case .before(let prefix):
            isBackward = true
            prefixes.removeAll { !($0 < prefix) }
        case .end: isBackward = true
        }
        let count = Int(max(request.limit, 1))
        let shown = isBackward ? prefixes.suffix(count) : prefixes.prefix(count)
        for prefix in shown {
            guard let id = routing.findHeld(prefix) else { continue }
            append(id, prefix.family, to: &page.rows, request, &filter)
        }
        if shown.count < prefixes.count { page.next = isBackward ? shown.first : shown.last }
    }
}
