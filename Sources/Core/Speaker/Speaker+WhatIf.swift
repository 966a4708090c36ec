import Addressing
import Control
import Routing

/// What would become of the best paths if a neighbor went down or came up.
///
/// Every prefix of which the neighbor has a path is decided without its paths, by the decision process itself.
extension Speaker {
    /// Prefixes that a slice looks at.
    private static let whatIfSlice = 1024

    func whatIf(_ request: WhatIfRequest) -> Reply {
        let chosen = select(request.neighbor)
        guard let neighbor = chosen.first else { return .refused(.noSuchNeighbor) }
        guard chosen.count == 1, !neighbor.isTemplate else { return .refused(.notSupported) }
        let id = Self.routingID(neighbor.number)
        var slice = WhatIfSlice(neighbor: neighbor.number)
        slice.generation = routing.ipv4.bestChanges &+ routing.ipv6.bestChanges
        slice.prefixCount = UInt64(pathCount(of: neighbor.number))
        // What is kept of a neighbor that is down takes part in the decision as it will when it comes again.
        if request.change == .down { look(&slice, at: id, request) }
        return .whatIf(slice)
    }

    private func look(_ slice: inout WhatIfSlice, at id: NeighborID, _ request: WhatIfRequest) {
        let limit = Int(min(request.limit, 4096))
        var moves: [NeighborNumber: UInt64] = [:]
        var left = Self.whatIfSlice
        families: for family in AddressFamily.allCases {
            var start = PageStart.first
            if let after = request.after {
                if family.rawValue < after.family.rawValue { continue }
                if family == after.family { start = .after(after) }
            }
            let page = routing.page(
                family,
                of: .neighbor(id),
                from: start,
                limit: left,
                scanLimit: 2 * Self.whatIfSlice
            )
            if page.progress < 1 {
                slice.isPreparing = true
                return
            }
            for prefix in page.prefixes {
                slice.looked += 1
                left -= 1
                note(routing.departure(prefix, family, of: id), of: prefix, family) { row in
                    if let to = row.to {
                        moves[to, default: 0] += 1
                    } else {
                        slice.unreachable += 1
                    }
                    if slice.rows.count < limit { slice.rows.append(row) }
                }
                if left == 0 || limit > 0 && slice.rows.count == limit {
                    slice.next = routing.prefix(prefix, family)
                    break families
                }
            }
            if let resume = page.resume {
                slice.next = resume
                break
            }
        }
        slice.moves = moves.map { WhatIfSlice.Destination(neighbor: $0.key, count: $0.value) }
            .sorted { $0.neighbor.value < $1.neighbor.value }
    }

    private func note(
        _ departure: Departure,
        of prefix: PrefixID,
        _ family: AddressFamily,
        _ take: (WhatIfRow) -> Void
    ) {
        func row(_ from: NeighborID, _ to: NeighborID?) -> WhatIfRow {
            WhatIfRow(
                prefix: routing.prefix(prefix, family),
                from: Self.neighborNumber(from),
                to: to.map { Self.neighborNumber($0) }
            )
        }
        switch departure {
        case .nothing: break
        case .moved(let from, let to): take(row(from, to))
        case .unreachable(let from): take(row(from, nil))
        }
    }
}
