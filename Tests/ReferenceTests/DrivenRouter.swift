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
    let neighbors: [PlainNeighbor]
    let speaker: Speaker
    private(set) var sides: [NeighborSide]
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
        sides = neighbors.map { _ in NeighborSide() }
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
            + neighbors.enumerated().map { $1.statements(policy.statements(of: $0)) }
            + policy.rules.map { $0.text(neighbors) })
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
    func connect(_ number: Int, _ restart: PlainRestart? = nil) {
        connectionCount += 1
        let id = ConnectionID(connectionCount)
        let neighbor = neighbors[number]
        let ended = sides[number].connection
        speaker.connectionArrived(
            id,
            local: Endpoint(address: PlainRouter.ownAddress, port: 179),
            remote: Endpoint(address: neighbor.address, port: 40_000)
        )
        sides[number] = NeighborSide(connection: id)
        follow(expecting: ended)
        var greeting: [UInt8] = []
        OpenMessage(
            twoOctetAS: UInt16(exactly: neighbor.autonomousSystem) ?? 23456,
            holdTime: 0,
            identifier: neighbor.identifier,
            capabilities: neighbor.capabilities(restart)
        ).encode(to: &greeting)
        deliver(greeting + PlainUpdate.message(4, []), from: number, ending: ended)
    }

    /// The neighbor's connection breaks.
    func disconnect(_ number: Int) {
        guard let id = sides[number].connection else { return }
        sides[number] = NeighborSide()
        speaker.connectionClosed(id, .failed(errno: 104))
        follow()
    }

    /// The operator clears the session, which ends its connection.
    func clear(_ number: Int) {
        let ended = sides[number].connection
        sides[number] = NeighborSide()
        let selector = NeighborSelector.address(neighbors[number].address)
        let request = NeighborActionRequest(selector, .clear(reason: ""))
        _ = speaker.answer(request.question)
        follow(expecting: ended)
    }

    /// The neighbor ends the session by a NOTIFICATION.
    func notify(_ number: Int, code: UInt8, subcode: UInt8) {
        let ended = sides[number].connection
        deliver(PlainUpdate.message(3, [code, subcode]), from: number, ending: ended)
        sides[number] = NeighborSide()
    }

    /// The neighbor wants everything again (RFC 2918).
    func refresh(_ number: Int) {
        for family in neighbors[number].families {
            sides[number].ask(for: family)
            deliver(PlainUpdate.refresh(family, subtype: 0), from: number)
        }
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
        faults += sides[number].read(output, neighbors[number])
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

    // MARK: What it says

    func ask<Request: ControlRequest>(_ request: Request) -> Request.Answer? {
        Request.answer(in: speaker.answer(request.question))
    }
}
