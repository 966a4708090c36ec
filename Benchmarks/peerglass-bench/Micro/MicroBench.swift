import Addressing
import Attributes
import BGPSession
import BGPWire
import CLinux
import Configuration
import Control
import KernelRoutes
import Routing
import Speaker
import Timekeeping

/// The steps, each on fresh tables.
struct MicroBench {
    static let senders = 8

    private let count: Int
    /// What each sender sends.
    private let streams: [[UInt8]]
    /// What their messages hold.
    private var contents: [Parsed] = []
    private let context: UpdateContext

    init(_ count: Int, senders: Int) {
        self.count = count
        streams = (0..<senders).map { number in
            let neighbor = BenchNeighbor(number: number)
            var table = SentTable(seed: 1, sender: number)
            return table.updates(
                count,
                from: neighbor.autonomousSystem,
                nextHop: neighbor.address
            )
        }
        context = UpdateContext(
            fourOctetAS: true,
            families: .ipv4,
            isIBGP: false,
            localAS: ASNumber(BenchNeighbor.daemonAS),
            remoteAS: ASNumber(BenchNeighbor(number: 0).autonomousSystem),
            enforceNeighborAS: false,
            rejectASSet: true,
            isOverLoopback: false
        )
        contents = streams.map { parsed($0) }
    }

    /// The nanoseconds of one repetition of a step.
    func measure(_ step: MicroStep) -> Double {
        switch step {
        case .parse: parse()
        case .intern: intern()
        case .insert: insert(from: 1)
        case .decide: insert(from: Self.senders)
        case .load: load { _ in }
        case .export: load(thenMeasure: true) { $0.export(count) }
        case .drop: load(thenMeasure: true) { $0.drop() }
        }
    }

    private func time(_ body: () -> Void) -> Double {
        let start = cl_monotonic_nanoseconds()
        body()
        return Double(cl_monotonic_nanoseconds() - start)
    }

    // MARK: Parse and intern

    private func parse() -> Double {
        var decoder = UpdateDecoder()
        let stream = streams[0]
        let bytes = stream.span
        var sum: UInt32 = 0
        let start = cl_monotonic_nanoseconds()
        var offset = 0
        while case .message(_, let place) = MessageFraming.next(in: bytes, at: &offset) {
            let body = bytes.extracting(place)
            guard case .accept = decoder.decode(body, context: context) else { continue }
            let range = decoder.reachable.range
            var next = range.lowerBound
            while next < range.upperBound {
                let (bits, length) = NLRI.readIPv4(from: body, at: &next)
                sum &+= bits ^ UInt32(length)
            }
            if offset == bytes.count { break }
        }
        let end = cl_monotonic_nanoseconds()
        precondition(sum != 0, "something was read")
        return Double(end - start)
    }

    /// What a sender's messages hold: the places of their attributes, and their prefixes.
    private struct Parsed {
        var attributes: [Range<Int>] = []
        var prefixes: [IPPrefix] = []
        /// One past the last prefix of each message.
        var ends: [Int] = []
    }

    private func parsed(_ stream: [UInt8]) -> Parsed {
        var decoder = UpdateDecoder()
        var result = Parsed()
        let bytes = stream.span
        var offset = 0
        while offset < bytes.count,
            case .message(_, let place) = MessageFraming.next(in: bytes, at: &offset)
        {
            let body = bytes.extracting(place)
            guard case .accept = decoder.decode(body, context: context),
                decoder.conventional.isInBody
            else { continue }
            let list = decoder.conventional.range
            result.attributes.append(
                place.lowerBound + list.lowerBound..<place.lowerBound + list.upperBound
            )
            let range = decoder.reachable.range
            var next = range.lowerBound
            while next < range.upperBound {
                let (bits, length) = NLRI.readIPv4(from: body, at: &next)
                result.prefixes.append(IPPrefix(ipv4: bits, length: length))
            }
            result.ends.append(result.prefixes.count)
        }
        return result
    }

    private func intern() -> Double {
        let parsed = contents[0]
        let stream = streams[0]
        let bytes = stream.span
        let store = AttributeStore()
        let start = cl_monotonic_nanoseconds()
        for place in parsed.attributes { _ = store.intern(bytes.extracting(place)) }
        return Double(cl_monotonic_nanoseconds() - start)
    }

    // MARK: Insert and decide

    /// The time of the last senders' routes: of the first alone, or of all but the first.
    private func insert(from senders: Int) -> Double {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(BenchNeighbor.daemonAS)))
        var total: Int64 = 0
        for sender in 0..<senders {
            let neighbor = BenchNeighbor(number: sender)
            let id = NeighborID(UInt16(sender + 1))
            tables.setNeighbor(
                id,
                NeighborFacts(
                    isInternal: false,
                    identifier: neighbor.address.ipv4Bits,
                    address: neighbor.address
                )
            )
            let parsed = contents[sender]
            let stream = streams[sender]
            let bytes = stream.span
            var sets: [AttributesID] = []
            for place in parsed.attributes {
                sets.append(tables.attributes.intern(bytes.extracting(place)))
            }
            while let news = tables.attributes.nextHops.takeNews() {
                guard case .appeared(let id, let nextHop) = news else { continue }
                let state = NextHopState(isReachable: true, gateway: nextHop.address)
                tables.attributes.nextHops.resolve(id, state)
            }
            let start = cl_monotonic_nanoseconds()
            insert(parsed, sets, id, into: tables)
            let end = cl_monotonic_nanoseconds()
            if senders == 1 || sender > 0 { total += end - start }
        }
        return Double(total)
    }

    /// As the speaker does it: sixty-four searches at once, then run after run.
    private func insert(
        _ parsed: Parsed,
        _ sets: [AttributesID],
        _ id: NeighborID,
        into tables: RoutingTables
    ) {
        let prefixes = parsed.prefixes.span
        var first = 0
        var message = 0
        var runs: [RouteRun] = []
        while first < prefixes.count {
            runs.removeAll(keepingCapacity: true)
            var end = first
            while message < parsed.ends.count, end - first < 64 {
                end = parsed.ends[message]
                let set = sets[message]
                runs.append(RouteRun(end: end - first, received: set, effective: set))
                message += 1
            }
            tables.ipv4.announce(prefixes.extracting(first..<end), runs.span, from: id, now: 0)
            first = end
        }
    }

    // MARK: The whole speaker

    /// Loads the first sender's table; the time of that, or of what is done then.
    private func load(thenMeasure: Bool = false, _ then: (MicroSpeaker) -> Void) -> Double {
        let speaker = MicroSpeaker()
        let loading = time { speaker.load(streams[0]) }
        let rest = time { then(speaker) }
        return thenMeasure ? rest : loading
    }
}

