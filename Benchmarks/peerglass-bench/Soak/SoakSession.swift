import Addressing
import BGPWire
import CLinux
import Foundation

/// One neighbor's session: connects again and again, greets, keeps alive, sends its routes, and counts.
final class SoakSession {
    enum State: Equatable {
        /// Tries again then, milliseconds.
        case down(retryAt: Int64)
        case connecting(since: Int64)
        /// Greeted; the daemon's OPEN and KEEPALIVE are awaited.
        case greeting(since: Int64)
        case established
    }

    let neighbor: SoakNeighbor
    /// What it sends once it is up, and again on request.
    private let routes: [UInt8]
    private(set) var state = State.down(retryAt: 0)
    private(set) var descriptor: Int32 = -1
    private var received: [UInt8] = []
    private var pending: [UInt8] = []
    private var sent = 0
    private var lastHeard: Int64 = 0
    private var nextKeepalive: Int64 = 0
    private var nextOctet: Int64 = 0
    private var round = 0

    /// Milliseconds after which a session that is not up is tried again.
    private static let patience: Int64 = 5000

    init(_ neighbor: SoakNeighbor, routes: [UInt8]) {
        self.neighbor = neighbor
        self.routes = routes
    }

    /// True where the poll set is to ask for writability.
    var wantsToWrite: Bool {
        if case .connecting = state { return true }
        return sent < pending.count
    }

    /// True where the poll set is to ask for what comes; the slow one reads by the clock.
    var wantsToRead: Bool { !(neighbor.role == .slow && state == .established) }

    // MARK: Time

    /// Does what is due.
    func tick(_ now: Int64, _ facts: inout SoakFacts) {
        switch state {
        case .down(let retryAt):
            if retryAt <= now { connect(now) }
        case .connecting(let since), .greeting(let since):
            if now - since > Self.patience { drop(now) }
        case .established:
            if nextKeepalive <= now { keepAlive(now) }
            if neighbor.role == .slow {
                readOctet(now, &facts)
            } else {
                checkHoldTimer(now, &facts)
            }
        }
    }

    private func checkHoldTimer(_ now: Int64, _ facts: inout SoakFacts) {
        let silence = now - lastHeard
        guard silence > Int64(neighbor.holdTime) * 1000, cl_waiting(descriptor) == 0 else { return }
        facts.noteSilence(silence, of: neighbor)
        queue { NotificationMessage(.holdTimerExpired).encode(to: &$0) }
        flush(now, &facts)
        lose("heard nothing for \(silence) ms", now, &facts)
    }

    private func keepAlive(_ now: Int64) {
        // A third of the hold time and a little less, as everybody does.
        nextKeepalive = now + Int64(neighbor.holdTime) * 1000 / 4
        // What is being sent says just as well that we live.
        if sent == pending.count { queue { KeepaliveMessage.encode(to: &$0) } }
    }

    private func readOctet(_ now: Int64, _ facts: inout SoakFacts) {
        guard nextOctet <= now else { return }
        nextOctet = now + 1000
        var octet: UInt8 = 0
        let count = cl_read(descriptor, &octet, 1)
        if count == 0 || count < 0 && count != -Int(EAGAIN) { lose("closed", now, &facts) }
    }

    /// Announces `count` of its routes anew, or every third time withdraws them until the next.
    func churn(_ count: Int) {
        guard state == .established, neighbor.role.routeCount > 0, sent == pending.count else {
            return
        }
        round += 1
        let steps = neighbor.role.routeCount / count
        let start = round / 3 % steps * count
        let range = start..<start + count
        queue { output in
            if round % 3 == 1 {
                SoakRoutes.withdraw(range, of: neighbor, to: &output)
            } else {
                SoakRoutes.announce(range, of: neighbor, round: round, to: &output)
            }
        }
    }

    /// Announces all its routes again, those too that were withdrawn last.
    func endChurn() {
        if neighbor.role.routeCount > 0 { sendRoutes() }
    }

    private func sendRoutes() {
        if state == .established, sent == pending.count { queue { $0 += routes } }
    }

    /// Asks the daemon to send everything again.
    func askForRefresh() {
        guard state == .established else { return }
        queue { RouteRefreshMessage(.ipv4).encode(to: &$0) }
    }

