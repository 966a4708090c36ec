import Addressing
import Attributes
import Routing

/// Numbers from a seed.
struct Dice {
    var state: UInt64

    mutating func roll(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}

/// Attributes of a test route, and their canonical bytes.
struct TestSet: Hashable {
    var localPreference: UInt32 = 100
    var path: [UInt32] = [65001]
    var origin: UInt8 = 0
    var med: UInt32 = 0
    var nextHop: UInt32 = 0x0A00_0001

    var bytes: [UInt8] {
        [0x40, 1, 1, origin]
            + [0x40, 2, UInt8(2 + 4 * path.count), 2, UInt8(path.count)]
            + path.flatMap(Self.network)
            + [0x40, 3, 4] + Self.network(nextHop) + [0x80, 4, 4] + Self.network(med)
            + [0x40, 5, 4] + Self.network(localPreference)
    }

    static func network(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// The path as D1 sees it, made without the tables.
    func candidate(_ neighbor: NeighborFacts, time: UInt32) -> Candidate {
        var candidate = Candidate(address: neighbor.address)
        candidate.isInternal = neighbor.isInternal
        candidate.identifier = neighbor.identifier
        candidate.localPreference = localPreference
        candidate.pathLength = UInt16(path.count)
        candidate.neighborAS = path.first ?? 0
        candidate.origin = origin
        candidate.med = med
        candidate.lastUpdate = time
        return candidate
    }
}

/// The facts of test neighbor `number`: every third one is internal.
func facts(_ number: Int) -> NeighborFacts {
    NeighborFacts(
        isInternal: number % 3 == 0,
        identifier: UInt32(100 - number),
        address: IPAddress(ipv4: 0x0A00_0000 + UInt32(number))
    )
}

extension RoutingTables {
    /// Announces a test set unfiltered, resolving its next hop as reachable when it is new.
    @discardableResult
    func announce(
        _ prefix: IPPrefix,
        _ neighbor: Int,
        _ set: TestSet,
        flags: PathFlags = [],
        now: UInt32 = 0
    ) -> RouteChange {
        let bytes = set.bytes
        let id = attributes.intern(bytes.span)
        resolveNews()
        let change = announce(
            prefix,
            from: NeighborID(UInt16(neighbor)),
            received: id,
            effective: flags.contains(.filtered) ? .none : id,
            flags: flags,
            now: now
        )
        attributes.release(id)
        return change
    }

    func resolveNews() {
        while let news = attributes.nextHops.takeNews() {
            guard case .appeared(let id, let nextHop) = news else { continue }
            attributes.nextHops.resolve(
                id,
                NextHopState(isReachable: true, gateway: nextHop.address)
            )
        }
    }

    func finishWork(units: Int = 1000) {
        while work(units: units) {}
    }
}

func ipv4(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(text: text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}