/// A speaker with two neighbors, without sockets.
final class MicroSpeaker {
    private let speaker: Speaker
    private let sender = ConnectionID(1)
    private let receiver = ConnectionID(2)

    init() {
        let neighbors = (0..<2).map {
            let neighbor = BenchNeighbor(number: $0)
            return
                "neighbor \(neighbor.address) {\nremote-as \(neighbor.autonomousSystem)\npassive\n}"
        }
        let text =
            "AS \(BenchNeighbor.daemonAS)\nrouter-id \(BenchNeighbor.daemon)\nfib-update no\n"
            + neighbors.joined(separator: "\n") + "\nallow from any\nallow to any\n"
        let reading = Configuration.read(file: "bgpd.conf") { _ in Array(text.utf8) }
        guard let configuration = reading.configuration else {
            preconditionFailure("\(reading.diagnostics)")
        }
        speaker = Speaker(
            configuration: configuration,
            environment: SpeakerEnvironment(
                seed: 1,
                version: "",
                hostName: "",
                processID: 1,
                configurationPath: "bgpd.conf",
                socketPath: "",
                kernelOffReason: "fib-update no",
                routerID: BenchNeighbor.daemon
            ),
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.start()
        work()
        tellKernel()
        connect(0, sender)
    }

    /// The link on which the neighbors and their next hops are.
    private func tellKernel() {
        guard let dump = speaker.takeKernelDump() else { return }
        let link = IPPrefix(BenchNeighbor.daemon, length: 24)
        speaker.kernelEvents([
            .dumpBegan(dump),
            .linkChanged(
                Interface(index: 2, name: "eth0", flags: 0x41, operationalState: .up, mtu: 1500)
            ),
            .addressChanged(
                InterfaceAddress(interface: 2, address: BenchNeighbor.daemon, prefixLength: 24)
            ),
            .dumpRoutes([
                KernelRoute(
                    prefix: link,
                    protocolNumber: 2,
                    metric: 0,
                    nextHopSet: NextHopSet([KernelNextHop(gateway: nil, interface: 2)])
                )
            ]),
            .dumpEnded(dump, isComplete: true),
        ])
        work()
    }

    private func connect(_ number: Int, _ connection: ConnectionID) {
        let neighbor = BenchNeighbor(number: number)
        speaker.connectionArrived(
            connection,
            local: Endpoint(address: BenchNeighbor.daemon, port: 179),
            remote: Endpoint(address: neighbor.address, port: 40_000)
        )
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.fourOctetAS = ASNumber(neighbor.autonomousSystem)
        var greeting: [UInt8] = []
        OpenMessage(
            twoOctetAS: UInt16(neighbor.autonomousSystem),
            holdTime: 0,
            identifier: neighbor.address.ipv4Bits,
            capabilities: capabilities
        ).encode(to: &greeting)
        KeepaliveMessage.encode(to: &greeting)
        _ = speaker.received(greeting.span, on: connection)
        work()
    }

    private func work() {
        while speaker.work(units: 4096) {}
        _ = speaker.takeEffects()
    }

    /// The sender's octets arrive as the driver hands them over: 64 KiB at a time.
    func load(_ stream: [UInt8]) { load(stream, on: sender) }

    /// The other neighbor comes up and sends a table too.
    func loadSecond(_ stream: [UInt8]) {
        connect(1, receiver)
        load(stream, on: receiver)
    }

    /// What it answers to a question.
    func answer(_ question: Question) -> Reply { speaker.answer(question) }

    /// A part of the background work; false where nothing is left.
    func work(units: Int) -> Bool { speaker.work(units: units) }

    private func load(_ stream: [UInt8], on connection: ConnectionID) {
        let bytes = stream.span
        var offset = 0
        while offset < bytes.count {
            let piece = bytes.extracting(offset..<min(offset + 65_536, bytes.count))
            let used = speaker.received(piece, on: connection)
            if used == 0 { break }
            offset += used
        }
        work()
    }

    /// Everything goes to the receiver.
    func export(_ count: Int) {
        connect(1, receiver)
        var output: [UInt8] = []
        var hasMore = true
        var octets = 0
        while hasMore {
            output.removeAll(keepingCapacity: true)
            hasMore = speaker.produceOutput(for: receiver, into: &output, limit: 65_536)
            octets += output.count
        }
        precondition(octets > count, "everything went out")
    }

    /// The sender goes, and with it all its routes.
    func drop() {
        speaker.connectionClosed(sender, .clean)
        work()
    }
}
