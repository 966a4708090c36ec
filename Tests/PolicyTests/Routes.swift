import Addressing
import Attributes
import Policy
import RPKI
import Testing

/// Canonical attributes put together from parts: ascending types, short lengths.
struct RouteBytes {
    var path: [(type: UInt8, numbers: [UInt32])] = [(2, [65001, 65002, 65003])]
    var nextHop: [UInt8] = [192, 0, 2, 1]
    var med: UInt32?
    var localPref: UInt32?
    var communities: [(UInt16, UInt16)] = []
    var extended: [UInt64] = []
    var large: [(UInt32, UInt32, UInt32)] = []

    var bytes: [UInt8] {
        var result: [UInt8] = [0x40, 1, 1, 0]
        func number(_ value: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        }
        func add(_ flags: UInt8, _ type: UInt8, _ value: [UInt8]) {
            result += [flags, type, UInt8(value.count)] + value
        }
        add(
            0x40,
            2,
            path.flatMap { [$0.type, UInt8($0.numbers.count)] + $0.numbers.flatMap(number) }
        )
        if !nextHop.isEmpty { add(0x40, 3, nextHop) }
        if let med { add(0x80, 4, number(med)) }
        if let localPref { add(0x40, 5, number(localPref)) }
        if !communities.isEmpty {
            add(0xC0, 8, communities.flatMap { number(UInt32($0.0) << 16 | UInt32($0.1)) })
        }
        if !extended.isEmpty {
            add(
                0xC0,
                16,
                extended.flatMap { number(UInt32($0 >> 32)) + number(UInt32($0 & 0xFFFF_FFFF)) }
            )
        }
        if !large.isEmpty {
            add(0xC0, 32, large.flatMap { number($0.0) + number($0.1) + number($0.2) })
        }
        return result
    }
}

/// What a filter made of a route, with the attributes read back.
struct Filtered {
    var isAccepted: Bool
    var isChanged: Bool
    var decidingLine: Int?
    var facts: AttributeFacts
    var bytes: [UInt8]
    var steps: [FilterStep]
}

/// The neighbor that routes come from or go to: AS 65001, our AS is 65000.
let upstream = PolicyPeer(
    address: IPAddress(ipv4: 0xC000_0201),
    remoteAS: ASNumber(65001),
    localAS: ASNumber(65000),
    group: "upstreams"
)

/// Runs rules over one route; that the trace tells the same is checked on the way.
func filter(
    _ rules: [FilterRule],
    sets: PolicySets = PolicySets(),
    peer: PolicyPeer = upstream,
    direction: FilterDirection = .from,
    prefix: String = "10.1.0.0/16",
    validity: OriginValidity = .notFound,
    pathValidity: PathValidity = .unknown,
    route: RouteBytes = RouteBytes(),
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Filtered {
    let program = FilterProgram(sets: sets, rules: rules)
    let compiled = program.compiled(for: peer, direction)
    let known = FilteredRoute(
        prefix: try #require(IPPrefix(text: prefix)),
        validity: validity,
        pathValidity: pathValidity,
        source: RouteSource(address: upstream.address, autonomousSystem: upstream.remoteAS)
    )
    let store = AttributeStore()
    var editor = AttributesEditor()
    let given = store.intern(route.bytes.span)
    let outcome = compiled.evaluate(known, attributes: given, store: store, editor: &editor)
    let trace = compiled.trace(known, attributes: given, store: store, editor: &editor)
    #expect(trace.isAccepted == outcome.isAccepted, sourceLocation: sourceLocation)
    let line = outcome.decidingRule.map { compiled.rule($0).place.line }
    #expect(
        trace.decidingStep.map { trace.steps[$0].place.line } == line,
        sourceLocation: sourceLocation
    )
    let references = store.referenceCount(outcome.attributes)
    #expect(
        references == 1,
        "one reference each: the given set's and a changed one's",
        sourceLocation: sourceLocation
    )
    return Filtered(
        isAccepted: outcome.isAccepted,
        isChanged: outcome.attributes != given,
        decidingLine: line,
        facts: store.facts(outcome.attributes),
        bytes: store.bytes(outcome.attributes),
        steps: trace.steps
    )
}

/// A rule on that line.
func rule(
    _ verb: FilterVerb,
    quick: Bool = false,
    _ direction: FilterDirection = .from,
    _ peers: [PeerSelector] = [.any],
    line: Int = 1,
    set changes: RouteChanges = RouteChanges(),
    where conditions: (inout FilterConditions) -> Void = { _ in }
) -> FilterRule {
    var rule = FilterRule(
        place: SourcePlace(file: "bgpd.conf", line: line),
        verb: verb,
        isQuick: quick,
        direction: direction,
        peers: peers,
        changes: changes
    )
    conditions(&rule.conditions)
    return rule
}

/// Changes made by a closure.
func changes(_ make: (inout RouteChanges) -> Void) -> RouteChanges {
    var changes = RouteChanges()
    make(&changes)
    return changes
}
