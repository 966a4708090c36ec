/// The number of an interned attribute set in an ``AttributeStore``.
///
/// Equal numbers are equal sets: content is compared by comparing numbers.
@usableFromInline
package struct AttributesID: Hashable, Sendable, BitwiseCopyable {
    /// The row in the store.
    @usableFromInline package var row: UInt32

    /// The set in that row.
    @inlinable
    package init(row: UInt32) {
        self.row = row
    }

    /// No set at all: a refused route has no effective attributes.
    @inlinable
    package static var none: AttributesID { AttributesID(row: .max) }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: AttributesID, right: AttributesID) -> Bool {
        left.row == right.row
    }

    @inlinable
    package static func != (left: AttributesID, right: AttributesID) -> Bool {
        left.row != right.row
    }
}

/// The number of an interned next hop in a ``NextHopTable``.
@usableFromInline
package struct NextHopID: Hashable, Sendable, BitwiseCopyable {
    /// The row in the table.
    @usableFromInline package var row: UInt32

    /// The next hop in that row.
    @inlinable
    package init(row: UInt32) {
        self.row = row
    }

    /// The attribute set carries no NEXT_HOP.
    @inlinable
    package static var none: NextHopID { NextHopID(row: .max) }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: NextHopID, right: NextHopID) -> Bool {
        left.row == right.row
    }

    @inlinable
    package static func != (left: NextHopID, right: NextHopID) -> Bool {
        left.row != right.row
    }
}
