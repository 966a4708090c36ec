public import Addressing
import Tables

/// A next hop as attributes carry it.
@usableFromInline
package struct NextHop: Hashable, Sendable, BitwiseCopyable {
    /// The address; of the 32-octet form of RFC 2545 the global one.
    @usableFromInline package var address: IPAddress
    /// The link-local address of the 32-octet form.
    @usableFromInline package var linkLocal: IPAddress?

    /// The next hop with that address and, from the 32-octet form, that link-local one.
    @inlinable
    package init(_ address: IPAddress, linkLocal: IPAddress? = nil) {
        self.address = address
        self.linkLocal = linkLocal
    }
}

/// What the kernel's own routes say about a next hop.
@usableFromInline
package struct NextHopState: Hashable, Sendable, BitwiseCopyable {
    /// Paths through it are eligible.
    @usableFromInline package var isReachable: Bool
    /// The true next hop: the gateway of the resolving route, or the address itself on a connected network.
    @usableFromInline package var gateway: IPAddress
    /// The interface towards it; 0 where none.
    @usableFromInline package var interface: UInt32
    /// The metric of the resolving route, for D1 step 8.
    @usableFromInline package var metric: UInt32
    /// Another number whenever the way there has changed in something that is not told here.
    @usableFromInline package var version: UInt32

    /// A state with all its parts.
    @inlinable
    package init(
        isReachable: Bool,
        gateway: IPAddress,
        interface: UInt32 = 0,
        metric: UInt32 = 0,
        version: UInt32 = 0
    ) {
        self.isReachable = isReachable
        self.gateway = gateway
        self.interface = interface
        self.metric = metric
        self.version = version
    }

    /// What a next hop starts with: not reachable until somebody resolves it.
    @inlinable
    package static func unresolved(_ nextHop: NextHop) -> NextHopState {
        NextHopState(isReachable: false, gateway: nextHop.address)
    }
}

/// Next hops of interned attribute sets, each once, with what resolves it.
///
/// Which next hops have come and gone is kept as news until somebody takes it, and a number is not used
/// again before that: whoever follows the news can keep state by number.
@usableFromInline
package struct NextHopTable: ~Copyable {
    /// A row; for this room and inlining only.
    @usableFromInline
    package struct Row {
        @usableFromInline package var nextHop: NextHop
        @usableFromInline package var state: NextHopState
        /// Attribute sets that carry it.
        package var references: UInt32
        /// Its news waits to be taken.
        package var isListed: Bool
        /// It was reported as appeared.
        package var isKnown: Bool
    }

    /// The rows; for this room and inlining only.
    @usableFromInline package var rows: [Row] = []
    private var freeRows: [UInt32] = []
    private var index = RowIndex()
    private var news: [UInt32] = []
    /// The number that was asked for last: most sets that come together have one next hop.
    private var last: UInt32 = 0

    private let keys: HashKeys

    /// An empty table that hashes with those keys.
    init(keys: HashKeys) {
        self.keys = keys
    }

    /// True while ``takeNews()`` would give something: look after interning, before routes are announced.
    package var hasNews: Bool { !news.isEmpty }

    /// The next hop that came or went since the last call, one a call; nil when there is no more.
    package mutating func takeNews() -> NextHopNews? {
        while let number = news.popLast() {
            let position = Int(number)
            rows[position].isListed = false
            if rows[position].references > 0 {
                if rows[position].isKnown { continue }
                rows[position].isKnown = true
                return .appeared(NextHopID(row: number), rows[position].nextHop)
            }
            index.remove(number, hash: Self.hash(rows[position].nextHop, keys))
            freeRows.append(number)
            if rows[position].isKnown {
                rows[position].isKnown = false
                return .vanished(NextHopID(row: number))
            }
        }
        return nil
    }

    /// The next hop with that number.
    @inlinable
    package func nextHop(_ id: NextHopID) -> NextHop { rows[Int(id.row)].nextHop }

    /// What is known about a next hop.
    @inlinable
    package func state(_ id: NextHopID) -> NextHopState { rows[Int(id.row)].state }

    /// Stores what is known about a next hop; true where that is a change.
    ///
    /// For a next hop that came with this message, before its routes are announced. Later changes go
    /// through the routing tables, which decide again what depends on it.
    @discardableResult
    package mutating func resolve(_ id: NextHopID, _ state: NextHopState) -> Bool {
        if rows[Int(id.row)].state == state { return false }
        rows[Int(id.row)].state = state
        return true
    }

    /// How many next hops are in use.
    package var count: Int { rows.count - freeRows.count }

    /// Bytes that rows and index take.
    package var byteCount: Int { rows.count * MemoryLayout<Row>.stride + index.byteCount }

    /// Visits every next hop that is in use or whose going is not told yet, in order of number.
    package func forEach(_ visit: (NextHopID, NextHop, NextHopState) -> Void) {
        for (number, row) in rows.enumerated() where row.references > 0 || row.isKnown {
            visit(NextHopID(row: UInt32(number)), row.nextHop, row.state)
        }
    }

    /// The number of a next hop, with one more reference.
    mutating func intern(_ nextHop: NextHop) -> NextHopID {
        if last < rows.count, rows[Int(last)].references > 0, rows[Int(last)].nextHop == nextHop {
            rows[Int(last)].references += 1
            return NextHopID(row: last)
        }
        let hash = Self.hash(nextHop, keys)
        if let found = index.find(hash: hash, where: { rows[Int($0)].nextHop == nextHop }) {
            rows[Int(found)].references += 1
            last = found
            return NextHopID(row: found)
        }
        let row = Row(
            nextHop: nextHop,
            state: .unresolved(nextHop),
            references: 1,
            isListed: true,
            isKnown: false
        )
        let number: UInt32
        if let free = freeRows.popLast() {
            number = free
            rows[Int(free)] = row
        } else {
            number = UInt32(rows.count)
            rows.append(row)
        }
        index.insert(number, hash: hash) { Self.hash(rows[Int($0)].nextHop, keys) }
        news.append(number)
        return NextHopID(row: number)
    }

    /// Gives one reference back.
    mutating func release(_ id: NextHopID) {
        if id == .none { return }
        let position = Int(id.row)
        rows[position].references -= 1
        if rows[position].references == 0, !rows[position].isListed {
            rows[position].isListed = true
            news.append(id.row)
        }
    }

    private static func hash(_ nextHop: NextHop, _ keys: HashKeys) -> UInt64 {
        let address = nextHop.address
        let linkLocal = nextHop.linkLocal.map { keys.hash($0.high, $0.low) } ?? 0
        return keys.hash(address.high ^ linkLocal, address.low, with: address.family.rawValue)
    }
}

/// A next hop that attribute sets have begun or ceased to use.
package enum NextHopNews: Equatable, Sendable {
    /// In use from now on; unreachable until it is resolved.
    case appeared(NextHopID, NextHop)
    /// No longer in use; its number may come back for another one.
    case vanished(NextHopID)
}
