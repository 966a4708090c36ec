import Addressing
import FuzzInput
import KernelRoutes
import Timekeeping

@testable import Netlink

/// A datagram of rtnetlink: decoded, believed by our picture of the kernel, and what was decoded written again.
///
/// The first octet says whether it is a part of a reading that was asked for, and whether we have started.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzNetlink(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        let choice = input.octet()
        let datagram = input.rest()
        var events: [KernelEvent] = []
        NetlinkDecoder.forEachMessage(in: datagram.span) { header, message in
            if case .route(let route) = message { writeAgain(route) }
            guard let event = KernelWorker.event(header, message) else { return }
            if choice & 1 != 0, case .routeChanged(let route, _) = event {
                events.append(.dumpRoutes([route]))
            } else {
                events.append(event)
            }
        }
        believe(events, isReading: choice & 1 != 0, isTorn: choice & 2 != 0)
    }
}

/// A route that the kernel told goes back to it with the same prefix, table, mark and type.
private func writeAgain(_ route: KernelRoute) {
    var encoder = NetlinkEncoder(capacity: 256)
    encoder.append(KernelChange(sequence: 1, operation: .add, route: route))
    encoder.acknowledgeLast()
    var messages: [NetlinkMessage] = []
    NetlinkDecoder.forEachMessage(in: encoder.bytes.span) { messages.append($1) }
    guard messages.count == 1, case .route(let again) = messages[0] else {
        fatalError("a route is written as \(messages)")
    }
    let isSame =
        again.prefix == route.prefix && again.table == route.table && again.metric == route.metric
        && again.protocolNumber == route.protocolNumber
        && again.typeOfService == route.typeOfService
        && again.nextHopSet.type == route.nextHopSet.type
    require(isSame, "a route reads back as another: \(route), \(again)")
}

/// Lets our picture of the kernel take the events, with a route of ours and a next hop that is watched in it.
private func believe(_ events: [KernelEvent], isReading: Bool, isTorn: Bool) {
    var kernel = KernelRoutes(ownership: KernelOwnership(), qualification: [.bgp], seed: 1)
    let gateway = IPAddress(ipv4: 0x0A00_0002)
    _ = kernel.watch(TrackedNextHop(gateway))
    let set = kernel.intern(NextHopSet(gateway: gateway, interface: 3))
    kernel.want(IPPrefix(ipv4: 0xC000_0200, length: 24), set)
    var now = Instant.zero + .seconds(1)
    let dump = isReading ? kernel.takeRequestedDump(now: now) : nil
    if let dump { kernel.handle(.dumpBegan(dump), now: now) }
    for event in events { kernel.handle(event, now: now) }
    if let dump { kernel.handle(.dumpEnded(dump, isComplete: !isTorn), now: now) }
    kernel.firstConvergenceReached()
    var changes: [KernelChange] = []
    for _ in 0..<8 {
        now = now + .milliseconds(700)
        while kernel.work(units: 64, now: now) {}
        kernel.takeChanges(limit: 64, into: &changes)
    }
    for change in changes {
        require(kernel.ownership.owns(change.route), "\(change) concerns a route of somebody else")
    }
    _ = kernel.takeChangedNextHops()
    _ = kernel.takeReports()
    _ = kernel.lookUp(gateway)
    _ = kernel.routes(of: IPPrefix(ipv4: 0xC000_0200, length: 24))
}
