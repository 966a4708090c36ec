package import Addressing
package import KernelRoutes
import Timekeeping

/// A machine's kernel: interfaces, addresses and routes as Linux keeps them, and what it tells the speaker.
///
/// What is asked for is done in order, each after a delay; what happens is told in the order in which it
/// happened. The routes outlive the speaker.
package struct SimulatedKernel {
    /// Something that was asked for and waits for its turn.
    private enum Work {
        case changes([KernelChange])
        case reading(KernelDump)
    }

    /// The interfaces in order of their index.
    package private(set) var interfaces: [Interface] = []
    package private(set) var addresses: [InterfaceAddress] = []
    /// Prefixes for which every addition and replacement is refused.
    package var refusals: [IPPrefix: KernelRefusal] = [:]

    /// The next reading is void; the next answers to changes are lost.
    var tearsReading = false
    var losesAnswers = false

    /// The index of the newest interface: none is given twice.
    private var lastIndex: UInt32 = 1
    private var table: [IPPrefix: [KernelRoute]] = [:]
    private var queue: [(due: Instant, work: Work)] = []
    private var news: [KernelEvent] = []

    init() {
        interfaces = [
            Interface(index: 1, name: "lo", flags: 0x49, operationalState: .unknown, mtu: 65536)
        ]
    }

    /// Every route, in order of prefix and metric.
    package var routes: [KernelRoute] {
        table.keys.sorted().flatMap { table[$0] ?? [] }
    }

    /// The routes of that prefix, the preferred first.
    package func routes(of prefix: IPPrefix) -> [KernelRoute] { table[prefix] ?? [] }

    // MARK: What the speaker asks for

    /// Asks for changes; they are done at that moment, or after what was asked before.
    mutating func submit(_ changes: [KernelChange], due: Instant) {
        queue.append((max(due, queue.last?.due ?? due), .changes(changes)))
    }

    /// Asks for a reading of everything.
    mutating func request(_ dump: KernelDump, due: Instant) {
        queue.append((max(due, queue.last?.due ?? due), .reading(dump)))
    }

    /// When the next work is due.
    var nextDue: Instant { queue.first?.due ?? .never }

    /// When the last work is due.
    var lastDue: Instant { queue.last?.due ?? .never }

    /// Does what is due.
    mutating func work(now: Instant) {
        while let next = queue.first, next.due <= now {
            queue.removeFirst()
            switch next.work {
            case .changes(let changes): apply(changes)
            case .reading(let dump): read(dump)
            }
        }
    }

    /// What there is to tell.
    mutating func takeNews() -> [KernelEvent] {
        defer { news = [] }
        return news
    }

    var hasNews: Bool { !news.isEmpty }

    /// The speaker is gone: nobody waits for an answer.
    mutating func forgetSpeaker() {
        queue = []
        news = []
    }

    private mutating func apply(_ changes: [KernelChange]) {
        guard let last = changes.last else { return }
        for change in changes {
            if let refusal = apply(change), !losesAnswers {
                news.append(.refused(sequence: change.sequence, refusal))
            }
        }
        news.append(
            losesAnswers
                ? .answersLost(through: last.sequence) : .acknowledged(through: last.sequence)
        )
        losesAnswers = false
    }

    private mutating func apply(_ change: KernelChange) -> KernelRefusal? {
        let route = change.route
        var here = table[route.prefix] ?? []
        let place = here.firstIndex { $0.metric == route.metric && $0.table == route.table }
        switch change.operation {
        case .add, .replace:
            if let refusal = refusals[route.prefix] ?? fault(of: route) { return refusal }
            if change.operation == .add, place != nil {
                return KernelRefusal(errno: 17, text: "File exists")
            }
            if let place { here[place] = route } else { here.append(route) }
        case .delete:
            let mine = here.firstIndex {
                $0.metric == route.metric && $0.table == route.table
                    && $0.protocolNumber == route.protocolNumber
            }
            guard let mine else { return KernelRefusal(errno: 3, text: "No such process") }
            here.remove(at: mine)
        }
        put(here, at: route.prefix)
        return nil
    }

    /// Why Linux would refuse the route's next hops.
    private func fault(of route: KernelRoute) -> KernelRefusal? {
        for hop in route.nextHopSet.nextHops {
            guard let link = interfaces.first(where: { $0.index == hop.interface }) else {
                return KernelRefusal(errno: 19, text: "Device for nexthop does not exist")
            }
            if !link.isUp { return KernelRefusal(errno: 100, text: "Nexthop device is not up") }
            if let gateway = hop.gateway, !isOnLink(gateway, of: link.index) {
                return KernelRefusal(errno: 101, text: "Nexthop has invalid gateway")
            }
        }
        return nil
    }

    private func isOnLink(_ gateway: IPAddress, of interface: UInt32) -> Bool {
        gateway.isLinkLocal
            || addresses.contains {
                $0.interface == interface
                    && IPPrefix($0.address, length: $0.prefixLength).contains(gateway)
            }
    }

    private mutating func read(_ dump: KernelDump) {
        news.append(.dumpBegan(dump))
        news += interfaces.map { .linkChanged($0) }
        news += addresses.map { .addressChanged($0) }
        news.append(.dumpRoutes(routes.filter { dump.tables.contains($0.table) }))
        news.append(.dumpEnded(dump, isComplete: !tearsReading))
        tearsReading = false
    }

    // MARK: What others do

    /// Somebody adds a route beside what is there, or puts it in the place of the same prefix and metric.
    mutating func put(_ route: KernelRoute) {
        var here = table[route.prefix] ?? []
        let place = here.firstIndex { $0.metric == route.metric && $0.table == route.table }
        if let place { here[place] = route } else { here.append(route) }
        put(here, at: route.prefix)
        news.append(.routeChanged(route, isReplacement: place != nil))
    }

    /// Somebody takes the first route of that prefix away which satisfies the condition; false where none does.
    @discardableResult
    mutating func remove(_ prefix: IPPrefix, where isMeant: (KernelRoute) -> Bool) -> Bool {
        var here = table[prefix] ?? []
        guard let place = here.firstIndex(where: isMeant) else { return false }
        let gone = here.remove(at: place)
        put(here, at: prefix)
        news.append(.routeDeleted(gone))
        return true
    }

    /// Notifications are lost: the speaker is told that, and nothing of what it had still to be told of others' routes.
    mutating func overrun() {
        news.removeAll { event in
            switch event {
            case .routeChanged, .routeDeleted: true
            case .dumpBegan, .dumpRoutes, .dumpEnded, .acknowledged, .refused, .answersLost,
                .overrun,
                .linkChanged, .linkDeleted, .addressChanged, .addressDeleted:
                false
            }
        }
        news.append(.overrun)
    }

    /// The machine was switched off: all that it remembers are its interfaces.
    mutating func loseRoutes() {
        table = [:]
        for link in interfaces where link.isUp { connect(link.index) }
        news = []
    }

    private mutating func put(_ routes: [KernelRoute], at prefix: IPPrefix) {
        table[prefix] = routes.isEmpty ? nil : routes.sorted { $0.metric < $1.metric }
    }
}

