/// A large community (RFC 8092): an AS number and two numbers of its choice.
package struct LargeCommunity: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Global Administrator, an AS number.
    package var administrator: UInt32
    /// Local Data Part 1.
    package var function: UInt32
    /// Local Data Part 2.
    package var parameter: UInt32

    /// The community `administrator:function:parameter`.
    @inlinable
    package init(_ administrator: UInt32, _ function: UInt32, _ parameter: UInt32) {
        self.administrator = administrator
        self.function = function
        self.parameter = parameter
    }

    /// All bits set: as a mask, the community itself and no other.
    @inlinable
    package static var max: LargeCommunity { LargeCommunity(.max, .max, .max) }

    @inlinable
    package static func < (left: LargeCommunity, right: LargeCommunity) -> Bool {
        (left.administrator, left.function, left.parameter)
            < (right.administrator, right.function, right.parameter)
    }
}