    /// The silence that goes on counts as far as it has come.
    func noteSilence(_ now: Int64, _ facts: inout SoakFacts) {
        guard state == .established, wantsToRead else { return }
        // What has come and is not read yet has been heard.
        let silence = min(now - lastHeard, SoakSocket.sinceArrival(descriptor))
        facts.noteSilence(silence, of: neighbor)
    }

    // MARK: The connection

    private func connect(_ now: Int64) {
        let key = neighbor.role == .secured ? SoakNeighbor.key : []
        guard
            let opened = SoakSocket.connect(
                from: neighbor.address,
                to: neighbor.daemon,
                key: key,
                isSmall: neighbor.role == .slow
            )
        else {
            state = .down(retryAt: now + 1000)
            return
        }
        descriptor = opened
        state = .connecting(since: now)
    }

    /// The socket takes something.
    func writable(_ now: Int64, _ facts: inout SoakFacts) {
        if case .connecting = state {
            guard cl_connect_error(descriptor) == 0 else { return drop(now) }
            state = .greeting(since: now)
            greet()
        }
        flush(now, &facts)
    }

    private func greet() {
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.fourOctetAS = ASNumber(neighbor.autonomousSystem)
        capabilities.routeRefresh = true
        let message = OpenMessage(
            twoOctetAS: UInt16(neighbor.autonomousSystem),
            holdTime: neighbor.holdTime,
            identifier: neighbor.address.ipv4Bits,
            capabilities: capabilities
        )
        queue {
            message.encode(to: &$0)
            KeepaliveMessage.encode(to: &$0)
        }
    }

    /// Reads what has come, at most `scratch`.
    func readable(_ now: Int64, _ scratch: inout [UInt8], _ facts: inout SoakFacts) {
        let count = cl_read(descriptor, &scratch, scratch.count)
        if count == -Int(EAGAIN) { return }
        guard count > 0 else { return lose(count == 0 ? "closed" : "errno \(-count)", now, &facts) }
        // When it came, not when we came to read it.
        let arrival = now - SoakSocket.sinceArrival(descriptor)
        var bytes = received
        received = []
        bytes += scratch[..<count]
        var offset = 0
        loop: while true {
            switch MessageFraming.next(in: bytes.span, at: &offset) {
            case .incomplete: break loop
            case .fault: return lose("sent what is no message", now, &facts)
            case .message(let type, let body):
                if state == .established { facts.noteSilence(arrival - lastHeard, of: neighbor) }
                lastHeard = max(arrival, lastHeard)
                guard take(type, bytes, body, now, &facts) else { return }
            }
        }
        bytes.removeFirst(offset)
        received = bytes
        flush(now, &facts)
    }

    private func take(
        _ type: MessageType,
        _ bytes: [UInt8],
        _ body: Range<Int>,
        _ now: Int64,
        _ facts: inout SoakFacts
    ) -> Bool {
        switch type {
        case .open:
            break
        case .keepalive:
            if case .greeting = state {
                state = .established
                facts.connects += 1
                nextKeepalive = now
                queue { $0 += routes }
            }
        case .update:
            facts.announced += Peer.announced(bytes.span.extracting(body))
        case .routeRefresh:
            facts.refreshes += 1
            sendRoutes()
        case .notification:
            let code = bytes[body.lowerBound]
            lose("NOTIFICATION \(code)/\(bytes[body.lowerBound + 1])", now, &facts)
            return false
        }
        return true
    }

    private func queue(_ append: (inout [UInt8]) -> Void) {
        if sent == pending.count {
            pending.removeAll()
            sent = 0
        }
        append(&pending)
    }

    /// Writes what the socket takes.
    func flush(_ now: Int64, _ facts: inout SoakFacts) {
        while sent < pending.count, descriptor >= 0 {
            let count = pending.withUnsafeBufferPointer { buffer -> Int in
                guard let base = buffer.baseAddress else { return -1 }
                return cl_write(descriptor, base + sent, min(buffer.count - sent, 1 << 18))
            }
            if count == -Int(EAGAIN) { return }
            guard count > 0 else { return lose("errno \(-count)", now, &facts) }
            sent += count
        }
    }

    // MARK: The end

    private func lose(_ why: String, _ now: Int64, _ facts: inout SoakFacts) {
        if state == .established { facts.noteLoss(of: neighbor, why) }
        drop(now)
    }

    private func drop(_ now: Int64) {
        if descriptor >= 0 { _ = cl_close(descriptor) }
        descriptor = -1
        received = []
        pending = []
        sent = 0
        state = .down(retryAt: now + 1000)
    }
}
