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
    var bytes: [UInt8] = []
    /// A change would have made an attribute longer than any message: it was not made.
    var isTooLong = false

    package init() {}

    /// Begins with a stored set.
    package mutating func load(_ id: AttributesID, from store: AttributeStore) {
        marks = store.facts(id).marks
        isTooLong = false
        bytes.removeAll(keepingCapacity: true)
        store.withBytes(id) { stored in
            unsafe stored.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        }
    }

    /// Begins with canonical bytes; none for an own network.
    package mutating func load(_ source: Span<UInt8>, marks: AttributeMarks = AttributeMarks()) {
        self.marks = marks
        isTooLong = false
        bytes.removeAll(keepingCapacity: true)
        unsafe source.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Lends the bytes in their present form.
    package func withBytes<Result>(_ use: (Span<UInt8>) -> Result) -> Result { use(bytes.span) }

    /// Stores the set; the caller gets one reference.
    ///
    /// - Returns: ``AttributesID/none`` for a set that has become too long for any message.
    package mutating func intern(into store: AttributeStore) -> AttributesID {
        if isTooLong || bytes.count > Self.longestSet { return .none }
        return store.intern(bytes.span, marks: marks)
    }

    /// The most octets that a set can have: their length takes two in an UPDATE.
    private static var longestSet: Int { 65_535 }

    /// Sets LOCAL_PREF.
    package mutating func setLocalPreference(_ value: UInt32) {
        set(.localPreference, flags: AttributeFlags.transitive, number: value)
    }

    /// Adds to LOCAL_PREF (100 where absent), saturating at both ends.
    package mutating func adjustLocalPreference(by difference: Int64) {
        setLocalPreference(Self.saturated(number(of: .localPreference) ?? 100, difference))
    }

    /// Sets MED and marks it as ours.
    package mutating func setMED(_ value: UInt32) {
        set(.multiExitDiscriminator, flags: AttributeFlags.optional, number: value)
        marks.options.insert(.medIsOurs)
    }

    /// Adds to MED (0 where absent), saturating at both ends, and marks it as ours.
    package mutating func adjustMED(by difference: Int64) {
        setMED(Self.saturated(number(of: .multiExitDiscriminator) ?? 0, difference))
    }

    /// Sets `weight`, a mark that is never sent.
    package mutating func setWeight(_ value: UInt32) {
        marks.weight = value
    }

    /// Adds to `weight`, saturating at both ends.
    package mutating func adjustWeight(by difference: Int64) {
        marks.weight = Self.saturated(marks.weight, difference)
    }

    /// Sets ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE.
    package mutating func setOrigin(_ origin: UInt8) {
        let value: InlineArray<1, UInt8> = [origin]
        set(.origin, flags: AttributeFlags.transitive, value: value.span)
    }

    /// Sets NEXT_HOP; 32 octets where a link-local address comes with it.
    package mutating func setNextHop(_ nextHop: NextHop) {
        let value = nextHop.address.bytes + (nextHop.linkLocal?.bytes ?? [])
        set(.nextHop, flags: AttributeFlags.transitive, value: value.span)
    }

    /// Marks a route from an iBGP neighbor as reflected (RFC 4456 §8).
    ///
    /// - Parameters:
    ///   - originator: the BGP Identifier of who brought it into the AS; one that is there stays.
    ///   - cluster: our cluster's identifier, put before those that are there.
    package mutating func reflect(originator: UInt32, cluster: UInt32) {
        if PathAttribute.first(.originatorID, in: bytes.span) == nil {
            set(.originatorID, flags: AttributeFlags.optional, number: originator)
        }
        var list = (0..<4).map { UInt8(truncatingIfNeeded: cluster >> (24 - 8 * $0)) }
        if let present = PathAttribute.first(.clusterList, in: bytes.span) {
            list += bytes[present.value]
        }
        set(.clusterList, flags: AttributeFlags.optional, value: list.span)
    }

    /// Sets Only-to-Customer (RFC 9234 §5).
    package mutating func setOnlyToCustomer(_ number: ASNumber) {
        set(
            .onlyToCustomer,
            flags: AttributeFlags.optional | AttributeFlags.transitive,
            number: number.value
        )
    }

    /// Takes an attribute out; false where it was absent.
    @discardableResult
    package mutating func remove(_ type: AttributeType) -> Bool {
        guard let attribute = PathAttribute.first(type, in: bytes.span) else { return false }
        bytes.removeSubrange(attribute.whole)
        return true
    }

    /// Puts an attribute in, or in place of the one of its type; its length bit is set as needed.
    package mutating func set(_ type: AttributeType, flags: UInt8, value: Span<UInt8>) {
        guard value.count <= Self.longestSet else {
            isTooLong = true
            return
        }
        let place = place(of: type)
        let isLong = value.count > 255
        var whole: [UInt8] = []
        whole.reserveCapacity(value.count + 4)
        whole.append(
            flags & ~AttributeFlags.extendedLength | (isLong ? AttributeFlags.extendedLength : 0)
        )
        whole.append(type.rawValue)
        if isLong { whole.append(UInt8(truncatingIfNeeded: value.count >> 8)) }
        whole.append(UInt8(truncatingIfNeeded: value.count))
        unsafe value.withUnsafeBufferPointer { unsafe whole.append(contentsOf: $0) }
        bytes.replaceSubrange(place, with: whole)
    }

    /// Drops optional attributes that are not transitive and that this speaker does not know.
    package mutating func dropUnknownNonTransitive() {
        removeAttributes { attribute in
            attribute.flags & (AttributeFlags.optional | AttributeFlags.transitive)
                == AttributeFlags.optional && !Self.isKnown(attribute.type)
        }
    }

    private static func isKnown(_ type: AttributeType) -> Bool {
        switch type {
        case .origin, .asPath, .nextHop, .multiExitDiscriminator, .localPreference,
            .atomicAggregate,
            .aggregator, .communities, .originatorID, .clusterList, .extendedCommunities,
            .largeCommunities, .onlyToCustomer:
            true
        default:  // any other number
            false
        }
    }
}

extension AttributesEditor {
    private mutating func set(_ type: AttributeType, flags: UInt8, number: UInt32) {
        let value: InlineArray<4, UInt8> = [
            UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16),
            UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
        ]
        set(type, flags: flags, value: value.span)
    }

    private func number(of type: AttributeType) -> UInt32? {
        guard let attribute = PathAttribute.first(type, in: bytes.span), attribute.value.count == 4
        else { return nil }
        return bytes.span.number32(at: attribute.value.lowerBound)
    }

    private static func saturated(_ value: UInt32, _ difference: Int64) -> UInt32 {
        UInt32(min(max(Int64(value) + difference, 0), Int64(UInt32.max)))
    }

    /// The place of the attribute of that type, or the empty place where it belongs.
    func place(of type: AttributeType) -> Range<Int> {
        var offset = 0
        while let attribute = PathAttribute.next(in: bytes.span, at: &offset) {
            if attribute.type == type { return attribute.whole }
            if attribute.type > type {
                return attribute.whole.lowerBound..<attribute.whole.lowerBound
            }
        }
        return bytes.count..<bytes.count
    }

    private mutating func removeAttributes(where isUnwanted: (PathAttribute) -> Bool) {
        var offset = 0
        while let attribute = PathAttribute.next(in: bytes.span, at: &offset) {
            if isUnwanted(attribute) {
                bytes.removeSubrange(attribute.whole)
                offset = attribute.whole.lowerBound
            }
        }
    }
}
