import Addressing
import Attributes
import BGPWire
import Control
import Routing

/// Announced routes of one neighbor and family that are not in the tables yet.
///
/// A message holds a handful of prefixes; those of several go in together, because searches that begin
/// together wait for memory together.
struct ArrivingRoutes {
    /// Prefixes that are gathered before they go in.
    static let target = 64

    var family = AddressFamily.ipv4
    var prefixes: [IPPrefix] = []
    /// The path identifier of each prefix; empty where the neighbor sends none.
    var pathIDs: [UInt32] = []
    var runs: [Run] = []

    /// Prefixes side by side that share all but the prefix.
    struct Run {
        /// One past the last of its prefixes.
        var end: Int
        /// The attributes as received; holds a reference.
        var received: AttributesID
        var verdict: InputVerdict
    }

    /// Ends the run of the prefixes since the last one, at one of them or behind all.
    mutating func endRun(
        before end: Int? = nil,
        received: AttributesID,
        _ verdict: InputVerdict
    ) {
        runs.append(Run(end: end ?? prefixes.count, received: received, verdict: verdict))
    }

    /// Adds the prefixes of a checked block; says what was left out, since no host can have it.
    mutating func append(
        _ block: NLRIBlock,
        in body: Span<UInt8>
    ) -> (first: IPPrefix, count: Int)? {
        var strange: (first: IPPrefix, count: Int)?
        var offset = block.range.lowerBound
        while offset < block.range.upperBound {
            let pathID = block.hasPathIDs ? NLRI.readPathID(from: body, at: &offset) : 0
            let prefix: IPPrefix
            if block.family == .ipv4 {
                let (bits, length) = NLRI.readIPv4(from: body, at: &offset)
                prefix = IPPrefix(ipv4: bits, length: length)
            } else {
                prefix = NLRI.read(.ipv6, from: body, at: &offset)
            }
            guard prefix.canBeRouted else {
                strange = (strange?.first ?? prefix, (strange?.count ?? 0) + 1)
                continue
            }
            prefixes.append(prefix)
            if block.hasPathIDs { pathIDs.append(pathID) }
        }
        return strange
    }
}

/// What input policy makes of a route; `effective` holds a reference.
struct InputVerdict: Equatable {
    var effective: AttributesID
    var flags: PathFlags
}

extension Speaker {
    /// Puts the routes that are on their way into the tables: before anything looks there, and at the
    /// end of what was received.
    func settleArrivals(from neighbor: Neighbor) {
        if arriving.runs.isEmpty { return }
        // Taken out meanwhile: the tables change while it is read.
        var routes = ArrivingRoutes()
        swap(&routes, &arriving)
        let (table, store) = (routing.table(routes.family), routing.attributes)
        table.readAhead(routes.prefixes.span)
        let id = Self.routingID(neighbor.number)
        let second = routeSecond
        var start = 0
        var overflow: (first: IPPrefix, count: Int)?
        for run in routes.runs {
            if routes.pathIDs.isEmpty {
                table.announce(
                    routes.prefixes.span.extracting(start..<run.end),
                    from: id,
                    received: run.received,
                    effective: run.verdict.effective,
                    flags: run.verdict.flags,
                    now: second
                )
            } else {
                for place in start..<run.end {
                    let change = routing.announce(
                        routes.prefixes[place],
                        from: id,
                        pathID: routes.pathIDs[place],
                        received: run.received,
                        effective: run.verdict.effective,
                        flags: run.verdict.flags,
                        now: second
                    )
                    guard change.kind == .beyondLimit else { continue }
                    overflow = (
                        overflow?.first ?? routes.prefixes[place], (overflow?.count ?? 0) + 1
                    )
                }
            }
            store.release(run.verdict.effective)
            store.release(run.received)
            start = run.end
        }
        if let overflow {
            reportMalformed(
                "ignored: \(NumberText.counted(overflow.count, "path")) beyond \(RouteTable.pathLimit) of one prefix, first of \(overflow.first)",
                of: neighbor
            )
        }
        routes.prefixes.removeAll(keepingCapacity: true)
        routes.pathIDs.removeAll(keepingCapacity: true)
        routes.runs.removeAll(keepingCapacity: true)
        swap(&routes, &arriving)
    }
}
