import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Speaker
import Testing
import Timekeeping

/// A speaker on a link with several external neighbors; what they say, and when they read, is the test's.
///
/// Neighbor `n` is 192.0.2.1`n` in AS 6510`n` with that address as BGP Identifier.
final class LAN {
    /// What a neighbor has been told of a prefix.
    struct Route: Hashable {
        var path: [UInt32]
        var nextHop: UInt32
        var med: UInt32?
        var communities: [UInt32]
    }

    let speaker: Speaker
    /// What each neighbor was told, by its number, for as long as its session lasts.
    private(set) var tables: [Int: [IPPrefix: Route]] = [:]
    /// Prefixes and markers in the order in which each neighbor was told.
    private(set) var story: [Int: [String]] = [:]
    private var connections: [Int: UInt64] = [:]
    private var waiting: Set<UInt64> = []
    private var buffers: [UInt64: [UInt8]] = [:]
    private var nextConnection: UInt64 = 1
    private var second = 0

    static func address(_ number: Int) -> UInt32 { 0xC000_020A + UInt32(number) }
    static let own: UInt32 = 0xC000_0201

    /// So many neighbors; `own` has what some of them have in their blocks alone.
    static func configuration(
        _ count: Int,
        of own: [Int: String] = [:],
        _ statements: String,
        _ rules: String
    ) throws -> Configuration {
        var text = "AS 65001\nrouter-id 192.0.2.1\nfib-update no\n\(statements)\n"
        for number in 1...count {
            text += "neighbor 192.0.2.\(10 + number) {\nremote-as \(65100 + number)\npassive\n"
            text += "enforce neighbor-as no\nholdtime 65535\n\(own[number] ?? "")\n}\n"
        }
        text += rules
        return try .tested(text)
    }

    init(
        neighbors count: Int,
        of own: [Int: String] = [:],
        statements: String = "",
        rules: String = "allow from any\nallow to any\n",
        logLimit: Int = 4 << 20
    ) throws {
        speaker = Speaker(
            configuration: try Self.configuration(count, of: own, statements, rules),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.updateLogLimit = logLimit
        turn()
        speaker.start()
        let dump = try #require(speaker.takeKernelDump())
        let link = Interface(
            index: 2,
            name: "v0",
            flags: 0x41,
            operationalState: .up,
            mtu: 1500
        )
        let address = InterfaceAddress(
            interface: 2,
            address: IPAddress(ipv4: Self.own),
            prefixLength: 24
        )
        let connected = KernelRoute(
            prefix: IPPrefix(IPAddress(ipv4: Self.own), length: 24),
            protocolNumber: 2,
            metric: 0,
            nextHopSet: NextHopSet([KernelNextHop(gateway: nil, interface: 2)])
        )
        speaker.kernelEvents([
            .dumpBegan(dump), .linkChanged(link), .addressChanged(address),
            .dumpRoutes([connected]), .dumpEnded(dump, isComplete: true),
        ])
        work()
        for number in 1...count { connect(number) }
    }

    /// The speaker takes another configuration of the neighbors that there are.
    func reload(
        of own: [Int: String] = [:],
        statements: String = "",
        rules: String = "allow from any\nallow to any\n"
    ) throws {
        let new = try Self.configuration(connections.count, of: own, statements, rules)
        #expect(speaker.reload(new, reason: "") == [])
    }

    // MARK: Sessions

    func connect(_ number: Int) {
        let connection = ConnectionID(nextConnection)
        connections[number] = nextConnection
        tables[number] = [:]
        story[number] = []
        buffers[nextConnection] = []
        nextConnection += 1
        speaker.connectionArrived(
            connection,
            local: Endpoint(address: IPAddress(ipv4: Self.own), port: 179),
            remote: Endpoint(address: IPAddress(ipv4: Self.address(number)), port: 40_000),
            interface: nil
        )
        var bytes: [UInt8] = []
        var capabilities = Capabilities()
        capabilities.fourOctetAS = ASNumber(UInt32(65100 + number))
        capabilities.routeRefresh = true
        OpenMessage(
            twoOctetAS: UInt16(65100 + number),
            holdTime: 65535,
            identifier: Self.address(number),
            capabilities: capabilities
        ).encode(to: &bytes)
        KeepaliveMessage.encode(to: &bytes)
        say(bytes, number)
    }

    func disconnect(_ number: Int) {
        guard let id = connections.removeValue(forKey: number) else { return }
        tables[number] = nil
        waiting.remove(id)
        speaker.connectionClosed(ConnectionID(id), .clean)
        work()
    }

    func isConnected(_ number: Int) -> Bool { connections[number] != nil }

    // MARK: What neighbors say

    func say(_ bytes: [UInt8], _ number: Int) {
        guard let id = connections[number] else { return }
        _ = speaker.received(bytes.span, on: ConnectionID(id))
        speaker.inputRead(ConnectionID(id), drained: .drained, left: 0)
        takeEffects()
    }

    func announce(
        _ prefixes: [IPPrefix],
        path: [UInt32],
        nextHop: UInt32? = nil,
        med: UInt32? = nil,
        communities: [UInt32] = [],
        from number: Int
    ) {
        var list: [UInt8] = [0x40, 1, 1, 0, 0x40, 2, UInt8(2 + 4 * path.count), 2]
        list.append(UInt8(path.count))
        for member in path { list += Self.bytes(member) }
        list += [0x40, 3, 4] + Self.bytes(nextHop ?? Self.address(number))
        if let med { list += [0x80, 4, 4] + Self.bytes(med) }
        if !communities.isEmpty {
            let count = 4 * communities.count
            list += [0xD0, 8, UInt8(count >> 8), UInt8(count & 255)]
            list += communities.flatMap(Self.bytes)
        }
        var body: [UInt8] = [0, 0, UInt8(list.count >> 8), UInt8(list.count & 255)] + list
        for prefix in prefixes { body += Self.bytes(prefix) }
        say(Self.message(2, body), number)
    }

    func withdraw(_ prefixes: [IPPrefix], from number: Int) {
        let list = prefixes.flatMap { Self.bytes($0) }
        say(
            Self.message(2, [UInt8(list.count >> 8), UInt8(list.count & 255)] + list + [0, 0]),
            number
        )
    }

    func askAgain(_ number: Int) {
        say(Self.message(5, [0, 1, 0, 1]), number)
    }

    private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = 19 + body.count
        return [UInt8](repeating: 0xFF, count: 16)
            + [UInt8(length >> 8), UInt8(length & 255), type] + body
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    }

