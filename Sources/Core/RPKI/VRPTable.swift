package import Addressing

/// The VRPs that are in force, laid out to answer one question: what do they say of this route?
///
/// A value: building one sorts and links the payloads; it is never changed after. Payloads that say
/// the same are one, the later expiry counts. Half a million take 32 bytes each.
package struct VRPTable: Sendable {
    private var entries: [VRP]
    private var index: CoveringIndex
    private var origins: [ASNumber]

    /// A table without payloads: every route is not-found.
    package init() {
        self.init([])
    }

    /// The table of those payloads, in any order, duplicates allowed.
    package init(_ payloads: [VRP]) {
        entries = []
        index = CoveringIndex()
        origins = []
    }

    /// The payloads, sorted by prefix, maximum length and origin.
    package var payloads: [VRP] { entries }
    /// How many payloads there are.
    package var count: Int { entries.count }
    /// Bytes that the table takes.
    package var byteCount: Int { 0 }

    /// What the payloads say of a route to `prefix` with that origin.
    package func validity(of prefix: IPPrefix, origin: RouteOrigin) -> OriginValidity {
        .notFound
    }

    /// The payloads that cover `prefix`, the most specific first: what explains a verdict.
    package func covering(_ prefix: IPPrefix) -> [VRP] {
        []
    }

    /// The earliest expiry in the table: when ``unexpired(at:)`` next makes a difference.
    package var nextExpiry: UInt64? { nil }

    /// The table without the payloads that have expired at that Unix time (seconds).
    package func unexpired(at seconds: UInt64) -> VRPTable {
        self
    }
}

extension VRPTable: Equatable {
    /// True where both hold the same payloads.
    package static func == (left: VRPTable, right: VRPTable) -> Bool {
        left.entries == right.entries
    }
}
