import Addressing

extension UpdateDecoder {
    /// Reads every attribute in `range` by its row in the table.
    ///
    /// A fault that calls for treat-as-withdraw is noted and the walk goes on, because a later attribute
    /// may call for more (RFC 7606 §3 h).
    ///
    /// - Returns: the NOTIFICATION where the session must end.
    mutating func walk(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        _ context: UpdateContext
    ) -> NotificationMessage? {
        var offset = range.lowerBound
        var lastType: UInt8 = 0
        while offset < range.upperBound {
            let start = offset
            guard start + 3 <= range.upperBound else {
                note(fault(0, .overrun, start), range: start..<range.upperBound)
                return nil
            }
            let flags = body[start]
            let type = body[start + 1]
            var length = Int(body[start + 2])
            var valueStart = start + 3
            if flags & AttributeFlags.extendedLength != 0 {
                guard start + 4 <= range.upperBound else {
                    note(fault(type, .overrun, start), range: start..<range.upperBound)
                    return nil
                }
                length = Int(body.uint16(at: start + 2))
                valueStart = start + 4
            }
            let end = valueStart + length
            guard end <= range.upperBound else {
                // What follows cannot be found (RFC 7606 §4).
                note(fault(type, .overrun, start), range: start..<range.upperBound)
                if type == 14 || type == 15 { return reset(9, body, start..<range.upperBound) }
                return nil
            }
            offset = end
            guard seen.insert(type) else {
                if type == 14 || type == 15 { return reset(1, body, start..<start) }
                discard(type, .repeated, start)
                continue
            }
            guard let rule = AttributeRule.row(type) else {
                if let notification = keepUnknown(body, flags, type, start, valueStart..<end) {
                    return notification
                }
                if flags & AttributeFlags.transitive != 0, type < lastType { isCanonical = false }
                lastType = max(lastType, type)
                continue
            }
            let category = flags & (AttributeFlags.optional | AttributeFlags.transitive)
            let mayBePartial = rule.flags == AttributeFlags.optional | AttributeFlags.transitive
            if category != rule.flags || flags & AttributeFlags.partial != 0 && !mayBePartial {
                note(fault(type, .flags, start), range: start..<end)
                // The routes must still be found, to be withdrawn.
                if type != 14, type != 15 { continue }
            }
            if rule.onlyFromIBGP, !context.isIBGP {
                discard(type, .notFromHere, start)
                continue
            }
            if let kind = check(rule.check, body, valueStart..<end, start, context) {
                switch kind == .asSet ? .withdraw : rule.malformed {
                case .discard:
                    discard(type, kind, start)
                case .withdraw:
                    note(fault(type, kind, start), range: start..<end)
                case .reset:
                    return reset(9, body, start..<end)
                }
                continue
            }
            guard type != 14, type != 15, type != 17, type != 18 else {
                isCanonical = false
                continue
            }
            let normalFlags = category | flags & AttributeFlags.partial
            if type < lastType || !isHeaderCanonical(flags, normalFlags, length) {
                isCanonical = false
            }
            lastType = max(lastType, type)
            keep(type, normalFlags, valueStart..<end)
        }
        return nil
    }

    /// The value against its row; nil where it is sound.
    private mutating func check(
        _ check: AttributeRule.Check,
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ start: Int,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        switch check {
        case .origin:
            guard value.count == 1 else { return .length }
            return body[value.lowerBound] <= 2 ? nil : .value
        case .asPath:
            return checkASPath(body, value, context)
        case .nextHop:
            guard value.count == 4 else { return .length }
            if !Self.isHostAddress(body.uint32(at: value.lowerBound), context) {
                nextHopFault = fault(3, .value, start)
            }
            return nil
        case .aggregator:
            guard value.count == (context.fourOctetAS ? 8 : 6) else { return .length }
            let number =
                context.fourOctetAS
                ? body.uint32(at: value.lowerBound) : UInt32(body.uint16(at: value.lowerBound))
            return number == 0 ? .asZero : nil
        case .as4Path:
            return checkAS4Path(body, value, start, context)
        case .mpReach:
            return checkReach(body, value, start, context)
        case .mpUnreach:
            return checkUnreach(body, value, start, context)
        case .as4Aggregator:
            return checkAS4Aggregator(body, value, start, context)
        case .exactly(let length):
            return value.count == length ? nil : .length
        case .multiple(let length):
            return value.count > 0 && value.count % length == 0 ? nil : .length
        case .nonzeroNumber:
            guard value.count == 4 else { return .length }
            return body.uint32(at: value.lowerBound) == 0 ? .asZero : nil
        }
    }

