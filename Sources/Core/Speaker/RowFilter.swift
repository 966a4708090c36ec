import Addressing
import Attributes
import BGPWire
import Control

/// The filter of a page made ready: neighbors looked up, patterns at work, what is quick to ask first.
///
/// It is asked in place: of the numbers that a table keeps, before a row is made of them.
struct RowFilter {
    /// What is known of a row before it is made.
    struct Subject {
        var prefix: IPPrefix
        var neighbor: NeighborNumber
        var attributes: AttributesID
        var flags: RIBFlags
        /// What tells it from other paths of the neighbor to the prefix, where there may be several.
        var pathID: UInt32?
        var originValidation = OriginValidation.notFound
        var pathValidation = PathValidation.unknown
        /// What a neighbor was given as next hop in place of that of the attributes.
        var sentNextHop: NextHop?
    }

    private struct Condition {
        var test: RIBFilter.Test
        var isNegated: Bool
        var neighbors: Set<NeighborNumber> = []
        var matcher: ASPathMatcher?
    }

    private var conditions: [Condition]
    private let ownAS: ASNumber

    /// A filter; `select` finds the neighbors that are meant.
    init(
        _ filter: RIBFilter,
        ownAS: ASNumber,
        select: (NeighborSelector) -> Set<NeighborNumber>
    ) {
        self.ownAS = ownAS
        conditions = filter.conditions.map {
            var condition = Condition(test: $0.test, isNegated: $0.isNegated)
            if case .neighbor(let selector) = $0.test { condition.neighbors = select(selector) }
            if case .pathPattern(let pattern) = $0.test {
                condition.matcher = ASPathMatcher(pattern)
            }
            return condition
        }
        conditions.sort { $0.test.cost < $1.test.cost }
    }

    /// True where a row satisfies all conditions.
    mutating func passes(_ row: Subject, _ store: AttributeStore) -> Bool {
        for index in conditions.indices
        where holds(index, row, store) == conditions[index].isNegated {
            return false
        }
        return true
    }

    private mutating func holds(
        _ index: Int,
        _ row: Subject,
        _ store: AttributeStore
    ) -> Bool {
        switch conditions[index].test {
        case .family(let family): row.prefix.family == family
        case .prefix(.exact(let prefix)): row.prefix == prefix
        case .prefix(.orLonger(let prefix)): prefix.covers(row.prefix)
        case .prefix(.orShorter(let prefix)): row.prefix.covers(prefix)
        case .prefix(.longest(let address)): row.prefix.contains(address)
        case .neighbor: conditions[index].neighbors.contains(row.neighbor)
        case .pathID(let number): row.pathID == number
        case .best: row.flags.contains(.selected)
        case .refused: row.flags.contains(.filtered)
        case .disqualified: !row.flags.contains(.valid)
        case .originValidation(let state): row.originValidation == state
        case .pathValidation(let state): row.pathValidation == state
        case .leaked: row.flags.contains(.leaked)
        case .malformed: row.flags.contains(.error)
        case .nextHop(let address):
            (row.sentNextHop?.address ?? Self.nextHop(of: row.attributes, store)) == address
        case .asPath(let match):
            store.withBytes(row.attributes) { Self.passes(match, $0, own: ownAS) }
        case .pathPattern:
            store.withBytes(row.attributes) { bytes in
                let path = PathAttribute.first(.asPath, in: bytes)?.value ?? 0..<0
                return conditions[index].matcher?.matches(bytes.extracting(path)) ?? false
            }
        case .community(let pattern):
            store.withBytes(row.attributes) { Self.carries(pattern, $0) }
        }
    }

    private static func nextHop(
        of attributes: AttributesID,
        _ store: AttributeStore
    ) -> IPAddress? {
        let number = store.facts(attributes).nextHop
        return number == .none ? nil : store.nextHops.nextHop(number).address
    }

    private static func passes(
        _ match: RIBFilter.ASMatch,
        _ bytes: Span<UInt8>,
        own: ASNumber
    ) -> Bool {
        var first: ASNumber?
        var last: ASNumber?
        var isTransit = false
        var isAnywhere = false
        let wanted: ASNumber? =
            switch match {
            case .anywhere(let number), .peer(let number), .source(let number),
                .transit(let number):
                number
            case .emptyPath: nil
            }
        AttributeReading.forEachAS(in: bytes) { entry in
            if first == nil { first = entry.number }
            if last == wanted { isTransit = true }
            last = entry.number
            if entry.number == wanted { isAnywhere = true }
            return true
        }
        return switch match {
        case .anywhere: isAnywhere
        case .peer: (first ?? own) == wanted
        case .source: last == wanted
        case .transit: isTransit
        case .emptyPath: first == nil
        }
    }

    private static func carries(_ pattern: RIBFilter.CommunityPattern, _ bytes: Span<UInt8>) -> Bool
    {
        var found = false
        switch pattern {
        case .standard(let high, let low):
            AttributeReading.forEachCommunity(in: bytes) { community in
                found =
                    (high.map { UInt32($0) == community >> 16 } ?? true)
                    && (low.map { UInt32($0) == community & 0xFFFF } ?? true)
                return !found
            }
        case .large(let administrator, let function, let parameter):
            AttributeReading.forEachLargeCommunity(in: bytes) { community in
                found =
                    (administrator.map { $0 == community.administrator } ?? true)
                    && (function.map { $0 == community.function } ?? true)
                    && (parameter.map { $0 == community.parameter } ?? true)
                return !found
            }
        case .extended(let subtype, let value):
            guard let attribute = PathAttribute.first(.extendedCommunities, in: bytes) else {
                return false
            }
            found = AttributeText.extendedCommunities(bytes.extracting(attribute.value)).contains {
                Self.fits($0, subtype, value)
            }
        }
        return found
    }

    /// True where `rt 65002:7` has that subtype and that value, of whose parts `*` is any.
    private static func fits(_ words: String, _ subtype: String?, _ value: String?) -> Bool {
        let parts = words.split(separator: " ")
        if let subtype, parts.first.map({ $0 != subtype }) ?? true { return false }
        guard let value else { return true }
        guard parts.count == 2 else { return false }
        let numbers = parts[1].split(separator: ":")
        let wanted = value.split(separator: ":")
        return numbers.count == wanted.count
            && zip(numbers, wanted).allSatisfy { $1 == "*" || $0 == $1 }
    }
}

extension RIBFilter.Test {
    /// How much there is to do for an answer, to ask the quick ones first.
    fileprivate var cost: Int {
        switch self {
        case .family, .prefix, .neighbor, .best, .refused, .disqualified, .leaked, .malformed,
            .originValidation, .pathValidation, .pathID:
            0
        case .nextHop: 1
        case .asPath, .community: 2
        case .pathPattern: 3
        }
    }
}
