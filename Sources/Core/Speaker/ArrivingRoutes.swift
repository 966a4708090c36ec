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
    /// Those that share all but the prefix; each holds a reference to both its sets.
    var runs: [RouteRun] = []

    /// Ends the run of the prefixes since the last one before that place.
    mutating func endRun(
        before end: Int,
        received: AttributesID,
        _ verdict: InputVerdict
    ) {
        runs.append(
            RouteRun(
                end: end,
                received: received,
                effective: verdict.effective,
                flags: verdict.flags
            )
        )
    }

    /// Adds the prefixes of a checked block; says what was left out, since no host can have it.
    mutating func append(
        _ block: NLRIBlock,
        in body: Span<UInt8>
    ) -> (first: IPPrefix, count: Int)? {
        if block.hasPathIDs { return appendWithPathIDs(block, in: body) }
        var strange: (first: IPPrefix, count: Int)?
        prefixes.append(addingCapacity: block.prefixCount) {
            (output: inout OutputSpan<IPPrefix>) in
            var offset = block.range.lowerBound
            while offset < block.range.upperBound {
                let prefix = NLRI.read(block.family, from: body, at: &offset)
                if prefix.canBeRouted {
                    output.append(prefix)
                } else {
                    strange = (strange?.first ?? prefix, (strange?.count ?? 0) + 1)
                }
            }
        }
        return strange
    }

    private mutating func appendWithPathIDs(
        _ block: NLRIBlock,
        in body: Span<UInt8>
    ) -> (first: IPPrefix, count: Int)? {
        var strange: (first: IPPrefix, count: Int)?
        var offset = block.range.lowerBound
        while offset < block.range.upperBound {
            let pathID = NLRI.readPathID(from: body, at: &offset)
            let prefix = NLRI.read(block.family, from: body, at: &offset)
            if prefix.canBeRouted {
                prefixes.append(prefix)
                pathIDs.append(pathID)
            } else {
                strange = (strange?.first ?? prefix, (strange?.count ?? 0) + 1)
            }
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
        let id = Self.routingID(neighbor.number)
        let second = routeSecond
        var overflow: (first: IPPrefix, count: Int)?
        if routes.pathIDs.isEmpty {
            table.announce(routes.prefixes.span, routes.runs.span, from: id, now: second)
        } else {
            overflow = announceWithPathIDs(routes, from: id, now: second)
        }
        for run in routes.runs {
            store.release(run.effective)
            store.release(run.received)
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

    /// Stores routes with path identifiers; which were too many of one prefix.
    private func announceWithPathIDs(
        _ routes: ArrivingRoutes,
        from neighbor: NeighborID,
        now second: UInt32
    ) -> (first: IPPrefix, count: Int)? {
        var overflow: (first: IPPrefix, count: Int)?
        var start = 0
        for run in routes.runs {
            for place in start..<run.end {
                let change = routing.announce(
                    routes.prefixes[place],
                    from: neighbor,
                    pathID: routes.pathIDs[place],
                    received: run.received,
                    effective: run.effective,
                    flags: run.flags,
                    now: second
                )
                guard change.kind == .beyondLimit else { continue }
                overflow = (overflow?.first ?? routes.prefixes[place], (overflow?.count ?? 0) + 1)
            }
            start = run.end
        }
        return overflow
    }
}
