import Addressing
import BGPSession
import BGPWire
import Control
import FuzzInput
import KernelRoutes
import Speaker
import Timekeeping

/// A speaker and what stands around it: a driver that keeps its promises, a kernel, and neighbors that need not.
final class World {
    let speaker: Speaker
    var now = Instant.zero + .seconds(1)
    /// The connections that the speaker may still speak on.
    var connections: [ConnectionID: Link] = [:]
    /// Attempts of ours that wait for an answer.
    var attempts: [Peer: ConnectAttempt] = [:]
    /// Octets are handed over in pieces of at most that many.
    var pieceLength = Int.max
    private var lastConnection: UInt64 = 0
    /// What the tables hold before anybody has said anything.
    private var atFirst: [MemoryItem] = []

    init(configuration: UInt8) {
        speaker = Speaker(
            configuration: Peer.configurations[Int(configuration & 1)],
            environment: SpeakerEnvironment(
                seed: 1,
                version: "1.0",
                hostName: "fuzz",
                processID: 1,
                configurationPath: "bgpd.conf",
                socketPath: "s",
                kernelOffReason: nil,
                routerID: IPAddress(ipv4: 0x0A00_0001)
            ),
            now: now,
            wall: WallTime(nanoseconds: now.nanoseconds)
        )
        speaker.start()
        settle()
        atFirst = memory()
    }

    /// What a neighbor's connection has come to.
    struct Link {
        let peer: Peer
        /// Given by the neighbor and not yet taken.
        var input: [UInt8] = []
        var hasRoutesWaiting = false
        /// A NOTIFICATION was sent: nothing may follow but the end.
        var isOver = false
        /// The neighbor has sent a NOTIFICATION, which is never answered by another.
        var isNotified = false
    }

    // MARK: The turn

    /// Lets time pass, and with it timers.
    func wait(_ duration: Duration) {
        now = now + duration
        speaker.beginTurn(now: now, wall: WallTime(nanoseconds: now.nanoseconds))
        speaker.timers()
        follow()
    }

    /// Background work until nothing is left, and the kernel's answers to it.
    func settle() {
        repeat {
            while speaker.work(units: 256) { follow() }
            follow()
        } while tendKernel()
    }

    /// A kernel that does what it is asked; true where it was asked something.
    private func tendKernel() -> Bool {
        var wasAsked = false
        if let dump = speaker.takeKernelDump() {
            wasAsked = true
            speaker.kernelEvents(
                [.dumpBegan(dump)] + Peer.links + [.dumpRoutes(Peer.connected)]
                    + [.dumpEnded(dump, isComplete: true)]
            )
        }
        var changes: [KernelChange] = []
        speaker.takeKernelChanges(limit: 1024, into: &changes)
        if let last = changes.last {
            wasAsked = true
            speaker.kernelEvents([.acknowledged(through: last.sequence)])
        }
        return wasAsked
    }

    /// Does what the speaker asks for, and holds it against RFC 4271 §6.
    func follow() {
        for effect in speaker.takeEffects() {
            switch effect {
            case .connect(let number, let attempt, _):
                attempts[Peer(number)] = attempt
            case .cancelConnect(let number, let attempt):
                if attempts[Peer(number)] == attempt { attempts[Peer(number)] = nil }
            case .send(let id, let bytes):
                sent(bytes, on: id)
            case .outputWaiting(let id):
                connections[id]?.hasRoutesWaiting = true
            case .close(let id), .abort(let id):
                connections[id] = nil
            case .admit, .event, .stopped:
                break
            }
        }
    }

    private func sent(_ bytes: [UInt8], on id: ConnectionID) {
        guard let link = connections[id] else { fatalError("sends on a connection that has ended") }
        require(!link.isOver, "sends something after a NOTIFICATION")
        var offset = 0
        guard case .message(let type, _) = MessageFraming.next(in: bytes.span, at: &offset),
            offset == bytes.count
        else { fatalError("sends what is no message: \(bytes)") }
        if type == .notification {
            require(!link.isNotified, "answers a NOTIFICATION by another")
            connections[id]?.isOver = true
        }
    }

    /// Lets the speaker write its routes, as much as there is.
    func write() {
        for id in connections.keys.sorted() where connections[id]?.hasRoutesWaiting == true {
            var output: [UInt8] = []
            let hasMore = speaker.produceOutput(for: id, into: &output, limit: 65_536)
            connections[id]?.hasRoutesWaiting = hasMore
            speaker.outputProgressed(id, pending: 0)
            require(
                connections[id]?.isOver != true || output.isEmpty,
                "routes after a NOTIFICATION"
            )
            check(updates: output)
        }
        follow()
    }