    private mutating func checkASPath(
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        let scan = ASPathScan(body, value, width: context.fourOctetAS ? 4 : 2)
        if let kind = scan.fault { return kind }
        if scan.hasSet, context.rejectASSet { return .asSet }
        if scan.hasConfederation { return .confederation }
        if scan.numberCount > Self.longestPath { return .tooLong }
        if context.enforceNeighborAS, !(value.isEmpty && context.isIBGP) {
            let remote = context.remoteAS.value
            let expected =
                context.fourOctetAS || remote <= 0xFFFF ? remote : ASNumber.transition.value
            if scan.leftmost != expected { return .firstAS }
        }
        asPath = scan
        return nil
    }

    /// AS4_PATH is for neighbors of two octets; from others it is dropped (RFC 6793 §4.1).
    ///
    /// A neighbor that writes four octets anyway and sends even a broken one is not believed: withdraw.
    private mutating func checkAS4Path(
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ start: Int,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        let scan = ASPathScan(body, value, width: 4)
        let isBroken = scan.fault == .segment || value.count < 6
        if context.fourOctetAS {
            if isBroken { note(fault(17, .segment, start), range: start..<value.upperBound) }
            return .notFromHere
        }
        if let kind = scan.fault { return kind }
        if value.count < 6 { return .length }
        if scan.numberCount > Self.longestPath { return .tooLong }
        if scan.hasSet, !scan.hasConfederation, context.rejectASSet { return .asSet }
        as4Path = scan
        as4PathRange = value
        return nil
    }

    private mutating func checkAS4Aggregator(
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ start: Int,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        if context.fourOctetAS { return .notFromHere }
        guard value.count == 8 else { return .length }
        if body.uint32(at: value.lowerBound) == 0 { return .asZero }
        as4AggregatorRange = value
        return nil
    }

    private mutating func checkReach(
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ start: Int,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        guard value.count >= 5 else { return .length }
        guard let family = agreedFamily(body, value.lowerBound, context) else {
            discard(14, .family, start)
            return nil
        }
        let hopStart = value.lowerBound + 4
        let hopLength = Int(body[hopStart - 1])
        let isLengthRight =
            switch hopLength {
            case 4: family == .ipv4
            case 16, 32: family == .ipv6 || context.extendedNextHop
            default: false
            }
        let routesStart = hopStart + hopLength + 1
        guard isLengthRight, routesStart <= value.upperBound else { return .length }
        let hasPathIDs = context.pathIDs.contains(family)
        guard
            let count = NLRI.countPrefixes(
                family,
                in: body,
                range: routesStart..<value.upperBound,
                withPathIDs: hasPathIDs
            )
        else { return .value }
        mpNextHop = hopStart..<hopStart + hopLength
        mpReachable = NLRIBlock(
            family: family,
            range: routesStart..<value.upperBound,
            prefixCount: count,
            hasPathIDs: hasPathIDs
        )
        let isHost =
            hopLength == 4
            ? Self.isHostAddress(body.uint32(at: hopStart), context)
            : Self.isIPv6HostAddress(body, hopStart, context)
        if !isHost { note(fault(14, .value, start), range: start..<value.upperBound) }
        return nil
    }

    private mutating func checkUnreach(
        _ body: Span<UInt8>,
        _ value: Range<Int>,
        _ start: Int,
        _ context: UpdateContext
    ) -> AttributeFault.Kind? {
        guard value.count >= 3 else { return .length }
        guard let family = agreedFamily(body, value.lowerBound, context) else {
            discard(15, .family, start)
            return nil
        }
        let range = value.lowerBound + 3..<value.upperBound
        let hasPathIDs = context.pathIDs.contains(family)
        guard
            let count = NLRI.countPrefixes(
                family,
                in: body,
                range: range,
                withPathIDs: hasPathIDs
            )
        else { return .value }
        mpWithdrawn = NLRIBlock(
            family: family,
            range: range,
            prefixCount: count,
            hasPathIDs: hasPathIDs
        )
        return nil
    }

