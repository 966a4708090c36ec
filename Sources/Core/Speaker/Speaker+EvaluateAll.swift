import Addressing
import Attributes
import Policy
import Routing

/// `rde evaluate all`: output policy chooses among the paths of a prefix, the best first.
extension Speaker {
    /// The best of the other paths that output policy allows, where it has refused the best one.
    ///
    /// What policy refuses is passed over, whoever it came from. What policy would let out and other rules keep back (one
    /// within the AS, NO_EXPORT) ends the search. So the path is the same for all members of a group, and only the member
    /// that it came from is told nothing.
    ///
    /// - Parameters:
    ///   - best: the best path, which is not told.
    ///   - id: its prefix, by number.
    ///   - prefix: its prefix.
    ///   - group: whom it is for.
    ///   - store: the tables' attributes.
    /// - Returns: the path, and what is told of it with a reference; nil where there is none.
    func alternative(
        to best: PathView,
        _ id: PrefixID,
        _ prefix: IPPrefix,
        of group: UpdateGroup,
        _ store: AttributeStore
    ) -> (path: PathView, attributes: AttributesID)? {
        guard isRefused(best, prefix, by: group, store) else { return nil }
        for path in routing.ranked(id, prefix.family) where path.id != best.id {
            let result = attributes(of: path, prefix, to: group, store)
            if result != .none { return (path, result) }
            guard isRefused(path, prefix, by: group, store) else { return nil }
        }
        return nil
    }

    /// True where output policy refuses a path that is not told, whatever else keeps it back.
    private func isRefused(
        _ path: PathView,
        _ prefix: IPPrefix,
        by group: UpdateGroup,
        _ store: AttributeStore
    ) -> Bool {
        let key = group.key
        let isKeptBack = path.neighbor == group.sole || !isMeant(path, for: key, store)
        // Then nothing but policy was left that could refuse it.
        guard isKeptBack, !isMarkedBack(path, for: key, store) else { return true }
        let source = neighbor(Self.neighborNumber(path.neighbor))
        let outcome = key.outputFilter.evaluate(
            filteredRoute(path, prefix, from: source),
            attributes: path.effective,
            store: store,
            editor: &editor
        )
        followNextHops()
        if outcome.attributes != path.effective { store.release(outcome.attributes) }
        return !outcome.isAccepted
    }
}
