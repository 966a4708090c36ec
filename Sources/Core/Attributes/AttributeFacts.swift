package import Addressing

/// What the decision process and export ask about an attribute set, read once when it is interned.
@usableFromInline
package struct AttributeFacts: Equatable, Sendable, BitwiseCopyable {
    /// LOCAL_PREF; 100 where the attribute is absent (D1 compares so).
    package var localPreference: UInt32
    /// MULTI_EXIT_DISC; 0 where the attribute is absent.
    package var med: UInt32
    /// The leftmost AS of the path; 0 for an empty path or one that begins with an AS_SET.
    package var neighborAS: ASNumber
    /// The last AS of the last AS_SEQUENCE, AS_SETs passed over; 0 where there is none.
    package var originAS: ASNumber
    /// NEXT_HOP, interned; ``NextHopID/none`` where the attribute is absent.
    package var nextHop: NextHopID
    /// What the operator's policy attached to the set for local use.
    package var marks: AttributeMarks
    /// How many cluster identifiers CLUSTER_LIST holds, at most 255.
    package var clusterCount: UInt8
    /// The length of AS_PATH: an AS_SET counts one, confederation segments nothing.
    package var pathLength: UInt16
    /// Presence of attributes and well-known communities, and ORIGIN.
    @usableFromInline package var flags: Flags

    /// The facts of an empty set.
    init() {
        localPreference = 100
        med = 0
        neighborAS = ASNumber(0)
        originAS = ASNumber(0)
        nextHop = .none
        marks = AttributeMarks()
        clusterCount = 0
        pathLength = 0
        flags = []
    }

    /// ORIGIN as on the wire: 0 IGP, 1 EGP, 2 INCOMPLETE.
    @inlinable
    package var origin: UInt8 { UInt8(truncatingIfNeeded: flags.rawValue & 3) }

    /// Yes-or-no facts; the two lowest bits are ORIGIN.
    @usableFromInline
    package struct Flags: OptionSet, Sendable, BitwiseCopyable {
        @usableFromInline package var rawValue: UInt16

        @inlinable
        package init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// True where all of those are set.
        // Written out: the library's own is not specialized in other rooms.
        @inlinable
        package func contains(_ others: Flags) -> Bool {
            rawValue & others.rawValue == others.rawValue
        }

        /// LOCAL_PREF is there.
        @inlinable package static var hasLocalPreference: Flags { Flags(rawValue: 1 << 2) }
        /// MULTI_EXIT_DISC is there.
        @inlinable package static var hasMED: Flags { Flags(rawValue: 1 << 3) }
        /// ORIGINATOR_ID is there.
        @inlinable package static var hasOriginatorID: Flags { Flags(rawValue: 1 << 4) }
        /// Only-to-Customer (RFC 9234) is there.
        @inlinable package static var hasOTC: Flags { Flags(rawValue: 1 << 5) }
        /// The community NO_EXPORT is in the set.
        @inlinable package static var noExport: Flags { Flags(rawValue: 1 << 6) }
        /// The community NO_ADVERTISE is in the set.
        @inlinable package static var noAdvertise: Flags { Flags(rawValue: 1 << 7) }
        /// The community NO_EXPORT_SUBCONFED is in the set.
        @inlinable package static var noExportSubconfed: Flags { Flags(rawValue: 1 << 8) }
        /// AS_PATH holds an AS_SET or a confederation set.
        @inlinable package static var hasASSet: Flags { Flags(rawValue: 1 << 9) }
        /// The last segment of AS_PATH is an AS_SET: origin validation has no origin AS (RFC 6811).
        @inlinable package static var endsInASSet: Flags { Flags(rawValue: 1 << 10) }
    }
}

/// What the operator's policy attached to an attribute set for local use; never sent.
///
/// Marks are part of the identity of an interned set.
@usableFromInline
package struct AttributeMarks: Hashable, Sendable, BitwiseCopyable {
    /// `weight` (D1 step 7); 0 where nothing was set.
    @usableFromInline package var weight: UInt32
    /// The yes-or-no marks.
    @usableFromInline package var options: Options

    /// Marks with that weight and those options.
    @inlinable
    package init(weight: UInt32 = 0, options: Options = []) {
        self.weight = weight
        self.options = options
    }

    /// Marks that are there or not.
    @usableFromInline
    package struct Options: OptionSet, Hashable, Sendable, BitwiseCopyable {
        @usableFromInline package var rawValue: UInt8

        @inlinable
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// True where all of those are set.
        // Written out: the library's own is not specialized in other rooms.
        @inlinable
        package func contains(_ others: Options) -> Bool {
            rawValue & others.rawValue == others.rawValue
        }

        /// MED was set here, so that it goes to eBGP neighbors too.
        @inlinable package static var medIsOurs: Options { Options(rawValue: 1) }
        /// `nexthop self` sticks to the path and acts on output.
        @inlinable package static var nextHopSelf: Options { Options(rawValue: 2) }
        /// `nexthop no-modify` sticks to the path and acts on output.
        @inlinable package static var nextHopKeep: Options { Options(rawValue: 4) }
        /// The kernel route is of type unreachable.
        @inlinable package static var reject: Options { Options(rawValue: 8) }
        /// The kernel route is of type blackhole.
        @inlinable package static var blackhole: Options { Options(rawValue: 16) }
        /// `nexthop A` was set here: export treats the address as the operator's.
        @inlinable package static var nextHopSet: Options { Options(rawValue: 32) }
    }
}
