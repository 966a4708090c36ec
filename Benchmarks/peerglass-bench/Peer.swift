import Addressing
import BGPWire
import CLinux
import Foundation

/// Neighbors that connect to the daemon, in their network namespace, each command of the bench a process of them.
///
/// They say "up" once their sessions are, begin when they are told to, and say "done" and what they found.
enum Peer {
    /// Sends `count` prefixes; returns when the session has ended.
    static func send(as neighbor: BenchNeighbor, count: Int) -> Int32 {
        var table = SentTable(seed: 1, sender: neighbor.number)
        let stream = table.updates(
            count,
            from: neighbor.autonomousSystem,
            nextHop: neighbor.address
        )
        guard let descriptor = establish(neighbor) else { return 1 }
        say("up")
        // The bench says when all neighbors are to begin.
        _ = readLine()
        guard write(stream, to: descriptor) else { return 1 }
        var scratch = [UInt8](repeating: 0, count: 65_536)
        while cl_read(descriptor, &scratch, scratch.count) > 0 {}
        return 0
    }

    /// Says "done" once `count` prefixes have come; returns when the session has ended.
    static func receive(as neighbor: BenchNeighbor, count: Int) -> Int32 {
        guard let descriptor = establish(neighbor) else { return 1 }
        say("up")
        let stream = ReceivedStream(descriptor)
        var isDone = false
        while stream.read() {
            guard !isDone, stream.announced >= count else { continue }
            isDone = true
            say("done")
        }
        return 0
    }

    /// Says at what nanosecond of the monotonic clock something listens on the daemon's port.
    static func probe() -> Int32 {
        say("up")
        let limit = cl_monotonic_nanoseconds() + 20_000_000_000
        while cl_monotonic_nanoseconds() < limit {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var remote = endpoint(BenchNeighbor.daemon, 179)
            let result = cl_connect(descriptor, &remote)
            let now = cl_monotonic_nanoseconds()
            _ = cl_close(descriptor)
            if result == 0 {
                say("\(now)")
                return 0
            }
            usleep(500)
        }
        return 1
    }

    /// How many prefixes an UPDATE of the message itself announces.
    static func announced(_ body: Span<UInt8>) -> Int {
        let withdrawn = 2 + Int(body[0]) << 8 + Int(body[1])
        let start = withdrawn + 2 + Int(body[withdrawn]) << 8 + Int(body[withdrawn + 1])
        return NLRI.countPrefixes(.ipv4, in: body, range: start..<body.count) ?? 0
    }

    static func say(_ word: String) {
        FileHandle.standardOutput.write(Data("\(word)\n".utf8))
    }

    /// Connects, for as long as the daemon takes to listen, and greets.
    static func establish(_ neighbor: BenchNeighbor, holdTime: Int = 0) -> Int32? {
        let descriptor = connect(neighbor.address, BenchNeighbor.daemon)
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.fourOctetAS = ASNumber(neighbor.autonomousSystem)
        var greeting: [UInt8] = []
        OpenMessage(
            twoOctetAS: UInt16(neighbor.autonomousSystem),
            holdTime: UInt16(holdTime),
            identifier: neighbor.address.ipv4Bits,
            capabilities: capabilities
        ).encode(to: &greeting)
        KeepaliveMessage.encode(to: &greeting)
        return write(greeting, to: descriptor) && waitForKeepalive(descriptor) ? descriptor : nil
    }

    static func endpoint(_ address: IPAddress, _ port: UInt16) -> cl_address {
        var result = cl_address()
        result.length = 4
        result.port = port
        withUnsafeMutableBytes(of: &result.bytes) { bytes in
            for index in 0..<4 { bytes[index] = address.byte(at: index) }
        }
        return result
    }

    private static func connect(_ local: IPAddress, _ peer: IPAddress) -> Int32 {
        while true {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var own = endpoint(local, 0)
            var remote = endpoint(peer, 179)
            if cl_bind(descriptor, &own) == 0, cl_connect(descriptor, &remote) == 0 {
                return descriptor
            }
            _ = cl_close(descriptor)
            usleep(20_000)
        }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBufferPointer { buffer -> Int in
                guard let base = buffer.baseAddress else { return -1 }
                return cl_write(descriptor, base + sent, min(buffer.count - sent, 1 << 20))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads one octet at a time, so that nothing that follows is lost.
    private static func waitForKeepalive(_ descriptor: Int32) -> Bool {
        var received: [UInt8] = []
        var octet: UInt8 = 0
        while true {
            guard cl_read(descriptor, &octet, 1) == 1 else { return false }
            received.append(octet)
            var offset = 0
            guard case .message(let type, _) = MessageFraming.next(in: received.span, at: &offset)
            else { continue }
            if type == .keepalive { return true }
            if type == .notification { return false }
            received = []
        }
    }
}
