import BGPWire

extension AttributesEditor {
    /// Adds a standard community where it is absent.
    package mutating func addCommunity(_ community: UInt32) {
        add(Self.networkOrder(community), to: .communities)
    }

    /// Adds an extended community where it is absent.
    package mutating func addExtendedCommunity(_ community: UInt64) {
        add(Self.networkOrder(community), to: .extendedCommunities)
    }

    /// Adds a large community where it is absent.
    package mutating func addLargeCommunity(_ community: LargeCommunity) {
        add(Self.networkOrder(community), to: .largeCommunities)
    }

    /// Deletes every standard community that agrees with `value` in the bits of `mask`.
    package mutating func deleteCommunities(_ value: UInt32, mask: UInt32 = .max) {
        delete(from: .communities, width: 4) { bytes, offset in
            (bytes.number32(at: offset) ^ value) & mask == 0
        }
    }

    /// Deletes every extended community that agrees with `value` in the bits of `mask`.
    package mutating func deleteExtendedCommunities(_ value: UInt64, mask: UInt64 = .max) {
        delete(from: .extendedCommunities, width: 8) { bytes, offset in
            (bytes.number64(at: offset) ^ value) & mask == 0
        }
    }

    /// Deletes every large community that agrees with `value` in the bits of `mask`.
    package mutating func deleteLargeCommunities(
        _ value: LargeCommunity,
        mask: LargeCommunity = .max
    ) {
        delete(from: .largeCommunities, width: 12) { bytes, offset in
            (bytes.number32(at: offset) ^ value.administrator) & mask.administrator == 0
                && (bytes.number32(at: offset + 4) ^ value.function) & mask.function == 0
                && (bytes.number32(at: offset + 8) ^ value.parameter) & mask.parameter == 0
        }
    }

    /// Drops extended communities that are not transitive across ASes (RFC 4360 §2).
    package mutating func dropNonTransitiveExtendedCommunities() {
        deleteExtendedCommunities(0x40 << 56, mask: 0x40 << 56)
    }

    private mutating func add(_ community: [UInt8], to type: AttributeType) {
        let width = community.count
        guard let attribute = PathAttribute.first(type, in: bytes.span) else {
            let flags = AttributeFlags.optional | AttributeFlags.transitive
            return set(type, flags: flags, value: community.span)
        }
        var value = Array(bytes[attribute.value])
        for offset in stride(from: 0, to: value.count, by: width)
        where value[offset...].starts(with: community) {
            return
        }
        value += community
        set(type, flags: attribute.flags, value: value.span)
    }

    private mutating func delete(
        from type: AttributeType,
        width: Int,
        where isUnwanted: (Span<UInt8>, Int) -> Bool
    ) {
        guard let attribute = PathAttribute.first(type, in: bytes.span) else { return }
        var kept: [UInt8] = []
        for offset in stride(
            from: attribute.value.lowerBound,
            to: attribute.value.upperBound,
            by: width
        )
        where !isUnwanted(bytes.span, offset) {
            kept += bytes[offset..<offset + width]
        }
        if kept.count == attribute.value.count { return }
        if kept.isEmpty {
            remove(type)
        } else {
            set(type, flags: attribute.flags, value: kept.span)
        }
    }

    private static func networkOrder(_ number: UInt64) -> [UInt8] {
        networkOrder(UInt32(truncatingIfNeeded: number >> 32))
            + networkOrder(UInt32(truncatingIfNeeded: number))
    }

    private static func networkOrder(_ community: LargeCommunity) -> [UInt8] {
        networkOrder(community.administrator) + networkOrder(community.function)
            + networkOrder(community.parameter)
    }
}
