package import Addressing
package import Attributes

/// What one group of neighbors with a common output policy has been told: a number per prefix.
///
/// Never back to the sender: a member that the best path came from is left out, so the source is kept too.
package struct AdjRIBOut: ~Copyable {
    package init() {}

    /// Prefixes that are announced now.
    package var count: Int { 0 }

    /// Stores what the group is to be told about a prefix, and says what that means for its members.
    ///
    /// - Parameters:
    ///   - attributes: the attributes to announce; ``AttributesID/none`` for a withdrawal. The table takes
    ///     its own reference.
    ///   - source: where the path came from.
    package mutating func replace(
        _ prefix: PrefixID,
        with attributes: AttributesID,
        source: NeighborID,
        in store: inout AttributeStore
    ) -> AdjRIBOutChange {
        AdjRIBOutChange()
    }

    /// What is announced now for a prefix.
    package func entry(_ prefix: PrefixID) -> AdjRIBOutEntry? { nil }

    /// The next announced prefix at or after `cursor`, in order of number; moves `cursor` on.
    package func next(from cursor: inout UInt32) -> PrefixID? { nil }

    /// Forgets at most `units` entries and gives their references back; true while more are left.
    package mutating func clear(units: Int, in store: inout AttributeStore) -> Bool { false }

    /// Bytes that the entries take.
    package var byteCount: Int { 0 }
}

/// What a group is announced for a prefix.
package struct AdjRIBOutEntry: Equatable, Sendable, BitwiseCopyable {
    package var attributes: AttributesID
    /// Where the path came from; that member is not sent it.
    package var source: NeighborID
}

/// What a replaced entry means for the members of a group.
package struct AdjRIBOutChange: Equatable, Sendable, BitwiseCopyable {
    /// What was announced before.
    package var old: AdjRIBOutEntry?
    /// What is announced from now on.
    package var new: AdjRIBOutEntry?

    package init(old: AdjRIBOutEntry? = nil, new: AdjRIBOutEntry? = nil) {
        self.old = old
        self.new = new
    }

    /// What to send to a member.
    package func action(for member: NeighborID) -> Action { .nothing }

    /// What to send to a member that is neither the old nor the new source.
    package var actionForOthers: Action { .nothing }

    package enum Action: UInt8, Sendable, BitwiseCopyable {
        case nothing
        case announce
        case withdraw
    }
}
