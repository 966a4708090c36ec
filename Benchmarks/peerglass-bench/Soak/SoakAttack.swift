import Addressing
import BGPWire
import CLinux
import Foundation

/// What is done to the daemon's port 179.
enum SoakAttack: String {
    /// Connections as fast as allowed, from established neighbors and strangers: closed at once, reset, or left.
    case storm
    /// A thousand connections that say nothing, or begin an OPEN and never finish it.
    case halfOpen
    /// Connections in the name of a neighbor that has a TCP MD5 key, without one or with another.
    case wrongKey

    /// What an attack came to.
    struct Result: Codable {
        var attempts = 0
        /// Handshakes that the daemon's kernel let pass.
        var connected = 0
        /// The most connections that were open at once.
        var held = 0
    }
}

/// The process that attacks until it hears `end` or its input ends, then says what came of it.
final class SoakAttacker {
    private let attack: SoakAttack
    private var result = SoakAttack.Result()
    /// Open connections, the oldest first, and when each was opened.
    private var held: [(descriptor: Int32, since: Int64)] = []
    /// The half-open connection of each silent neighbor, -1 where there is none.
    private var silent = [Int32](repeating: -1, count: SoakRole.silent.count)
    private var turn = 0

    /// Attempts a second: 400 of a storm, 1,000 until all half-open ones stand, 100 with a wrong key.
    private var attemptsPerTick: Int {
        switch attack {
        case .storm: 4
        case .halfOpen: 10
        case .wrongKey: 1
        }
    }

    init(_ attack: SoakAttack) {
        self.attack = attack
    }

    func run() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        var orders = LineReader()
        while true {
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            if poll(&input, 1, 10) > 0, orders.read().map({ $0.contains("end") }) ?? true { break }
            for _ in 0..<attemptsPerTick { attempt() }
            tidy()
        }
        SoakLine.write(result)
        return 0
    }

    private func attempt() {
        turn += 1
        switch attack {
        case .storm: storm()
        case .halfOpen: openHalf()
        case .wrongKey: signWrongly()
        }
    }

    private func storm() {
        // Every other one is a stranger; the others come from neighbors whose sessions are up.
        let source =
            turn % 2 == 0
            ? SoakNeighbor.stranger(turn)
            : SoakNeighbor(role: .crowd, number: turn / 2 % SoakRole.crowd.count).address
        guard let descriptor = open(from: source) else { return }
        switch turn / 2 % 4 {
        case 0: _ = cl_close(descriptor)
        case 1: SoakSocket.abort(descriptor)
        case 2:
            let noise = [UInt8](repeating: 0x20, count: 64)
            _ = cl_write(descriptor, noise, noise.count)
            held.append((descriptor, SoakSocket.now))
        default: held.append((descriptor, SoakSocket.now))
        }
    }

    private func openHalf() {
        guard let free = silent.firstIndex(of: -1) else { return }
        let source = SoakNeighbor(role: .silent, number: free).address
        guard let descriptor = open(from: source) else { return }
        silent[free] = descriptor
        // A marker, the length of an OPEN, and no more.
        let part = [UInt8](repeating: 0xFF, count: 16) + [0, 45, 1, 4]
        if free % 2 == 1 { _ = cl_write(descriptor, part, part.count) }
    }

    private func signWrongly() {
        let source = SoakNeighbor(role: .secured, number: 0).address
        let key = turn % 2 == 0 ? Array("wrong".utf8) : []
        guard let descriptor = open(from: source, key: key) else { return }
        held.append((descriptor, SoakSocket.now))
    }

    private func open(from source: IPAddress, key: [UInt8] = []) -> Int32? {
        result.attempts += 1
        return SoakSocket.connect(from: source, to: SoakNeighbor.daemon, key: key)
    }

    /// Lets go of what has been held for long enough, and of what the daemon has closed.
    private func tidy() {
        let now = SoakSocket.now
        while let first = held.first, held.count > 256 || now - first.since > 1000 {
            if SoakSocket.isConnected(first.descriptor) { result.connected += 1 }
            SoakSocket.abort(first.descriptor)
            held.removeFirst()
        }
        guard attack == .halfOpen else {
            result.held = max(result.held, held.count)
            return
        }
        // A tenth of them is looked at each time.
        for index in stride(from: turn % 10, to: silent.count, by: 10) where silent[index] >= 0 {
            if isClosed(silent[index]) {
                _ = cl_close(silent[index])
                silent[index] = -1
            }
        }
        let open = silent.count { $0 >= 0 && SoakSocket.isConnected($0) }
        result.held = max(result.held, open)
        result.connected = max(result.connected, open)
    }

    /// Reads the daemon's OPEN away; true at the end of the stream.
    private func isClosed(_ descriptor: Int32) -> Bool {
        var scratch = [UInt8](repeating: 0, count: 256)
        let count = cl_read(descriptor, &scratch, scratch.count)
        return count == 0 || count < 0 && count != -Int(EAGAIN) && count != -Int(ENOTCONN)
    }
}
