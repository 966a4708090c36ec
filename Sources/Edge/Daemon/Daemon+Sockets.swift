import Addressing
import BGPSession
import CLinux
import Control
import KernelRoutes
import Logging
import Speaker
import Timekeeping

/// Sockets of sessions: making, reading, writing and ending them; and what the speaker asks for.
extension Daemon {
    // MARK: What the speaker asks for

    /// Does what the speaker has asked for since the last time.
    func afterSpeaker() {
        for effect in speaker.takeEffects() {
            switch effect {
            case .connect(let number, let attempt, let order): connect(number, attempt, order)
            case .cancelConnect(let number, let attempt): cancelConnect(number, attempt)
            case .admit(let id, let settings): admit(id, settings)
            case .send(let id, let bytes):
                connections[id]?.send.bytes.append(contentsOf: bytes)
            case .outputWaiting(let id):
                connections[id]?.hasRoutesWaiting = true
                hasBackground = true
            case .close(let id): close(id)
            case .abort(let id): abort(id)
            case .event(let event): log(event)
            case .stopped(let withdrawal):
                self.withdrawal = withdrawal
                isStopped = true
            }
        }
    }

    private func log(_ event: EventRow) {
        let line = speaker.line(of: event)
        switch event.kind {
        case .kernelRefusal, .kernelOverrun, .malformedUpdate: logger.warning("\(line)")
        case .connectFailed: logger.debug("\(line)")
        default: logger.info("\(line)")
        }
    }

    // MARK: Connecting

    private func connect(_ number: NeighborNumber, _ attempt: ConnectAttempt, _ order: ConnectOrder)
    {
        let scope = order.scope.map { cl_interface_index($0) } ?? 0
        let descriptor = cl_tcp_socket(UInt8(order.address.family.byteCount))
        guard descriptor >= 0 else {
            return speaker.connectFailed(number, attempt: attempt, errno: -descriptor)
        }
        if let refusal = order.settings.apply(to: descriptor, peer: order.address, scope: scope) {
            _ = cl_close(descriptor)
            return speaker.connectRefusedLocally(number, attempt: attempt, refusal)
        }
        if let local = order.localAddress {
            var address = cl_address(local, port: 0, scope: scope)
            let result = cl_bind(descriptor, &address)
            if result < 0 {
                _ = cl_close(descriptor)
                let refusal = SocketRefusal.option(name: "local-address \(local)", errno: -result)
                return speaker.connectRefusedLocally(number, attempt: attempt, refusal)
            }
        }
        var peer = cl_address(order.address, port: order.port, scope: scope)
        let result = cl_connect(descriptor, &peer)
        if result < 0 {
            _ = cl_close(descriptor)
            return speaker.connectFailed(number, attempt: attempt, errno: -result)
        }
        let remote = Endpoint(address: order.address, port: order.port)
        let connection = Connection(
            id: takeID(),
            descriptor: descriptor,
            peer: order.address,
            state: .connecting(number, attempt, remote)
        )
        connection.isHeard = true
        connections[connection.id] = connection
        attempts[number] = connection.id
        connection.isWaitingToWrite = true
        _ = cl_poll_add(poll, descriptor, 3, Tag.connection(connection.id))
    }

    private func takeID() -> ConnectionID {
        defer { nextConnection += 1 }
        return ConnectionID(nextConnection)
    }

    private func cancelConnect(_ number: NeighborNumber, _ attempt: ConnectAttempt) {
        guard let id = attempts[number], let connection = connections[id],
            case .connecting(_, attempt, _) = connection.state
        else { return }
        attempts[number] = nil
        drop(connection)
    }

    func finishConnect(_ connection: Connection) {
        guard case .connecting(let number, let attempt, let remote) = connection.state else {
            return
        }
        attempts[number] = nil
        let error = cl_connect_error(connection.descriptor)
        if error != 0 {
            drop(connection)
            return speaker.connectFailed(number, attempt: attempt, errno: error)
        }
        connection.state = .open
        setInterest(connection, writable: false)
        speaker.connectionOpened(
            connection.id,
            for: number,
            attempt: attempt,
            local: localEndpoint(connection.descriptor) ?? remote,
            remote: remote
        )
    }

    private func localEndpoint(_ descriptor: Int32) -> Endpoint? {
        var address = cl_address()
        guard cl_local_address(descriptor, &address) >= 0, let local = address.address else {
            return nil
        }
        return Endpoint(address: local, port: address.port)
    }

    // MARK: Accepting

