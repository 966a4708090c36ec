package import Addressing
package import BGPWire

/// Makes a changed attribute set from a stored or received one, always canonical.
///
/// Load, change, then intern. The editor keeps its scratch memory between sets.
///
///     editor.load(id, from: attributes)
///     editor.setLocalPreference(200)
///     let changed = editor.intern(into: &attributes)
package struct AttributesEditor: ~Copyable {
    /// The marks of the set in work; change them freely.
    package var marks = AttributeMarks()

    package init() {}

    /// Begins with a stored set.
    package mutating func load(_ id: AttributesID, from store: borrowing AttributeStore) {}

    /// Begins with canonical bytes; none for an own network.
    package mutating func load(_ bytes: Span<UInt8>, marks: AttributeMarks = AttributeMarks()) {}

    /// Lends the bytes in their present form.
    package func withBytes<Result>(_ use: (Span<UInt8>) -> Result) -> Result { fatalError() }

    /// Stores the set; the caller gets one reference.
    package mutating func intern(into store: inout AttributeStore) -> AttributesID { .none }

    /// Sets LOCAL_PREF.
    package mutating func setLocalPreference(_ value: UInt32) {}

    /// Adds to LOCAL_PREF (100 where absent), saturating at both ends.
    package mutating func adjustLocalPreference(by difference: Int64) {}

    /// Sets MED and marks it as ours.
    package mutating func setMED(_ value: UInt32) {}

    /// Adds to MED (0 where absent), saturating at both ends, and marks it as ours.
    package mutating func adjustMED(by difference: Int64) {}

    /// Sets `weight`, a mark that is never sent.
    package mutating func setWeight(_ value: UInt32) {}

    /// Adds to `weight`, saturating at both ends.
    package mutating func adjustWeight(by difference: Int64) {}

    /// Sets ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE.
    package mutating func setOrigin(_ origin: UInt8) {}

    /// Sets NEXT_HOP; 32 octets where a link-local address comes with it.
    package mutating func setNextHop(_ nextHop: NextHop) {}

    /// Puts an AS number `count` times before the path (RFC 4271 §5.1.2), with segments of at most 255.
    package mutating func prepend(_ number: ASNumber, count: Int = 1) {}

    /// Replaces every occurrence of an AS number in the path.
    package mutating func replaceAS(_ old: ASNumber, with new: ASNumber) {}

    /// Takes an attribute out; false where it was absent.
    @discardableResult
    package mutating func remove(_ type: AttributeType) -> Bool { false }

    /// Puts an attribute in, or in place of the one of its type; its length bit is set as needed.
    package mutating func set(_ type: AttributeType, flags: UInt8, value: Span<UInt8>) {}

    /// Adds a standard community where it is absent.
    package mutating func addCommunity(_ community: UInt32) {}

    /// Adds an extended community where it is absent.
    package mutating func addExtendedCommunity(_ community: UInt64) {}

    /// Adds a large community where it is absent.
    package mutating func addLargeCommunity(_ community: LargeCommunity) {}

    /// Deletes every standard community that agrees with `value` in the bits of `mask`.
    package mutating func deleteCommunities(_ value: UInt32, mask: UInt32 = .max) {}

    /// Deletes every extended community that agrees with `value` in the bits of `mask`.
    package mutating func deleteExtendedCommunities(_ value: UInt64, mask: UInt64 = .max) {}

    /// Deletes every large community that agrees with `value` in the parts that `mask` has set.
    package mutating func deleteLargeCommunities(
        _ value: LargeCommunity,
        mask: LargeCommunity = .max
    ) {}

    /// Drops extended communities that are not transitive across ASes (RFC 4360 §2).
    package mutating func dropNonTransitiveExtendedCommunities() {}

    /// Drops optional attributes that are not transitive and that this speaker does not know.
    package mutating func dropUnknownNonTransitive() {}
}

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
