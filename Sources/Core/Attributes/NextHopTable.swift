package import Addressing
import Tables

/// A next hop as attributes carry it.
package struct NextHop: Hashable, Sendable, BitwiseCopyable {
    /// The address; of the 32-octet form of RFC 2545 the global one.
    package var address: IPAddress
    /// The link-local address of the 32-octet form.
    package var linkLocal: IPAddress?

    /// The next hop with that address and, from the 32-octet form, that link-local one.
    @inlinable
    package init(_ address: IPAddress, linkLocal: IPAddress? = nil) {
        self.address = address
        self.linkLocal = linkLocal
    }
}

/// What the kernel's own routes say about a next hop.
package struct NextHopState: Hashable, Sendable, BitwiseCopyable {
    /// Paths through it are eligible.
    package var isReachable: Bool
    /// The true next hop: the gateway of the resolving route, or the address itself on a connected network.
    package var gateway: IPAddress
    /// The interface towards it; 0 where none.
    package var interface: UInt32
    /// The metric of the resolving route, for D1 step 8.
    package var metric: UInt32

    /// A state with all its parts.
    @inlinable
    package init(isReachable: Bool, gateway: IPAddress, interface: UInt32 = 0, metric: UInt32 = 0) {
        self.isReachable = isReachable
        self.gateway = gateway
        self.interface = interface
        self.metric = metric
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
package struct NextHopTable: ~Copyable {
    package init() {}

    /// True while ``takeNews()`` would give something: look after interning, before routes are announced.
    package var hasNews: Bool { false }

    /// The next hop that came or went since the last call, one a call; nil when there is no more.
    package mutating func takeNews() -> NextHopNews? { nil }

    /// The next hop with that number.
    package func nextHop(_ id: NextHopID) -> NextHop { fatalError() }

    /// What is known about a next hop.
    package func state(_ id: NextHopID) -> NextHopState { fatalError() }

    /// Stores what is known about a next hop; true where that is a change.
    ///
    /// For a next hop that came with this message, before its routes are announced. Later changes go
    /// through the routing tables, which decide again what depends on it.
    @discardableResult
    package mutating func resolve(_ id: NextHopID, _ state: NextHopState) -> Bool { false }

    /// How many next hops are in use.
    package var count: Int { 0 }

    /// Visits every next hop in use, in order of number.
    package func forEach(_ visit: (NextHopID, NextHop, NextHopState) -> Void) {}
}

/// A next hop that attribute sets have begun or ceased to use.
package enum NextHopNews: Equatable, Sendable {
    /// In use from now on; unreachable until it is resolved.
    case appeared(NextHopID, NextHop)
    /// No longer in use; its number may come back for another one.
    case vanished(NextHopID)
}
