import Addressing
import Attributes

/// One condition of a compiled rule as a flat row; what its numbers mean depends on the operation.
struct RouteTest: BitwiseCopyable, Equatable, Sendable {
    enum Operation: UInt8, BitwiseCopyable {
        /// Never true: a community that cannot exist.
        case never
        /// The route's family is that of `prefix`.
        case family
        /// The route's prefix lies in `prefix` with a length of `first...second`, or outside of it.
        case prefix
        /// In the prefix table of that number; `flag`: or longer.
        case prefixSet
        /// Valid against the origin table of that number.
        case originSet
        /// The origin validation state is `first`.
        case validity
        /// The ASPA state is `first`.
        case pathValidity
        /// Some AS at the position is `first`, in `first...second`, or in the AS table.
        case path
        case pathLonger
        case pathRepeats
        /// Some standard community agrees with `first` in the bits of `second`.
        case community
        /// Some large community agrees with `first:second:third` in the parts of `wide`.
        case large
        /// Some extended community agrees with `wide` in the bits of `wideMask`.
        case extended
        case moreCommunities
        case moreExtended
        case moreLarge
        /// The next hop is the address of `prefix`.
        case nextHop
        /// The next hop is the address of the neighbor that the route came from.
        case nextHopIsSource
    }

    /// How a path test compares.
    enum Comparison: UInt8, BitwiseCopyable {
        case equal
        case notEqual
        case range
        case outside
        case table
    }

    var operation: Operation
    /// The last of alternatives of which one must hold.
    var endsGroup = true
    var flag = false
    var comparison = Comparison.equal
    var position = PathPosition.any
    var prefix = IPPrefix.all(.ipv4)
    var first: UInt32 = 0
    var second: UInt32 = 0
    var third: UInt32 = 0
    var table: Int32 = 0
    var wide: UInt64 = 0
    var wideMask: UInt64 = 0

    init(_ operation: Operation) {
        self.operation = operation
    }

    /// A test against one number.
    init(_ operation: Operation, _ first: UInt32) {
        self.operation = operation
        self.first = first
    }

    init(_ community: ResolvedCommunity) {
        switch community {
        case .standard(let value, let mask):
            operation = .community
            first = value
            second = mask
        case .large(let value, let mask):
            operation = .large
            first = value.administrator
            second = value.function
            third = value.parameter
            flag = false
            wide = UInt64(mask.administrator) << 32 | UInt64(mask.function)
            wideMask = UInt64(mask.parameter)
        case .extended(let value, let mask):
            operation = .extended
            wide = value
            wideMask = mask
        }
    }

    init(_ range: PrefixRange) {
        let isWholeFamily =
            range.prefix.length == 0 && range.shortest == 0 && !range.isOutside
            && range.longest == range.prefix.family.bitCount
        operation = isWholeFamily ? .family : .prefix
        prefix = range.prefix
        first = UInt32(range.shortest)
        second = UInt32(range.longest)
        flag = range.isOutside
    }
}

extension PathPosition: BitwiseCopyable {}
