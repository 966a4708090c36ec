import Addressing

extension UpdateDecoder {
    /// Finds or writes the canonical attributes of what the message announces.
    mutating func placeAttributes(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        _ context: UpdateContext
    ) {
        if reachable.isEmpty, mpReachable.isEmpty { return }
        if isCanonical, mpReachable.isEmpty, context.fourOctetAS {
            conventional = AttributePlace(isInBody: true, range: range)
            return
        }
        sortEntries()
        scratch.removeAll(keepingCapacity: true)
        pathScratch.removeAll(keepingCapacity: true)
        let mayUseAS4 = !context.fourOctetAS && !isAggregatorOlderThanAS4(body)
        if !context.fourOctetAS { mergePaths(body, usingAS4: mayUseAS4) }
        if !reachable.isEmpty {
            write(body, context, mayUseAS4: mayUseAS4, nextHop: nil)
            conventional = AttributePlace(isInBody: false, range: 0..<scratch.count)
        }
        if !mpReachable.isEmpty {
            let start = scratch.count
            write(body, context, mayUseAS4: mayUseAS4, nextHop: mpNextHop)
            multiprotocol = AttributePlace(isInBody: false, range: start..<scratch.count)
        }
    }

    /// Few entries, mostly in order: insertion sort.
    private mutating func sortEntries() {
        var index = 1
        while index < entryCount {
            let entry = entries[index]
            var place = index
            while place > 0, entries[place - 1].type > entry.type {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
            index += 1
        }
    }

    /// An AGGREGATOR that is not AS_TRANS beside an AS4_AGGREGATOR was set by a speaker that knows no
    /// AS4_PATH: both AS4 attributes are stale (RFC 6793 §4.2.3).
    private func isAggregatorOlderThanAS4(_ body: Span<UInt8>) -> Bool {
        guard !as4AggregatorRange.isEmpty else { return false }
        guard let entry = entry(of: 7) else { return false }
        return UInt32(body.uint16(at: Int(entry.start))) != ASNumber.transition.value
    }

    private func entry(of type: UInt8) -> Entry? {
        for index in 0..<entryCount where entries[index].type == type { return entries[index] }
        return nil
    }

    private mutating func mergePaths(_ body: Span<UInt8>, usingAS4: Bool) {
        guard let entry = entry(of: 2), let asPath else { return }
        var writer = ASPathWriter()
        var left = Int.max
        var tail = 0..<0
        if usingAS4, let as4Path, as4Path.pathLength <= asPath.pathLength {
            left = asPath.pathLength - as4Path.pathLength
            tail = as4PathRange
        }
        var offset = Int(entry.start)
        let end = offset + Int(entry.length)
        while offset < end, left > 0 {
            let type = body[offset]
            let count = Int(body[offset + 1])
            let kept = type == ASPathScan.sequence ? min(count, left) : count
            writer.append(
                type: type,
                count: kept,
                from: body,
                at: offset + 2,
                width: 2,
                to: &pathScratch
            )
            left -= type == ASPathScan.sequence ? kept : 1
            offset += 2 + 2 * count
        }
        offset = tail.lowerBound
        while offset < tail.upperBound {
            let type = body[offset]
            let count = Int(body[offset + 1])
            // Segments of a confederation are left out of AS4_PATH (RFC 6793 §6).
            if type <= ASPathScan.sequence {
                writer.append(
                    type: type,
                    count: count,
                    from: body,
                    at: offset + 2,
                    width: 4,
                    to: &pathScratch
                )
            }
            offset += 2 + 4 * count
        }
    }

    /// What is wrong with the path that was made of two-octet numbers and AS4_PATH, or with its length.
    func faultOfWidenedPath(_ context: UpdateContext) -> AttributeFault.Kind? {
        if max(conventional.range.count, multiprotocol.range.count) > Int(UInt16.max) {
            return .tooLong
        }
        guard context.enforceNeighborAS, !pathScratch.isEmpty else { return nil }
        // An AS4_PATH as long as AS_PATH takes all of its place: nobody has looked at its first number yet.
        let scan = ASPathScan(pathScratch.span, 0..<pathScratch.count, width: 4)
        let remote = context.remoteAS.value
        let isNeighbor =
            scan.leftmost == remote
            || remote > 0xFFFF && scan.leftmost == ASNumber.transition.value
        return isNeighbor ? nil : .firstAS
    }

    /// Writes the entries; with `nextHop` that one in place of NEXT_HOP.
    private mutating func write(
        _ body: Span<UInt8>,
        _ context: UpdateContext,
        mayUseAS4: Bool,
        nextHop: Range<Int>?
    ) {
        var pending = nextHop
        var index = 0
        while index < entryCount {
            let entry = entries[index]
            index += 1
            if let hop = pending, entry.type >= 3 {
                scratch.appendAttributeHeader(
                    flags: AttributeFlags.transitive,
                    type: 3,
                    length: hop.count
                )
                scratch.append(from: body, hop)
                pending = nil
            }
            if entry.type == 3, nextHop != nil { continue }
            let start = Int(entry.start)
            let value = start..<start + Int(entry.length)
            switch entry.type {
            case 2 where !context.fourOctetAS:
                scratch.appendAttributeHeader(
                    flags: entry.flags,
                    type: 2,
                    length: pathScratch.count
                )
                scratch.append(contentsOf: pathScratch)
            case 7 where !context.fourOctetAS:
                scratch.appendAttributeHeader(flags: entry.flags, type: 7, length: 8)
                if mayUseAS4, !as4AggregatorRange.isEmpty {
                    scratch.append(from: body, as4AggregatorRange)
                } else {
                    scratch.append(uint16: 0)
                    scratch.append(from: body, value)
                }
            default:
                scratch.appendAttributeHeader(
                    flags: entry.flags,
                    type: entry.type,
                    length: value.count
                )
                scratch.append(from: body, value)
            }
        }
        if let hop = pending {
            scratch.appendAttributeHeader(
                flags: AttributeFlags.transitive,
                type: 3,
                length: hop.count
            )
            scratch.append(from: body, hop)
        }
    }
}
