package import Addressing

/// Asks what would become of the best paths if a neighbor went down or came up; nothing is changed.
///
/// The answer comes in slices: ask again from where the last one ended, and add them up with ``WhatIfResult``.
package struct WhatIfRequest: ControlRequest {
    package var neighbor: NeighborSelector
    package var change: Change
    /// Where the slice before this one ended.
    package var after: IPPrefix?
    /// Prefixes wanted by name at most; a slice without any only counts.
    package var limit: UInt32

    package init(
        _ neighbor: NeighborSelector,
        _ change: Change,
        after: IPPrefix? = nil,
        limit: UInt32
    ) {
        self.neighbor = neighbor
        self.change = change
        self.after = after
        self.limit = limit
    }

    package var question: Question { .whatIf(self) }

    package static func answer(in reply: Reply) -> WhatIfSlice? {
        guard case .whatIf(let answer) = reply else { return nil }
        return answer
    }

    package enum Change: UInt8, Hashable, Sendable {
        /// Its session ends and all its routes are gone.
        case down
        /// Its session comes up and it sends what it last sent, as far as that is kept.
        case up
    }
}

/// What a part of a neighbor's prefixes would see.
package struct WhatIfSlice: Hashable, Sendable {
    package var neighbor: NeighborNumber
    /// Prefixes of which the neighbor has a path now.
    package var prefixCount: UInt64 = 0
    /// Of these, looked at in this slice.
    package var looked: UInt64 = 0
    /// Prefixes that would move to a path of another neighbor, by that neighbor.
    package var moves: [Destination] = []
    /// Prefixes that would have no path any more.
    package var unreachable: UInt64 = 0
    /// Those that move or become unreachable, in order, as many as were asked for.
    package var rows: [WhatIfRow] = []
    /// The last prefix that was looked at; nil at the end.
    package var next: IPPrefix?
    /// True while the order of the table is still being made; ask again.
    package var isPreparing = false
    /// Changes with every best path that changes: slices of different tables do not add up.
    package var generation: UInt64 = 0

    package init(neighbor: NeighborNumber) { self.neighbor = neighbor }

    package struct Destination: Hashable, Sendable {
        package var neighbor: NeighborNumber
        package var count: UInt64

        package init(neighbor: NeighborNumber, count: UInt64) {
            self.neighbor = neighbor
            self.count = count
        }
    }
}

/// A prefix whose best path would be another one.
package struct WhatIfRow: Hashable, Sendable {
    package var prefix: IPPrefix
    /// Whose path is the best one now.
    package var from: NeighborNumber
    /// Whose path it would be; nil where there is none.
    package var to: NeighborNumber?

    package init(prefix: IPPrefix, from: NeighborNumber, to: NeighborNumber?) {
        self.prefix = prefix
        self.from = from
        self.to = to
    }
}

/// The slices of an answer, added up as they come.
package struct WhatIfResult: Hashable, Sendable {
    package let neighbor: NeighborSelector
    package let change: WhatIfRequest.Change
    /// Rows that are kept at most.
    package let rowLimit: Int

    /// The number of the neighbor, once a slice has come.
    package private(set) var number: NeighborNumber?
    package private(set) var prefixCount: UInt64 = 0
    package private(set) var looked: UInt64 = 0
    package private(set) var unreachable: UInt64 = 0
    /// By neighbor, the largest share first.
    package private(set) var moves: [WhatIfSlice.Destination] = []
    package private(set) var rows: [WhatIfRow] = []
    package private(set) var isComplete = false
    /// True while the order of the table is still being made: to ask again at once is of no use.
    package var isPreparing = false
    /// True where best paths changed between the slices: the numbers are of no one moment.
    package private(set) var isMixed = false
    private var next: IPPrefix?
    private var generation: UInt64?

    package init(_ neighbor: NeighborSelector, _ change: WhatIfRequest.Change, rowLimit: Int) {
        self.neighbor = neighbor
        self.change = change
        self.rowLimit = rowLimit
    }

    /// Prefixes that would move to another path.
    package var moved: UInt64 { moves.reduce(0) { $0 + $1.count } }

    /// How much has been looked at, millionths.
    package var share: UInt32 {
        prefixCount == 0 ? 0 : UInt32(min(1_000_000, looked * 1_000_000 / prefixCount))
    }

    /// What would change if the neighbor came up, in words: nothing, or it is not known.
    package func wordsForUp(_ name: String, isUp: Bool) -> String {
        if isUp { return "\(name) is up: nothing changes" }
        if prefixCount == 0 {
            return "nothing of what \(name) last sent is kept: what would change is not known"
        }
        let count = NumberText.counted(prefixCount, "prefix")
        return "what \(name) last sent is kept (\(count)) and takes part already: nothing changes"
    }

    /// The question for the next slice; nil at the end.
    package var nextRequest: WhatIfRequest? {
        guard !isComplete else { return nil }
        let room = UInt32(clamping: rowLimit - rows.count)
        return WhatIfRequest(neighbor, change, after: next, limit: room)
    }

    /// Adds the answer to ``nextRequest``.
    package mutating func take(_ slice: WhatIfSlice) {
        number = slice.neighbor
        prefixCount = slice.prefixCount
        isPreparing = slice.isPreparing
        guard !slice.isPreparing else { return }
        if let generation, generation != slice.generation { isMixed = true }
        generation = slice.generation
        looked += slice.looked
        unreachable += slice.unreachable
        for move in slice.moves {
            if let place = moves.firstIndex(where: { $0.neighbor == move.neighbor }) {
                moves[place].count += move.count
            } else {
                moves.append(move)
            }
        }
        moves.sort { ($1.count, $0.neighbor.value) < ($0.count, $1.neighbor.value) }
        rows += slice.rows.prefix(rowLimit - rows.count)
        next = slice.next
        isComplete = slice.next == nil
    }
}
