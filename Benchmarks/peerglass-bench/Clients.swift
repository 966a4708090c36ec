import Addressing
import BGPWire
import CLinux
import Foundation

/// Many neighbors in one process.
struct Clients {
    private var streams: [ReceivedStream] = []
    private var polled: [pollfd] = []

    /// The two hundred of S10: each announces its share, and has all when it has everybody else's.
    static func routeServer(count: Int) -> Int32 {
        let neighbors = Scenario.routeServer.neighbors
        let share = count / neighbors.count
        var table = SentTable(seed: 1, sender: 0)
        let updates = neighbors.map {
            table.updates(share, from: $0.autonomousSystem, nextHop: $0.address)
        }
        var clients = Clients()
        for neighbor in neighbors {
            guard let descriptor = Peer.establish(neighbor) else { return 1 }
            clients.add(ReceivedStream(descriptor, mark: RouteServerPlan.community))
        }
        Peer.say("up")
        _ = readLine()
        for (stream, bytes) in zip(clients.streams, updates) {
            guard Peer.write(bytes, to: stream.descriptor) else { return 1 }
        }
        let wanted = share * (neighbors.count - 1)
        guard clients.read(until: { $0.announced >= wanted }) else { return 1 }
        Peer.say("done \(clients.streams.reduce(0) { $0 + $1.octets })")
        guard clients.read(until: { $0.marked >= wanted }) else { return 1 }
        Peer.say("done \(clients.streams.reduce(0) { $0 + $1.octets })")
        _ = clients.read(until: { _ in false })
        return 0
    }

    /// The three of S9: the first sends, and a tenth of it comes and goes; all count how long they hear nothing.
    static func flap(count: Int) -> Int32 {
        let neighbors = Scenario.flapping.neighbors
        var clients = Clients()
        var table = SentTable(seed: 1, sender: 0)
        let sender = neighbors[0]
        var ticks: [(announcement: [UInt8], withdrawal: [UInt8])] = []
        for _ in 0..<max(1, count / 10 / FlapPlan.prefixesATick) {
            let bytes = table.updates(
                FlapPlan.prefixesATick,
                from: sender.autonomousSystem,
                nextHop: sender.address
            )
            ticks.append((bytes, SentTable.withdrawals(table.latest)))
        }
        let rest = table.updates(
            count - ticks.count * FlapPlan.prefixesATick,
            from: sender.autonomousSystem,
            nextHop: sender.address
        )
        for neighbor in neighbors {
            guard let descriptor = Peer.establish(neighbor, holdTime: FlapPlan.holdTime) else {
                return 1
            }
            clients.add(ReceivedStream(descriptor))
        }
        Peer.say("up")
        _ = readLine()
        let all = ticks.flatMap(\.announcement) + rest
        var sent = 0
        var nextKeepalive = cl_monotonic_nanoseconds()
        while clients.streams.dropFirst().contains(where: { $0.announced < count }) {
            let piece = all[sent..<min(sent + 1 << 16, all.count)]
            guard Peer.write(Array(piece), to: clients.streams[0].descriptor),
                clients.turn(milliseconds: piece.isEmpty ? 100 : 0, &nextKeepalive)
            else { return 1 }
            sent += piece.count
        }
        Peer.say("loaded")
        _ = readLine()
        for stream in clients.streams { stream.longestSilence = 0 }
        let begin = cl_monotonic_nanoseconds()
        for tick in 0..<FlapPlan.seconds * 10 {
            let (announcement, withdrawal) = ticks[tick % ticks.count]
            let isBack = tick / ticks.count % 2 == 1
            guard Peer.write(isBack ? announcement : withdrawal, to: clients.streams[0].descriptor)
            else { return 1 }
            repeat {
                guard clients.turn(milliseconds: 10, &nextKeepalive) else { return 1 }
            } while cl_monotonic_nanoseconds() - begin < Int64(tick + 1) * 100_000_000
        }
        let end = cl_monotonic_nanoseconds()
        let silence =
            clients.streams.map { max($0.longestSilence, end - $0.lastHeard) }.max() ?? 0
        Peer.say("done \(silence / 1_000_000)")
        while clients.turn(milliseconds: 100, &nextKeepalive) {}
        return 0
    }

    private mutating func add(_ stream: ReceivedStream) {
        streams.append(stream)
        polled.append(pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0))
    }

    /// Reads until all satisfy that; false where a session ends before.
    private mutating func read(until isDone: (ReceivedStream) -> Bool) -> Bool {
        while !streams.allSatisfy(isDone) {
            guard readWhatIsThere(milliseconds: 1000) else { return false }
        }
        return true
    }

    /// Waits that long for something to read, and sends KEEPALIVEs when they are due.
    private mutating func turn(milliseconds: Int32, _ nextKeepalive: inout Int64) -> Bool {
        let now = cl_monotonic_nanoseconds()
        if now >= nextKeepalive {
            nextKeepalive = now + Int64(FlapPlan.holdTime) * 1_000_000_000 / 4
            var bytes: [UInt8] = []
            KeepaliveMessage.encode(to: &bytes)
            for stream in streams {
                guard Peer.write(bytes, to: stream.descriptor) else { return false }
            }
        }
        return readWhatIsThere(milliseconds: milliseconds)
    }

    /// Waits that long for something to read; false where a session has ended.
    private mutating func readWhatIsThere(milliseconds: Int32) -> Bool {
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return true }
        for (place, one) in polled.enumerated() where one.revents != 0 {
            guard streams[place].read() else { return false }
        }
        return true
    }
}
