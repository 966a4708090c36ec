import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Speaker
import Testing
import Timekeeping

/// A speaker with everything around it held by the test: octets in and out, time, and a kernel that does as it is told.
final class DrivenRouter {
    /// A neighbor's side.
    struct Side {
        /// Its connection, where it has one.
        var connection: ConnectionID?
        /// Octets that the speaker has not taken yet.
        var unread: [UInt8] = []
        /// The speaker has routes for it.
        var waits = false
        /// What it was sent and not told to forget.
        var table: [PlainNLRI: PlainAttributes] = [:]
        var endsOfRIB: [AddressFamily] = []
    }

    let neighbors: [PlainNeighbor]
    let speaker: Speaker
    private(set) var sides: [Side]
    /// Our routes in the kernel.
    private(set) var kernel: [IPPrefix: KernelRoute] = [:]
    /// The kernel's own routes.
    private var foreign = Ways.all.map(\.route)
    /// What nobody may do, in words.
    private(set) var faults: [String] = []

    private var now = Instant.zero
    private var connectionCount: UInt64 = 0

    init(_ neighbors: [PlainNeighbor], _ policy: PlainPolicy) throws {
        self.neighbors = neighbors
        sides = neighbors.map { _ in Side() }
        speaker = Speaker(
            configuration: try Self.configuration(neighbors, policy),
            environment: SpeakerEnvironment(
                seed: 1,
                version: "tested",
                hostName: "r1",
                processID: 1,
                configurationPath: "r1.conf",
                socketPath: "",
                kernelOffReason: nil,
                routerID: PlainRouter.ownAddress
            ),
            now: now,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.start()
    }

    private static func configuration(
        _ neighbors: [PlainNeighbor],
        _ policy: PlainPolicy
    ) throws -> Configuration {
        let text =
            (["AS \(PlainRouter.ownAS)", "router-id \(PlainRouter.ownAddress)", policy.statements]
            + neighbors.map(\.statements) + policy.rules.map { $0.text(neighbors) })
            .joined(separator: "\n") + "\n"
        let reading = Configuration.read(file: "r1.conf") { _ throws(UnreadableFile) in
            Array(text.utf8)
        }
        return try #require(reading.configuration, "\(reading.diagnostics)\n\(text)")
    }

    // MARK: What happens to it

    /// A second passes.
    func wait() {
        now = now + .seconds(1)
        speaker.beginTurn(now: now, wall: WallTime(nanoseconds: now.nanoseconds))
        speaker.timers()
        follow()
    }

    func reload(_ policy: PlainPolicy) throws {
        let refused = speaker.reload(try Self.configuration(neighbors, policy), reason: "")
        if !refused.isEmpty { faults.append("only a restart changes \(refused)") }
        follow()
    }

    /// The neighbor connects, and the session comes up; a session that there is ends for it.
    func connect(_ number: Int, preserved: Set<AddressFamily> = []) {
        connectionCount += 1
        let id = ConnectionID(connectionCount)
        let neighbor = neighbors[number]
        let ended = sides[number].connection
        speaker.connectionArrived(
            id,
            local: Endpoint(address: PlainRouter.ownAddress, port: 179),
            remote: Endpoint(address: neighbor.address, port: 40_000)
        )
        sides[number] = Side(connection: id)
        follow(expecting: ended)
        var greeting: [UInt8] = []
        OpenMessage(
            twoOctetAS: UInt16(exactly: neighbor.autonomousSystem) ?? 23456,
            holdTime: 0,
            identifier: neighbor.identifier,
            capabilities: neighbor.capabilities(preserved: preserved)
        ).encode(to: &greeting)
        deliver(greeting + PlainUpdate.message(4, []), from: number, ending: ended)
    }

    /// The neighbor's connection breaks.
    func disconnect(_ number: Int) {
        guard let id = sides[number].connection else { return }
        sides[number] = Side()
        speaker.connectionClosed(id, .failed(errno: 104))
        follow()
    }

    /// The operator clears the session, which ends its connection.
    func clear(_ number: Int) {
        let ended = sides[number].connection
        sides[number] = Side()
        let selector = NeighborSelector.address(neighbors[number].address)
        let request = NeighborActionRequest(selector, .clear(reason: ""))
        _ = speaker.answer(request.question)
        follow(expecting: ended)
    }

    /// The neighbor ends the session by a NOTIFICATION.
    func notify(_ number: Int, code: UInt8, subcode: UInt8) {
        let ended = sides[number].connection
        deliver(PlainUpdate.message(3, [code, subcode]), from: number, ending: ended)
        sides[number] = Side()
    }

    /// Octets arrive from a neighbor.
    func deliver(_ bytes: [UInt8], from number: Int, ending ended: ConnectionID? = nil) {
        guard let id = sides[number].connection else { return }
        sides[number].unread += bytes
        let waiting = sides[number].unread
        let used = speaker.received(waiting.span, on: id)
        sides[number].unread.removeFirst(used)
        speaker.inputRead(id, drained: .drained, left: 0)
        follow(expecting: ended)
    }

    /// The kernel's way to a network goes or comes.
    func setWay(_ route: KernelRoute, isThere: Bool) {
        foreign.removeAll { $0 == route }
        if isThere { foreign.append(route) }
        speaker.kernelEvents(
            [isThere ? .routeChanged(route, isReplacement: false) : .routeDeleted(route)]
        )
        follow()
    }

    // MARK: What it does

    /// Does some of what is left to do in the background; true where there is more.
    @discardableResult
    func work(units: Int) -> Bool {
        let hasMore = speaker.work(units: units)
        follow()
        return hasMore
    }

    /// Sends a neighbor about that many octets of routes.
    func write(_ number: Int, limit: Int) {
        guard sides[number].waits, let id = sides[number].connection else { return }
        var output: [UInt8] = []
        sides[number].waits = speaker.produceOutput(for: id, into: &output, limit: limit)
        speaker.outputProgressed(id, pending: 0)
        follow()
        read(output, number)
    }

    /// Everything is done that is left to do.
    func settle() {
        var isMoving = true
        while isMoving {
            isMoving = work(units: 256)
            for number in sides.indices {
                while sides[number].waits {
                    write(number, limit: 65_536)
                    isMoving = true
                }
            }
            if tendKernel() { isMoving = true }
        }
    }

    /// Does what the speaker asks of the kernel; true where it asked for something.
    func tendKernel() -> Bool {
        var events: [KernelEvent] = []
        if let dump = speaker.takeKernelDump() {
            events =
                [.dumpBegan(dump)] + Ways.links + [.dumpRoutes(foreign + kernel.values)]
                + [.dumpEnded(dump, isComplete: true)]
        }
        var changes: [KernelChange] = []
        speaker.takeKernelChanges(limit: 1024, into: &changes)
        for change in changes {
            let prefix = change.route.prefix
            kernel[prefix] = change.operation == .delete ? nil : change.route
        }
        if let last = changes.last { events.append(.acknowledged(through: last.sequence)) }
        if events.isEmpty { return false }
        speaker.kernelEvents(events)
        follow()
        return true
    }

    private func follow(expecting ended: ConnectionID? = nil) {
        for effect in speaker.takeEffects() {
            switch effect {
            case .outputWaiting(let id):
                if let number = side(id) { sides[number].waits = true }
            case .close(let id), .abort(let id):
                if id != ended, side(id) != nil { faults.append("ends a session by itself") }
            case .connect, .cancelConnect, .admit, .send, .event, .stopped:
                break
            }
        }
    }

    private func side(_ id: ConnectionID) -> Int? { sides.firstIndex { $0.connection == id } }

    // MARK: What neighbors hear

    private func read(_ bytes: [UInt8], _ number: Int) {
        var rest = bytes[...]
        while rest.count >= 19 {
            let length = Int(PlainUpdate.number(rest.dropFirst(16).prefix(2)))
            let message = rest.prefix(length)
            rest = rest.dropFirst(length)
            if message.dropFirst(18).first != 2 { faults.append("writes what is no UPDATE") }
            hear(PlainUpdate(body: message.dropFirst(19), neighbors[number].sentForm), number)
        }
        if !rest.isEmpty { faults.append("writes half a message") }
    }

    private func hear(_ update: PlainUpdate, _ number: Int) {
        let families = neighbors[number].families
        for nlri in update.withdrawn where sides[number].table.removeValue(forKey: nlri) == nil {
            faults.append("withdraws \(nlri), which neighbor \(number) does not have")
        }
        for nlri in update.announced {
            if !families.contains(nlri.prefix.family) {
                faults.append("tells neighbor \(number) of \(nlri)")
            }
            sides[number].table[nlri] = update.attributes
        }
        if let family = update.endOfRIB { sides[number].endsOfRIB.append(family) }
    }

    // MARK: What it says

    func ask<Request: ControlRequest>(_ request: Request) -> Request.Answer? {
        Request.answer(in: speaker.answer(request.question))
    }
}

/// The networks in which next hops are, and the kernel's routes to them.
struct Ways {
    var route: KernelRoute
    /// Nil where the network is connected.
    var gateway: IPAddress?
    /// It comes and goes.
    var isShaky = false

