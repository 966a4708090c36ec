package import Addressing
package import Attributes

/// What `set` changes, with all names filled in: ready to be applied to any route of one neighbor.
package struct ResolvedChanges: Equatable, Sendable {
    let changes: RouteChanges
    let deleted: [ResolvedCommunity]
    let added: [ResolvedCommunity]
    let localAS: ASNumber

    /// The changes for routes exchanged with `neighborAS`; nil for own networks.
    package init(_ changes: RouteChanges, localAS: ASNumber, neighborAS: ASNumber?) {
        self.changes = changes
        self.localAS = localAS
        deleted = changes.deletedCommunities.flatMap {
            $0.resolved(neighborAS: neighborAS, localAS: localAS)
        }
        added = changes.addedCommunities.flatMap {
            $0.resolved(neighborAS: neighborAS, localAS: localAS)
        }
    }

    /// Changes the set in the editor, in the fixed order of the language.
    ///
    /// - Parameters:
    ///   - editor: Loaded with the route's attributes.
    ///   - family: The family of the route's prefix: of the next hops, that of the family is taken.
    ///   - sourceAS: The AS of the neighbor that the route came from; nil for own networks.
    package func apply(
        to editor: inout AttributesEditor,
        family: AddressFamily,
        sourceAS: ASNumber?
    ) {
        switch changes.localPref {
        case .set(let value): editor.setLocalPreference(value)
        case .add(let difference): editor.adjustLocalPreference(by: Int64(difference))
        case nil: break
        }
        switch changes.med {
        case .set(let value): editor.setMED(value)
        case .add(let difference): editor.adjustMED(by: Int64(difference))
        case nil: break
        }
        switch changes.weight {
        case .set(let value): editor.setWeight(value)
        case .add(let difference): editor.adjustWeight(by: Int64(difference))
        case nil: break
        }
        if let count = changes.prependSelf, count > 0 { editor.prepend(localAS, count: Int(count)) }
        if let count = changes.prependNeighbor, count > 0, let sourceAS {
            editor.prepend(sourceAS, count: Int(count))
        }
        if changes.overridesAS, let sourceAS { editor.replaceAS(sourceAS, with: localAS) }
        applyNextHop(to: &editor, family: family)
        for community in deleted { Self.delete(community, from: &editor) }
        for community in added { Self.add(community, to: &editor) }
        if let origin = changes.origin { editor.setOrigin(origin.rawValue) }
    }

    /// The last decision wins whole, so each one takes the marks of the others away.
    private func applyNextHop(to editor: inout AttributesEditor, family: AddressFamily) {
        if let address = changes.nextHops.first(where: { $0.family == family }) {
            editor.setNextHop(NextHop(address))
            editor.marks.options.subtract(.allNextHop)
            editor.marks.options.insert(.nextHopSet)
        }
        guard let treatment = changes.nextHopTreatment else { return }
        editor.marks.options.subtract(.allNextHop)
        switch treatment {
        case .own: editor.marks.options.insert(.nextHopSelf)
        case .unmodified: editor.marks.options.insert(.nextHopKeep)
        case .reject: editor.marks.options.insert(.reject)
        case .blackhole: editor.marks.options.insert(.blackhole)
        }
    }

    private static func delete(_ community: ResolvedCommunity, from editor: inout AttributesEditor)
    {
        switch community {
        case .standard(let value, let mask): editor.deleteCommunities(value, mask: mask)
        case .large(let value, let mask): editor.deleteLargeCommunities(value, mask: mask)
        case .extended(let value, let mask): editor.deleteExtendedCommunities(value, mask: mask)
        }
    }

    private static func add(_ community: ResolvedCommunity, to editor: inout AttributesEditor) {
        switch community {
        case .standard(let value, _): editor.addCommunity(value)
        case .large(let value, _): editor.addLargeCommunity(value)
        case .extended(let value, _): editor.addExtendedCommunity(value)
        }
    }
}

extension AttributeMarks.Options {
    fileprivate static var allNextHop: AttributeMarks.Options {
        [.nextHopSelf, .nextHopKeep, .reject, .blackhole, .nextHopSet]
    }
}
