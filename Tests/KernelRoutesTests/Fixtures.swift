import Addressing
import KernelRoutes
import Testing
import Timekeeping

func prefix(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(text: text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text: text) else { preconditionFailure("\(text) is no address") }
    return address
}

func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

func hops(_ gateway: String, _ interface: UInt32 = 0) -> NextHopSet {
    NextHopSet(gateway: address(gateway), interface: interface)
}

/// A route of our mark.
func ours(_ text: String, _ set: NextHopSet) -> KernelRoute {
    KernelRoute(prefix: prefix(text), protocolNumber: 186, metric: 186, nextHopSet: set)
}

/// A static route of metric 0 unless told otherwise.
func foreign(_ text: String, _ set: NextHopSet, _ number: UInt8 = 4, metric: UInt32 = 0)
    -> KernelRoute
{
    KernelRoute(prefix: prefix(text), protocolNumber: number, metric: metric, nextHopSet: set)
}

/// A connected route on an interface.
func connected(_ text: String, _ interface: UInt32) -> KernelRoute {
    foreign(text, NextHopSet([KernelNextHop(gateway: nil, interface: interface)]), 2)
}

func link(_ index: UInt32, _ name: String, isUp: Bool = true) -> Interface {
    Interface(
        index: index,
        name: name,
        flags: (isUp ? 0x1043 : 0x1002) | (name == "lo" ? 0x8 : 0),
        operationalState: isUp ? .up : .down,
        mtu: 1500
    )
}

extension KernelRoutes {
    /// Goes through a reading that names these.
    mutating func read(
        _ routes: [KernelRoute],
        links: [Interface] = [],
        at time: Instant = .zero,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard let dump = takeRequestedDump(now: time) else {
            Issue.record("no reading was asked for", sourceLocation: sourceLocation)
            return
        }
        handle(.dumpBegan(dump), now: time)
        for link in links { handle(.linkChanged(link), now: time) }
        handle(.dumpRoutes(routes), now: time)
        handle(.dumpEnded(dump, isComplete: true), now: time)
    }

    mutating func want(_ text: String, _ set: NextHopSet) {
        let id = intern(set)
        want(prefix(text), id)
        release(id)
    }

    /// The changes that are to be sent now, in words.
    mutating func changes(limit: Int = 100) -> [String] {
        var changes: [KernelChange] = []
        takeChanges(limit: limit, into: &changes)
        return changes.map { change in
            let gateway = change.route.nextHopSet.first?.gateway.map { " via \($0)" } ?? ""
            let shown = change.operation == .delete ? "" : gateway
            return "\(change.sequence) \(change.operation) \(change.route.prefix)\(shown)"
        }
    }

    func state(_ text: String) -> KernelRouteState? { state(of: prefix(text)) }
}
