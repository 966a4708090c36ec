import Addressing
import BGPSession
import Control
import KernelRoutes
import Speaker
import Timekeeping

/// Sockets as a speaker's loop uses them.
extension Simulation {
    /// Starts connecting, as `connect` does: an answer comes later, or the reason why there is no way.
    func connect(
        _ number: MachineNumber,
        _ process: SpeakerProcess,
        _ neighbor: NeighborNumber,
        _ attempt: ConnectAttempt,
        _ order: ConnectOrder
    ) {
        guard let (link, side) = machines[number.value].ways[order.address] else {
            return process.speaker.connectFailed(neighbor, attempt: attempt, errno: 101)
        }
        let near = links[link.value].ends[side]
        let interface = machines[number.value].kernel.interfaces.first {
            $0.index == near.interface
        }
        guard interface?.isUp == true,
            let own = order.localAddress
                ?? near.addresses.first(where: {
                    $0.family == order.address.family
                        && $0.isLinkLocal == order.address.isLinkLocal
                })
        else { return process.speaker.connectFailed(neighbor, attempt: attempt, errno: 101) }
        let connection = connections.count
        let far = links[link.value].ends[side.other].machine
        connections.append(
            Connection(
                link: link,
                linkSide: Sides(side, side.other),
                ends: Sides(
                    Connection.End(
                        machine: number,
                        endpoint: Endpoint(
                            address: own,
                            port: machines[number.value].takePort()
                        ),
                        state: .connecting
                    ),
                    Connection.End(
                        machine: far,
                        endpoint: Endpoint(address: order.address, port: order.port),
                        state: .absent
                    )
                )
            )
        )
        let id = Connection.id(connection, .first)
        process.sockets[id] = Socket(
            connection: connection,
            side: .first,
            state: .connecting(neighbor, attempt)
        )
        process.attempts[neighbor] = id
        if interface?.isRunning == true {
            send(.request, on: connection, from: .first)
        } else {
            // Nobody answers on the link who has that address: Linux gives up after three seconds.
            agenda.add(.noWay(connection: connection), at: now + .seconds(3))
        }
    }

    func failForWantOfWay(_ connection: Int) {
        let end = connections[connection].ends.first
        guard end.state == .connecting else { return }
        connections[connection].ends.first.state = .absent
        tell(end.machine, .refused(Connection.id(connection, .first), errno: 113))
    }

    /// Takes what has arrived and gives the other side room again.
    func read(_ socket: Socket) -> [UInt8] {
        let side = socket.side
        let bytes = connections[socket.connection].ends[side].unread
        guard !bytes.isEmpty else { return [] }
        connections[socket.connection].ends[side].unread = []
        let other = connections[socket.connection].ends[side.other].machine
        let id = Connection.id(socket.connection, side.other)
        if let process = machines[other.value].process, let waiting = process.sockets[id],
            !waiting.output.isEmpty || waiting.hasRoutesWaiting
        {
            schedule(other, at: now + random.duration(in: dials.latency))
        }
        return bytes
    }

    /// Writes what the connection takes; the number of bytes.
    func write(_ socket: inout Socket) -> Int {
        // What is written after a reset is not taken: octets before it are lost, and none may follow the gap.
        guard connections[socket.connection].ends[socket.side].end == nil else { return 0 }
        let room = connections[socket.connection].room(from: socket.side, window: dials.window)
        let count = min(room, socket.output.count)
        guard count > 0 else { return 0 }
        send(Array(socket.output[..<count]), on: socket.connection, from: socket.side)
        socket.output.removeFirst(count)
        return count
    }

    /// Sends what waits, shuts our side and waits a little for the other's end.
    func close(_ id: ConnectionID, _ process: SpeakerProcess) {
        guard var socket = process.sockets[id] else { return }
        guard socket.end == nil, socket.isOpen else { return drop(id, process) }
        _ = write(&socket)
        send(.end, on: socket.connection, from: socket.side)
        socket.state = .closing(deadline: now + .seconds(2))
        process.sockets[id] = socket
        process.wake(id)
    }

    /// Gives a socket up; where bytes wait unread the other side hears of it as a reset.
    func drop(_ id: ConnectionID, _ process: SpeakerProcess) {
        guard let socket = process.sockets.removeValue(forKey: id) else { return }
        giveUp(socket)
    }

    func giveUp(_ socket: Socket) {
        let end = connections[socket.connection].ends[socket.side]
        connections[socket.connection].ends[socket.side].state = .absent
        connections[socket.connection].ends[socket.side].unread = []
        guard end.state == .open else { return }
        var isShut = false
        if case .closing = socket.state { isShut = true }
        if !end.unread.isEmpty || !socket.output.isEmpty {
            send(.reset, on: socket.connection, from: socket.side)
        } else if !isShut {
            send(.end, on: socket.connection, from: socket.side)
        }
    }

    func closeOverdue(_ process: SpeakerProcess) {
        for id in process.awakeIDs {
            guard case .closing(let deadline) = process.sockets[id]?.state, deadline <= now
            else { continue }
            drop(id, process)
        }
    }

    /// Something has come on a connection: the machine's next turn reads it.
    func wake(_ number: MachineNumber, for connection: Int, _ side: Side) {
        machines[number.value].process?.wake(Connection.id(connection, side))
        schedule(number, at: now)
    }

    /// Tells a speaker at its next turn.
    func tell(_ number: MachineNumber, _ news: SocketNews) {
        guard let process = machines[number.value].process else { return }
        process.news.append(news)
        schedule(number, at: now)
    }
}
