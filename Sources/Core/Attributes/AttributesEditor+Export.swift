package import Addressing
import BGPWire

extension AttributesEditor {
    /// Begins with what an eBGP neighbor is told of a stored set, without marks.
    ///
    /// Our AS is put before the path, and what is for our AS alone is left out (RFC 4271 §5.1, RFC 4456 §8, RFC 4360
    /// §2). The same as the single edits, in one pass: every set that is sent goes through here.
    ///
    /// - Parameters:
    ///   - id: the set after output policy.
    ///   - store: where it is.
    ///   - nextHop: what the neighbor is to send packets to.
    ///   - number: our AS as the neighbor knows it; nil where path and communities go out as they came (RFC 7947
    ///     §2.2.2, §2.2.4).
    ///   - keepsMED: MED was set here and is passed on.
    package mutating func loadExternal(
        _ id: AttributesID,
        from store: AttributeStore,
        nextHop: NextHop,
        prepending number: ASNumber?,
        keepsMED: Bool
    ) {
        marks = AttributeMarks()
        isTooLong = false
        bytes.removeAll(keepingCapacity: true)
        store.withBytes(id) { stored in
            var due = AttributeType.asPath
            var offset = 0
            while let attribute = PathAttribute.next(in: stored, at: &offset) {
                if due == .asPath, .asPath < attribute.type {
                    appendPath(stored, 0..<0, number)
                    due = .nextHop
                }
                if due == .nextHop, .nextHop < attribute.type {
                    append(nextHop)
                    due = .multiExitDiscriminator
                }
                switch attribute.type {
                case .asPath:
                    appendPath(stored, attribute.value, number)
                    due = .nextHop
                case .nextHop:
                    append(nextHop)
                    due = .multiExitDiscriminator
                case .localPreference, .originatorID, .clusterList: break
                case .multiExitDiscriminator:
                    if keepsMED { append(stored, attribute.whole) }
                case .extendedCommunities where number != nil: appendTransitive(stored, attribute)
                default:  // goes on as it is
                    append(stored, attribute.whole)
                }
            }
            if due == .asPath {
                appendPath(stored, 0..<0, number)
                due = .nextHop
            }
            if due == .nextHop { append(nextHop) }
        }
    }

    private mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        unsafe source.extracting(range).withUnsafeBufferPointer {
            unsafe bytes.append(contentsOf: $0)
        }
    }

    private mutating func append(_ number: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: number >> 24))
        bytes.append(UInt8(truncatingIfNeeded: number >> 16))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number))
    }

    private mutating func appendHeader(_ flags: UInt8, _ type: AttributeType, count: Int) {
        let isLong = count > 255
        let plain = flags & ~AttributeFlags.extendedLength
        bytes.append(isLong ? plain | AttributeFlags.extendedLength : plain)
        bytes.append(type.rawValue)
        if isLong { bytes.append(UInt8(truncatingIfNeeded: count >> 8)) }
        bytes.append(UInt8(truncatingIfNeeded: count))
    }

    /// The path with one more number, in the first segment where that is an AS_SEQUENCE with room.
    private mutating func appendPath(
        _ stored: Span<UInt8>,
        _ path: Range<Int>,
        _ number: ASNumber?
    ) {
        guard let number else {
            appendHeader(AttributeFlags.transitive, .asPath, count: path.count)
            return append(stored, path)
        }
        let first = path.lowerBound
        let joins =
            path.count >= 2 && stored[first] == 2 && stored[first + 1] > 0
            && stored[first + 1] < 255
        appendHeader(
            AttributeFlags.transitive,
            .asPath,
            count: path.count + (joins ? 4 : 6)
        )
        bytes.append(2)
        bytes.append(joins ? stored[first + 1] + 1 : 1)
        append(number.value)
        append(stored, joins ? first + 2..<path.upperBound : path)
    }

    private mutating func append(_ nextHop: NextHop) {
        let length = nextHop.address.family.byteCount
        let count = length + (nextHop.linkLocal == nil ? 0 : length)
        appendHeader(AttributeFlags.transitive, .nextHop, count: count)
        append(nextHop.address)
        if let address = nextHop.linkLocal { append(address) }
    }

    private mutating func append(_ address: IPAddress) {
        append(UInt32(truncatingIfNeeded: address.high >> 32))
        if address.family == .ipv4 { return }
        append(UInt32(truncatingIfNeeded: address.high))
        append(UInt32(truncatingIfNeeded: address.low >> 32))
        append(UInt32(truncatingIfNeeded: address.low))
    }

    /// Extended communities that are for other ASes too; the attribute goes where none is left.
    private mutating func appendTransitive(_ stored: Span<UInt8>, _ attribute: PathAttribute) {
        func isLocal(_ offset: Int) -> Bool { stored[offset] & 0x40 != 0 }
        let places = stride(
            from: attribute.value.lowerBound,
            to: attribute.value.upperBound,
            by: 8
        )
        let locals = places.count { isLocal($0) }
        if locals == 0 { return append(stored, attribute.whole) }
        let kept = attribute.value.count - 8 * locals
        if kept == 0 { return }
        appendHeader(attribute.flags, .extendedCommunities, count: kept)
        for offset in places where !isLocal(offset) { append(stored, offset..<offset + 8) }
    }
}