    func accept(_ descriptor: Int32) {
        guard let listener = listeners.first(where: { $0.descriptor == descriptor }) else { return }
        for _ in 0..<64 {
            var peer = cl_address()
            let accepted = cl_accept(descriptor, &peer)
            if accepted < 0 {
                guard Self.isShortage(errno: -accepted) else { return }
                // Who has been told its end makes room for who comes; the connection is in the queue still.
                if let oldest = closing.oldest {
                    abort(oldest)
                    continue
                }
                return pauseAccepting(errno: -accepted)
            }
            guard let address = peer.address, let local = localEndpoint(accepted) else {
                _ = cl_close(accepted)
                continue
            }
            if let errno = listener.keyRefusal(for: address) {
                let reason = String(cString: cl_error_text(errno))
                tellRefusal("its MD5 key could not be set (\(reason))", of: address)
                _ = cl_close(accepted)
                continue
            }
            let connection = Connection(
                id: takeID(),
                descriptor: accepted,
                peer: address,
                state: .open
            )
            connections[connection.id] = connection
            _ = cl_poll_add(poll, accepted, 1, Tag.connection(connection.id))
            speaker.connectionArrived(
                connection.id,
                local: local,
                remote: Endpoint(address: address, port: peer.port),
                interface: address.isLinkLocal ? LinkName(index: peer.scope) : nil
            )
            afterSpeaker()
        }
    }

    /// Descriptors or memory are short, of this process or of the system.
    private static func isShortage(errno: Int32) -> Bool {
        [12, 23, 24, 105].contains(errno)
    }

    /// The queue is left alone for a second instead of spinning on it.
    private func pauseAccepting(errno: Int32) {
        guard acceptPausedUntil == nil else { return }
        logger.error(
            "cannot accept connections: \(String(cString: cl_error_text(errno))); trying again in 1 s"
        )
        acceptPausedUntil = now + .seconds(1)
        for listener in listeners {
            _ = cl_poll_change(poll, listener.descriptor, 0, Tag.listener(listener.descriptor))
        }
    }

    private func admit(_ id: ConnectionID, _ settings: SocketSettings) {
        guard let connection = connections[id] else { return }
        var peer = cl_address()
        guard cl_remote_address(connection.descriptor, &peer) >= 0, let address = peer.address
        else { return }
        // The listening socket's key came with the connection; setting it again is for those without.
        if let refusal = settings.apply(to: connection.descriptor, peer: address, scope: peer.scope)
        {
            tellRefusal("\(refusal)", of: address)
            drop(connection)
            speaker.connectionClosed(id, .failed(errno: 1))
        }
    }

    /// Says once why a neighbor's connections are refused: the reason stays as long as we run.
    private func tellRefusal(_ reason: String, of address: IPAddress) {
        guard toldRefusals.insert(address).inserted else { return }
        logger.error("connections from \(address) are refused: \(reason)")
    }

    // MARK: Reading

    /// Reads once from every socket that has something and whose earlier bytes are worked off.
    func readSockets() {
        for connection in connections.values where connection.isReadable {
            switch connection.state {
            case .connecting: continue
            case .closing: discard(connection)
            case .open: read(connection)
            }
        }
    }

    private func read(_ connection: Connection) {
        guard !connection.receive.hasWork, connection.end == nil else { return }
        let result = connection.receive.read(from: connection.descriptor, through: &readBuffer)
        if result == -11 {
            connection.isReadable = false
        } else if result == 0 {
            connection.end = .clean
        } else if result < 0 {
            connection.end = .failed(errno: Int32(-result))
        } else {
            connection.receive.hasWork = true
            // A short read has emptied the socket.
            if result < ReceiveBuffer.readSize { connection.isReadable = false }
        }
        if !connection.isReadable, !connection.receive.hasWork {
            speaker.inputRead(connection.id, drained: .drained, left: 0)
        } else {
            speaker.inputRead(connection.id, drained: .unread, left: connection.receive.count)
        }
    }

    /// Works off what was read: at most one read's bytes a session and turn.
    func workInput() {
        for id in connections.keys.sorted() {
            guard let connection = connections[id], connection.isOpen else { continue }
            if connection.receive.hasWork {
                connection.isHeard = true
                connection.receive.work { speaker.received($0, on: id) }
                connection.receive.hasWork = false
                speaker.inputRead(id, drained: connection.isReadable ? .unread : .drained, left: 0)
                hasBackground = true
            }
            if let end = connection.end, !connection.receive.hasWork {
                drop(connection)
                speaker.connectionClosed(id, end)
                hasBackground = true
            }
        }
    }

    // MARK: Writing

