import Addressing
import BGPWire
import Glibc

/// One session of the collector with r3, from its OPEN to its end.
struct CollectorSession {
    private let connection: Int32
    private let table: CollectorTable
    private var unrest: CollectorUnrest
    private var received: [UInt8] = []
    private var isEstablished = false
    private var lastSent = ContinuousClock.now

    /// How often routes change.
    private static let beat = Duration.milliseconds(400)
    private static let holdTime: UInt16 = 90

    init(_ connection: Int32, _ table: CollectorTable) {
        self.connection = connection
        self.table = table
        unrest = CollectorUnrest(routeCount: table.routes.count)
    }

    /// Returns when the session has ended.
    consuming func run() {
        var output: [UInt8] = []
        open.encode(to: &output)
        guard send(output) else { return }
        var nextBeat = ContinuousClock.now + Self.beat
        while receive(until: nextBeat) {
            guard ContinuousClock.now >= nextBeat else { continue }
            nextBeat += Self.beat
            guard beat() else { return }
        }
    }

    private var open: OpenMessage {
        var capabilities = Capabilities()
        for family in AddressFamily.allCases where table.nextHops[family] != nil {
            capabilities.families.insert(FamilySet(family))
        }
        let number = LabRouter.collector.autonomousSystem
        capabilities.fourOctetAS = ASNumber(number)
        return OpenMessage(
            twoOctetAS: UInt16(number),
            holdTime: Self.holdTime,
            identifier: 0xC612_0004,
            capabilities: capabilities
        )
    }

    /// Sends what is due; false when the session is over.
    private mutating func beat() -> Bool {
        var output: [UInt8] = []
        if isEstablished {
            for change in unrest.next() {
                switch change {
                case .withdraw(let index):
                    table.appendWithdrawal(of: table.routes[index], to: &output)
                case .lengthen(let index):
                    table.append([table.routes[index]], detour: .prepended, to: &output)
                case .restore(let index):
                    table.append([table.routes[index]], detour: .none, to: &output)
                }
            }
        }
        if output.isEmpty, lastSent.duration(to: .now) > .seconds(Int(Self.holdTime) / 3) {
            KeepaliveMessage.encode(to: &output)
        }
        return send(output)
    }

    /// Reads what has come until that time; false when the session is over.
    private mutating func receive(until time: ContinuousClock.Instant) -> Bool {
        let wait = max(.zero, ContinuousClock.now.duration(to: time))
        var input = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        let ready = poll(&input, 1, Int32((wait / .milliseconds(1)).rounded(.up)))
        if ready == 0 || (ready < 0 && errno == EINTR) { return true }
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = read(connection, &piece, piece.count)
        guard count > 0 else { return false }
        received += piece[..<count]
        return takeMessages()
    }

    private mutating func takeMessages() -> Bool {
        var offset = 0
        while true {
            switch MessageFraming.next(in: received.span, at: &offset) {
            case .incomplete:
                received.removeFirst(offset)
                return true
            case .fault:
                return false
            case .message(let type, _):
                guard answer(type) else { return false }
            }
        }
    }

    private mutating func answer(_ type: MessageType) -> Bool {
        var output: [UInt8] = []
        switch type {
        case .open:
            KeepaliveMessage.encode(to: &output)
        case .keepalive where !isEstablished:
            isEstablished = true
            table.appendAll(to: &output)
        case .routeRefresh:
            table.appendAll(to: &output)
        case .notification:
            return false
        case .keepalive, .update:
            return true
        }
        return send(output)
    }

    /// Sends all of it, waiting where r3 is slow; false when the session is over.
    private mutating func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
            lastSent = .now
        }
        return true
    }
}
