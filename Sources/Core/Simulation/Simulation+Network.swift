import Addressing
import BGPSession
import Configuration
import Speaker
import Timekeeping

/// What goes over the links: in order, cut anywhere, held up while a link does not carry it.
extension Simulation {
    /// What travels together at most: on a slow link the rest comes later.
    private static let longestPiece = 16384

    func send(_ piece: Connection.Piece, on connection: Int, from side: Side) {
        let before = connections[connection].streams[side].pieces.last?.due ?? now
        let sent = transmit(
            piece,
            on: connections[connection].link,
            from: connections[connection].linkSide[side]
        )
        let due = max(before, sent + random.duration(in: dials.latency))
        connections[connection].streams[side].pieces.append((due, piece))
        agenda.add(.arrival(connection: connection, from: side), at: due)
    }

    /// When the last bit of a piece is on the cable, behind what was to be sent before.
    private func transmit(
        _ piece: Connection.Piece,
        on link: LinkNumber,
        from side: Side
    ) -> Instant {
        guard let bandwidth = dials.bandwidth else { return now }
        let start = max(now, links[link.value].busyUntil[side])
        let end = start + .microseconds(piece.byteCount * 1_000_000 / bandwidth)
        links[link.value].busyUntil[side] = end
        return end
    }

    func send(_ bytes: [UInt8], on connection: Int, from side: Side) {
        connections[connection].streams[side].byteCount += bytes.count
        switch dials.segmentation {
        case .whole:
            for start in stride(from: 0, to: bytes.count, by: Self.longestPiece) {
                let end = min(bytes.count, start + Self.longestPiece)
                send(.bytes(Array(bytes[start..<end])), on: connection, from: side)
            }
        case .random:
            var start = 0
            while start < bytes.count {
                let longest = [7, 100, 1460, Self.longestPiece][random.number(in: 0..<4)]
                // Many tiny pieces in a row teach nothing that a few do not.
                let length = start > 1000 ? Self.longestPiece : random.number(in: 1..<longest + 1)
                let end = min(bytes.count, start + length)
                send(.bytes(Array(bytes[start..<end])), on: connection, from: side)
                start = end
            }
        }
    }

    /// What is due arrives, as far as the link carries it.
    func arrive(_ connection: Int, from side: Side) {
        while let (due, piece) = connections[connection].streams[side].pieces.first, due <= now {
            let link = links[connections[connection].link.value]
            guard link.carries(from: connections[connection].linkSide[side]) else {
                connections[connection].streams[side].isHeldUp = true
                return
            }
            connections[connection].streams[side].pieces.removeFirst()
            take(piece, connection, at: side.other)
        }
    }

    /// A link carries again: what it held up is sent once more.
    func resume(_ link: LinkNumber) {
        for connection in connections.indices where connections[connection].link == link {
            for side in Side.allCases where connections[connection].streams[side].isHeldUp {
                connections[connection].streams[side].isHeldUp = false
                let pause = random.duration(in: .zero ... .milliseconds(500))
                agenda.add(.arrival(connection: connection, from: side), at: now + pause)
            }
        }
    }

    private func take(_ piece: Connection.Piece, _ connection: Int, at side: Side) {
        let machine = connections[connection].ends[side].machine
        guard machines[machine.value].isPowered else { return }
        let id = Connection.id(connection, side)
        switch (piece, connections[connection].ends[side].state) {
        case (.request, _):
            accept(connection)
        case (.acceptance, .connecting):
            connections[connection].ends[side].state = .open
            tell(machine, .connected(id))
        case (.bytes(let bytes), .open):
            connections[connection].streams[side.other].byteCount -= bytes.count
            connections[connection].ends[side].unread += bytes
            wake(machine, for: connection, side)
        case (.end, .open):
            connections[connection].ends[side].end = .clean
            wake(machine, for: connection, side)
        case (.reset, .connecting):
            connections[connection].ends[side].state = .absent
            tell(machine, .refused(id, errno: 111))
        case (.reset, .open):
            connections[connection].ends[side].end = .failed(errno: 104)
            wake(machine, for: connection, side)
        case (.bytes, _), (.acceptance, _):
            // Nobody knows this connection here.
            send(.reset, on: connection, from: side)
        case (.end, _), (.reset, _):
            break
        }
    }

    private func accept(_ connection: Int) {
        let end = connections[connection].ends.second
        guard isListening(end.machine, end.endpoint) else {
            return send(.reset, on: connection, from: .second)
        }
        let id = Connection.id(connection, .second)
        connections[connection].ends.second.state = .open
        machines[end.machine.value].process?.sockets[id] = Socket(
            connection: connection,
            side: .second,
            state: .open
        )
        machines[end.machine.value].process?.wake(id)
        send(.acceptance, on: connection, from: .second)
        let remote = connections[connection].ends.first.endpoint
        tell(end.machine, .arrived(id, local: end.endpoint, remote: remote))
    }

    private func isListening(_ number: MachineNumber, _ endpoint: Endpoint) -> Bool {
        guard isRunning(number) else { return false }
        let listeners = machines[number.value].configuration.listeners
        if listeners.isEmpty { return endpoint.port == 179 }
        return listeners.contains {
            $0.port == endpoint.port
                && ($0.address == endpoint.address || $0.address.isUnspecified)
        }
    }
}