    /// Writes what waits, then routes, as much of both as the sockets take.
    func writeSockets() {
        let ids = connections.keys.sorted()
        for id in ids {
            guard let connection = connections[id], connection.isOpen, connection.send.count > 0
            else { continue }
            write(connection)
        }
        sendRoutes(on: ids)
    }

    private func write(_ connection: Connection) {
        let result = connection.send.write(to: connection.descriptor)
        if result < 0 {
            connection.end = .failed(errno: Int32(-result))
            hasBackground = true
            return
        }
        let pending = connection.send.count
        if pending == 0 || result > 0 {
            speaker.outputProgressed(connection.id, pending: pending)
        } else {
            speaker.outputStalled(connection.id, pending: pending)
        }
        setInterest(connection, writable: pending > 0)
    }

    /// How long routes are sent at a time; some hundred neighbors with a table each would take seconds.
    private static let sendTime = Duration.milliseconds(8)
    /// More sessions than that with routes waiting are given less at a time.
    private static let fewSessions = 32

    /// Sends routes on one connection after the other, from where the last time ended, until the time is over.
    private func sendRoutes(on ids: [ConnectionID]) {
        let waiting = fillOrder.order(of: ids.filter { connections[$0]?.hasRoutesWaiting == true })
        let target =
            waiting.count > Self.fewSessions ? SendBuffer.smallTarget : SendBuffer.target
        let end = now + Self.sendTime
        for id in waiting {
            guard let connection = connections[id], connection.isOpen, connection.end == nil,
                connection.send.count < target / 2
            else { continue }
            connection.send.borrow(&spareMemory)
            connection.hasRoutesWaiting = speaker.produceOutput(
                for: id,
                into: &connection.send.bytes,
                limit: target
            )
            if connection.send.count > 0 { write(connection) }
            connection.send.giveBack(&spareMemory)
            fillOrder.served(id)
            if now >= end { break }
        }
        // Who can be sent more is not waited for.
        if waiting.contains(where: {
            connections[$0].map { $0.hasRoutesWaiting && $0.send.count == 0 } ?? false
        }) {
            hasBackground = true
        }
    }

    private func setInterest(_ connection: Connection, writable: Bool) {
        guard connection.isWaitingToWrite != writable else { return }
        connection.isWaitingToWrite = writable
        _ = cl_poll_change(
            poll,
            connection.descriptor,
            writable ? 3 : 1,
            Tag.connection(connection.id)
        )
    }

    // MARK: Ending

    /// Sends what waits, shuts our side and waits a little for the peer's: a NOTIFICATION is read before a reset.
    private func close(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        if connection.end != nil { return drop(connection) }
        _ = connection.send.write(to: connection.descriptor)
        _ = cl_shut_output(connection.descriptor)
        guard closing.admit(connection) else { return drop(connection) }
        connection.receive = ReceiveBuffer()
        connection.send = SendBuffer()
        connection.hasRoutesWaiting = false
        connection.state = .closing(deadline: now + .seconds(2))
        connection.isReadable = true
        setInterest(connection, writable: false)
    }

    private func abort(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        drop(connection)
    }

    private func discard(_ connection: Connection) {
        for _ in 0..<16 {
            let result = readBuffer.read(from: connection.descriptor)
            if result == -11 {
                connection.isReadable = false
                return
            }
            if result <= 0 { return drop(connection) }
        }
    }

    private func drop(_ connection: Connection) {
        _ = cl_poll_remove(poll, connection.descriptor)
        _ = cl_close(connection.descriptor)
        connections[connection.id] = nil
        closing.remove(connection.id)
    }

    /// Ends connections whose peer does not close, and accepts again after a pause.
    func closeOverdue() {
        let present = now
        for connection in connections.values {
            if case .closing(let deadline) = connection.state, deadline <= present {
                drop(connection)
            }
        }
        if let until = acceptPausedUntil, until <= present {
            acceptPausedUntil = nil
            for listener in listeners {
                _ = cl_poll_change(poll, listener.descriptor, 1, Tag.listener(listener.descriptor))
            }
        }
    }

    /// At the very end: gives peers a moment to read our NOTIFICATION.
    func lingerConnections() {
        let deadline = now + .milliseconds(500)
        while !connections.isEmpty, now < deadline {
            for connection in connections.values { discard(connection) }
            var events = [cl_poll_event](repeating: cl_poll_event(), count: 16)
            _ = cl_poll_wait(poll, &events, 16, 10_000_000)
        }
        for connection in connections.values { _ = cl_close(connection.descriptor) }
        connections = [:]
    }
}