    private static func bytes(_ prefix: IPPrefix) -> [UInt8] {
        [prefix.length] + (0..<(Int(prefix.length) + 7) / 8).map { prefix.address.byte(at: $0) }
    }

    // MARK: Time and reading

    /// A second passes.
    func turn() {
        speaker.endTurn(took: .zero, late: .zero, work: ("", .zero))
        speaker.beginTurn(now: .zero + .seconds(second), wall: WallTime(nanoseconds: 0))
        second += 1
    }

    /// Background work to its end.
    func work() {
        while speaker.work(units: 1000) { takeEffects() }
        takeEffects()
    }

    /// One slice of background work, about that large.
    func work(units: Int) {
        _ = speaker.work(units: units)
        takeEffects()
    }

    private func takeEffects() {
        for effect in speaker.takeEffects() {
            switch effect {
            case .outputWaiting(let id): waiting.insert(id.rawValue)
            case .send(let id, let bytes): buffers[id.rawValue, default: []] += bytes
            default: break
            }
        }
    }

    /// The neighbor takes at most about that many octets of routes; true where more waits.
    @discardableResult
    func read(_ number: Int, limit: Int = .max) -> Bool {
        guard let id = connections[number] else { return false }
        if waiting.contains(id) {
            var bytes: [UInt8] = []
            let hasMore = speaker.produceOutput(
                for: ConnectionID(id),
                into: &bytes,
                limit: limit == .max ? 1 << 16 : limit
            )
            if !hasMore { waiting.remove(id) }
            buffers[id, default: []] += bytes
            takeEffects()
        }
        take(buffers[id] ?? [], number)
        buffers[id] = []
        return waiting.contains(id)
    }

    /// All neighbors read until nothing is left.
    func readAll() {
        for _ in 0..<1000 {
            work()
            var hasMore = false
            for number in connections.keys.sorted() where read(number) { hasMore = true }
            if !hasMore { return }
        }
        Issue.record("there is no end of what is to be read")
    }

    private func take(_ bytes: [UInt8], _ number: Int) {
        var offset = 0
        while offset + 19 <= bytes.count {
            let length = Int(bytes[offset + 16]) << 8 | Int(bytes[offset + 17])
            if bytes[offset + 18] == 2 {
                take(update: bytes[(offset + 19)..<(offset + length)], number)
            }
            if bytes[offset + 18] == 3 { story[number, default: []].append("NOTIFICATION") }
            offset += length
        }
        #expect(offset == bytes.count)
    }

    private func take(update: ArraySlice<UInt8>, _ number: Int) {
        var body = Array(update)
        if body == [0, 0, 0, 0] {
            story[number, default: []].append("End-of-RIB")
            return
        }
        func number16() -> Int {
            defer { body.removeFirst(2) }
            return Int(body[0]) << 8 | Int(body[1])
        }
        let withdrawn = number16()
        for prefix in Self.prefixes(body.prefix(withdrawn)) {
            story[number, default: []].append("-\(prefix)")
            let old = tables[number, default: [:]].removeValue(forKey: prefix)
            #expect(old != nil, "\(prefix) is withdrawn from \(number), which was not told of it")
        }
        body.removeFirst(withdrawn)
        let attributes = number16()
        let route = Self.route(Array(body.prefix(attributes)))
        body.removeFirst(attributes)
        for prefix in Self.prefixes(body[...]) {
            story[number, default: []].append("+\(prefix)")
            tables[number, default: [:]][prefix] = route
        }
    }

    private static func prefixes(_ bytes: ArraySlice<UInt8>) -> [IPPrefix] {
        var found: [IPPrefix] = []
        var rest = Array(bytes)
        while let length = rest.first {
            let count = (Int(length) + 7) / 8
            var bits: UInt32 = 0
            for place in 0..<4 { bits = bits << 8 | (place < count ? UInt32(rest[1 + place]) : 0) }
            found.append(IPPrefix(IPAddress(ipv4: bits), length: length))
            rest.removeFirst(1 + count)
        }
        return found
    }

    private static func route(_ bytes: [UInt8]) -> Route {
        var route = Route(path: [], nextHop: 0, med: nil, communities: [])
        var offset = 0
        func numbers(_ range: Range<Int>) -> [UInt32] {
            stride(from: range.lowerBound, to: range.upperBound, by: 4).map { start in
                bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
            }
        }
        while offset < bytes.count {
            let isLong = bytes[offset] & 0x10 != 0
            let start = offset + (isLong ? 4 : 3)
            let length =
                isLong
                ? Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3]) : Int(bytes[offset + 2])
            switch bytes[offset + 1] {
            case 2 where length > 0: route.path = numbers((start + 2)..<(start + length))
            case 3: route.nextHop = numbers(start..<(start + 4))[0]
            case 4: route.med = numbers(start..<(start + 4))[0]
            case 8: route.communities = numbers(start..<(start + length))
            default: break
            }
            offset = start + length
        }
        return route
    }
}