    private func check(updates: [UInt8]) {
        var offset = 0
        while offset < updates.count {
            guard case .message(.update, _) = MessageFraming.next(in: updates.span, at: &offset)
            else { fatalError("writes what is no UPDATE") }
        }
    }

    // MARK: Connections

    /// A new connection of that neighbor; nil where it was refused at once.
    @discardableResult
    func arrive(_ peer: Peer) -> ConnectionID? {
        let id = nextConnection(of: peer)
        speaker.connectionArrived(id, local: Peer.local, remote: peer.endpoint)
        follow()
        return connections[id] == nil ? nil : id
    }

    /// Answers the attempt to reach that neighbor, where there is one.
    func answerAttempt(_ peer: Peer, failure: UInt8) {
        guard let attempt = attempts.removeValue(forKey: peer) else { return }
        switch failure & 3 {
        case 0, 1:
            speaker.connectionOpened(
                nextConnection(of: peer),
                for: peer.number,
                attempt: attempt,
                local: Peer.local,
                remote: peer.endpoint
            )
        case 2:
            speaker.connectFailed(peer.number, attempt: attempt, errno: Int32(failure))
        default:
            speaker.connectTimedOut(peer.number, attempt: attempt)
        }
        follow()
    }

    private func nextConnection(of peer: Peer) -> ConnectionID {
        lastConnection += 1
        connections[ConnectionID(lastConnection)] = Link(peer: peer)
        return ConnectionID(lastConnection)
    }

    /// A connection of that neighbor, the oldest or the newest.
    func connection(of peer: Peer, newest: Bool) -> ConnectionID? {
        let all = connections.filter { $0.value.peer == peer }.keys
        return newest ? all.max() : all.min()
    }

    /// The neighbor's octets arrive, in pieces.
    func deliver(_ bytes: [UInt8], on id: ConnectionID) {
        var rest = bytes[...]
        while !rest.isEmpty, connections[id] != nil {
            let piece = rest.prefix(pieceLength)
            rest = rest.dropFirst(piece.count)
            connections[id]?.input += piece
            let waiting = connections[id]?.input ?? []
            let used = speaker.received(waiting.span, on: id)
            connections[id]?.input.removeFirst(used)
            speaker.inputRead(id, drained: .drained, left: 0)
            follow()
            let left = connections[id]?.input.count ?? 0
            guard left >= MessageFraming.standardMaximum else { continue }
            // Only a session that is up can have agreed on more (RFC 8654).
            let mayBe = isAnyUp ? MessageFraming.extendedMaximum : MessageFraming.standardMaximum
            require(left < mayBe, "\(left) octets wait to be more")
        }
    }

    private var isAnyUp: Bool {
        guard case .overview(let overview) = speaker.answer(.overview(OverviewRequest())) else {
            fatalError("no overview")
        }
        return overview.neighbors.contains { $0.state == .openConfirm || $0.state == .established }
    }

    /// The neighbor ends a connection.
    func close(_ id: ConnectionID, errno: Int32) {
        connections[id] = nil
        speaker.connectionClosed(id, errno == 0 ? .clean : .failed(errno: errno))
        follow()
    }

    // MARK: What must hold

    /// Nobody holds more routes than its limit and one message allow, and nobody any without a session.
    func checkBounds() {
        guard case .overview(let overview) = speaker.answer(.overview(OverviewRequest())) else {
            fatalError("no overview")
        }
        for row in overview.neighbors {
            let limit = row.state == .established ? UInt64(row.maximumPrefixes) : 0
            require(
                row.prefixesReceived <= limit || row.state != .established,
                "\(row.prefixesReceived) prefixes where \(limit) are allowed"
            )
        }
    }

    /// Ends everything, and counts what is left.
    func end() {
        checkBounds()
        for id in connections.keys.sorted() { close(id, errno: 0) }
        settle()
        // What was given back last is let go of in the turn after.
        settle()
        checkBounds()
        let atLast = memory()
        for (first, last) in zip(atFirst, atLast) {
            require(
                last.count == first.count && last.references == first.references,
                "\(last.name): \(last.count) of them with \(last.references) references are left, "
                    + "and at first were \(first.count) with \(first.references)"
            )
        }
    }

    /// What the tables hold; prefixes keep their entries, which are given to the next.
    private func memory() -> [MemoryItem] {
        guard case .memory(let items) = speaker.answer(.memory(MemoryRequest())) else {
            fatalError("no answer about memory")
        }
        return items.filter { ["prefixes", "paths", "attributes", "nexthops"].contains($0.name) }
    }
}
