import Addressing
package import BGPWire
import Tables

/// Attribute sets, stored once by content and named by number.
///
/// Bytes are canonical, as `UpdateDecoder` describes them. Every set is counted: ``intern(_:marks:)``
/// gives the caller one reference, each route that keeps the number takes another, and the set is freed
/// when the last one is released.
package struct AttributeStore: ~Copyable {
    /// The next hops that sets carry, and what is known about them.
    package var nextHops = NextHopTable()

    /// An empty store.
    package init() {}

    /// The number of the set with these bytes and marks, stored if it is new; the caller gets one reference.
    package mutating func intern(_ bytes: Span<UInt8>, marks: AttributeMarks = AttributeMarks())
        -> AttributesID
    {
        .none
    }

    /// Takes `count` more references to a set; nothing for ``AttributesID/none``.
    package mutating func retain(_ id: AttributesID, count: UInt32 = 1) {}

    /// Gives `count` references back; the set is freed with the last one.
    package mutating func release(_ id: AttributesID, count: UInt32 = 1) {}

    /// What the decision process and export ask about a set.
    package func facts(_ id: AttributesID) -> AttributeFacts {
        fatalError()
    }

    /// Lends the canonical bytes of a set, in place.
    package func withBytes<Result>(_ id: AttributesID, _ use: (Span<UInt8>) -> Result) -> Result {
        fatalError()
    }

    /// A copy of the canonical bytes of a set, for pages and dumps.
    package func bytes(_ id: AttributesID) -> [UInt8] { [] }

    /// How many references a set has.
    package func referenceCount(_ id: AttributesID) -> UInt32 { 0 }

    /// How many sets are stored.
    package var count: Int { 0 }

    /// Bytes that rows, index and content take.
    package var byteCount: Int { 0 }
}