    /// The family at `offset` where it is unicast and both sides offered it.
    private func agreedFamily(_ body: Span<UInt8>, _ offset: Int, _ context: UpdateContext)
        -> AddressFamily?
    {
        guard body[offset] == 0, body[offset + 2] == 1,
            let family = AddressFamily(rawValue: body[offset + 1]),
            context.families.contains(family)
        else { return nil }
        return family
    }

    /// Keeps an unknown transitive attribute with Partial set, drops an unknown non-transitive one.
    private mutating func keepUnknown(
        _ body: Span<UInt8>,
        _ flags: UInt8,
        _ type: UInt8,
        _ start: Int,
        _ value: Range<Int>
    ) -> NotificationMessage? {
        guard flags & AttributeFlags.optional != 0 else {
            return reset(2, body, start..<value.upperBound)
        }
        guard flags & AttributeFlags.transitive != 0 else {
            discard(type, .unrecognized, start)
            return nil
        }
        let normalFlags =
            AttributeFlags.optional | AttributeFlags.transitive | AttributeFlags.partial
        if !isHeaderCanonical(flags, normalFlags, value.count) { isCanonical = false }
        keep(type, normalFlags, value)
        return nil
    }

    @inline(__always)
    private mutating func keep(_ type: UInt8, _ flags: UInt8, _ value: Range<Int>) {
        entries[entryCount] = Entry(
            type: type,
            flags: flags,
            start: UInt16(truncatingIfNeeded: value.lowerBound),
            length: UInt16(truncatingIfNeeded: value.count)
        )
        entryCount += 1
    }

    private func isHeaderCanonical(_ flags: UInt8, _ normalFlags: UInt8, _ length: Int) -> Bool {
        flags == (length > 255 ? normalFlags | AttributeFlags.extendedLength : normalFlags)
    }

    mutating func discard(_ type: UInt8, _ kind: AttributeFault.Kind, _ start: Int) {
        isCanonical = false
        discards.append(fault(type, kind, start))
    }

    private func fault(_ type: UInt8, _ kind: AttributeFault.Kind, _ start: Int) -> AttributeFault {
        AttributeFault(type: AttributeType(type), kind: kind, offset: UInt16(start))
    }

    private func reset(_ subcode: UInt8, _ body: Span<UInt8>, _ range: Range<Int>)
        -> NotificationMessage
    {
        NotificationMessage(.update, subcode, data: body.copy(range))
    }

    /// The most AS numbers that a path may hold.
    private static let longestPath = 750

    /// Neither 0/8 nor 127/8 nor multicast and beyond: an address that a host can have (RFC 4271 §6.3).
    private static func isHostAddress(_ bits: UInt32, _ context: UpdateContext) -> Bool {
        let first = bits >> 24
        return first != 0 && first < 224 && (first != 127 || context.isOverLoopback)
    }

    private static func isIPv6HostAddress(
        _ body: Span<UInt8>,
        _ start: Int,
        _ context: UpdateContext
    ) -> Bool {
        if body[start] == 0xFF { return false }
        for index in start..<start + 15 where body[index] != 0 { return true }
        return body[start + 15] > (context.isOverLoopback ? 0 : 1)
    }
}

extension AttributeFault {
    /// The subcode of UPDATE Message Error that says the same, for where the session must be reset.
    var subcode: UInt8 {
        switch kind {
        case .missing: 3
        case .flags: 4
        case .length: 5
        case .overrun, .repeated: 1
        case .value where type == .origin: 6
        case .value where type == .nextHop: 8
        case .asZero where type != .asPath: 9
        case .value, .notFromHere, .family: 9
        case .unrecognized: 2
        case .asZero, .segment, .confederation, .asSet, .firstAS, .tooLong: 11
        }
    }
}