/// Interfaces: made, switched, and losing their carrier.
extension SimulatedKernel {
    /// Adds an interface that is up, with its addresses and their connected routes; the index that it got.
    mutating func addInterface(name: String, addresses own: [IPPrefix: IPAddress]) -> UInt32 {
        lastIndex += 1
        let index = lastIndex
        interfaces.append(
            Interface(index: index, name: name, flags: 0x43, operationalState: .up, mtu: 1500)
        )
        for (prefix, address) in own.sorted(by: { $0.key < $1.key }) {
            addresses.append(
                InterfaceAddress(interface: index, address: address, prefixLength: prefix.length)
            )
        }
        news += interfaces.suffix(1).map { .linkChanged($0) }
        news += addresses.suffix(own.count).map { .addressChanged($0) }
        connect(index)
        return index
    }

    /// The interface is taken out: its routes go as when it is switched off, then its addresses, then itself.
    mutating func removeInterface(_ index: UInt32) {
        setUp(index, false)
        for address in addresses where address.interface == index {
            news.append(.addressDeleted(address))
        }
        addresses.removeAll { $0.interface == index }
        interfaces.removeAll { $0.index == index }
        news.append(.linkDeleted(index))
    }

    /// The link has carrier again, or has lost it; routes stay.
    mutating func setCarrier(_ index: UInt32, _ isThere: Bool) {
        change(index) { link in
            link.flags = isThere ? link.flags | 0x40 : link.flags & ~0x40
            link.operationalState = isThere ? .up : .lowerLayerDown
        }
    }

    /// The operator switches an interface on or off.
    ///
    /// Off, the routes over it go: those of IPv6 with a word, those of IPv4 without one. On, only the
    /// connected routes come back.
    mutating func setUp(_ index: UInt32, _ isUp: Bool) {
        change(index) { $0.flags = isUp ? $0.flags | 0x1 : $0.flags & ~0x1 }
        if isUp { return connect(index) }
        for route in routes
        where route.nextHopSet.nextHops.contains(where: { $0.interface == index }) {
            put((table[route.prefix] ?? []).filter { $0 != route }, at: route.prefix)
            if route.prefix.family == .ipv6 { news.append(.routeDeleted(route)) }
        }
    }

    private mutating func change(_ index: UInt32, _ body: (inout Interface) -> Void) {
        guard let place = interfaces.firstIndex(where: { $0.index == index }) else { return }
        let before = interfaces[place]
        body(&interfaces[place])
        if interfaces[place] != before { news.append(.linkChanged(interfaces[place])) }
    }

    /// Puts in the connected routes; those of link-local addresses, one an interface, resolve nothing and are left out.
    private mutating func connect(_ index: UInt32) {
        for address in addresses
        where address.interface == index && !address.address.isLinkLocal {
            let isIPv4 = address.address.family == .ipv4
            put(
                KernelRoute(
                    prefix: IPPrefix(address.address, length: address.prefixLength),
                    protocolNumber: 2,
                    metric: isIPv4 ? 0 : 256,
                    scope: isIPv4 ? 253 : 0,
                    nextHopSet: NextHopSet([KernelNextHop(gateway: nil, interface: index)])
                )
            )
        }
    }
}