    /// Two links with our addresses.
    static let links: [KernelEvent] =
        [2, 3].map { index in
            .linkChanged(
                Interface(
                    index: index,
                    name: "eth\(index)",
                    flags: 0x41,
                    operationalState: .up,
                    mtu: 1500
                )
            )
        } + [
            address(2, PlainRouter.ownAddress, 24), address(2, PlainRouter.ownIPv6Address, 64),
            address(3, IPAddress(ipv4: 0x0A09_0001), 24),
        ]

    private static func address(_ interface: UInt32, _ address: IPAddress, _ length: UInt8)
        -> KernelEvent
    {
        .addressChanged(
            InterfaceAddress(interface: interface, address: address, prefixLength: length)
        )
    }

    /// The neighbors' link, another link, and a network behind a router on the first.
    static let all = [
        Ways(PlainRouter.link, protocolNumber: 2, KernelNextHop(gateway: nil, interface: 2)),
        Ways(
            IPPrefix(PlainRouter.ownIPv6Address, length: 64),
            protocolNumber: 2,
            KernelNextHop(gateway: nil, interface: 2)
        ),
        Ways(
            IPPrefix(ipv4: 0x0A09_0000, length: 24),
            protocolNumber: 2,
            KernelNextHop(gateway: nil, interface: 3),
            isShaky: true
        ),
        Ways(
            IPPrefix(ipv4: 0x0A05_0000, length: 24),
            protocolNumber: 4,
            KernelNextHop(gateway: IPAddress(ipv4: 0x0A00_00FE), interface: 2),
            isShaky: true
        ),
    ]

    private init(
        _ network: IPPrefix,
        protocolNumber: UInt8,
        _ nextHop: KernelNextHop,
        isShaky: Bool = false
    ) {
        gateway = nextHop.gateway
        self.isShaky = isShaky
        route = KernelRoute(
            prefix: network,
            protocolNumber: protocolNumber,
            metric: 0,
            nextHopSet: NextHopSet([nextHop])
        )
    }
}
