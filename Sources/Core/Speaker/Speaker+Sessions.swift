import Addressing
package import BGPSession
import BGPWire
import Configuration
package import Control
import Policy
import Routing
import Timekeeping

/// Connections and operators: what happens to sessions, and what they answer with.
extension Speaker {
    // MARK: What the driver tells of connections

    /// An attempt of ours is connected.
    package func connectionOpened(
        _ connection: ConnectionID,
        for number: NeighborNumber,
        attempt: ConnectAttempt,
        local: Endpoint,
        remote: Endpoint
    ) {
        guard let neighbor = neighbor(number) else {
            effects.append(.abort(connection))
            return
        }
        connections[connection] = number
        note(.connected(address: remote.address, port: remote.port), of: neighbor, .sent)
        neighbor.endpoints[connection] = (local, remote)
        act(on: neighbor) { session, now, actions in
            session.connectionOpened(connection, .outgoing(attempt), now: now, into: &actions)
        }
    }

    /// An attempt of ours failed with that errno.
    package func connectFailed(
        _ number: NeighborNumber,
        attempt: ConnectAttempt,
        errno: Int32
    ) {
        guard let neighbor = neighbor(number) else { return }
        act(on: neighbor) { session, now, actions in
            session.connectFailed(attempt, errno: errno, now: now, into: &actions)
        }
    }

    /// An attempt of ours was given up for want of an answer.
    package func connectTimedOut(_ number: NeighborNumber, attempt: ConnectAttempt) {
        guard let neighbor = neighbor(number) else { return }
        act(on: neighbor) { session, now, actions in
            session.connectTimedOut(attempt, now: now, into: &actions)
        }
    }

    /// An attempt's socket could not be made as the configuration asks: it was never used.
    package func connectRefusedLocally(
        _ number: NeighborNumber,
        attempt: ConnectAttempt,
        _ refusal: SocketRefusal
    ) {
        guard let neighbor = neighbor(number) else { return }
        act(on: neighbor) { session, now, actions in
            session.connectRefusedLocally(attempt, refusal, now: now, into: &actions)
        }
    }

    /// Somebody connected to a listening socket.
    ///
    /// `interface` is the link on which a link-local address is, by number and name; nil where it says nothing.
    package func connectionArrived(
        _ connection: ConnectionID,
        local: Endpoint,
        remote: Endpoint,
        interface: LinkName? = nil
    ) {
        // Sessions that have not begun would refuse it, and keep the neighbor away for long.
        guard restart != .awaitingKernel else {
            effects.append(.abort(connection))
            return
        }
        guard phase == .running,
            let neighbor = neighbor(at: remote.address, interface, local: local.address)
        else {
            reportRefused("connection from non-peer \(remote.address) refused", of: nil)
            effects.append(.abort(connection))
            return
        }
        if let expected = neighbor.localAddress(remote.address.family), expected != local.address {
            reportRefused(
                "connection to \(local.address) refused: local-address is \(expected)",
                of: neighbor
            )
            effects.append(.abort(connection))
            return
        }
        if neighbor.isTemplate {
            let why =
                neighbor.shutdownText == nil
                ? "there are too many neighbors of templates" : "its template is down"
            reportRefused("connection from \(remote.address) refused: \(why)", of: neighbor)
            effects.append(.abort(connection))
            return
        }
        effects.append(.admit(connection, neighbor.socketSettings))
        connections[connection] = neighbor.number
        note(.connected(address: remote.address, port: remote.port), of: neighbor, .received)
        neighbor.endpoints[connection] = (local, remote)
        act(on: neighbor) { session, now, actions in
            session.connectionOpened(connection, .incoming, now: now, into: &actions)
        }
    }

    /// A connection ended without our doing.
    package func connectionClosed(_ connection: ConnectionID, _ end: ConnectionEnd) {
        guard let number = connections.removeValue(forKey: connection),
            let neighbor = neighbor(number)
        else { return }
        neighbor.endpoints[connection] = nil
        forgetInput(connection, of: neighbor)
        act(on: neighbor) { session, now, actions in
            session.connectionClosed(connection, end, now: now, into: &actions)
        }
    }

    /// A write was made; that many bytes still wait for the socket.
    package func outputProgressed(_ connection: ConnectionID, pending: Int) {
        guard let number = connections[connection], let neighbor = neighbor(number) else { return }
        neighbor.unsentBytes = UInt64(pending)
        neighbor.session.outputProgressed(connection, pending: pending, now: now)
    }

    /// Bytes wait and the socket takes none.
    package func outputStalled(_ connection: ConnectionID, pending: Int) {
        guard let number = connections[connection], let neighbor = neighbor(number) else { return }
        neighbor.unsentBytes = UInt64(pending)
        neighbor.session.outputStalled(connection, now: now)
    }

    /// Whether the connection's socket was read until it would block, and how many bytes still wait here.
    package func inputRead(_ connection: ConnectionID, drained: SocketInput, left: Int) {
        guard let number = connections[connection], let neighbor = neighbor(number) else { return }
        neighbor.lastRead = connection
        neighbor.hasUnreadInput = drained == .unread || left > 0
        neighbor.unreadBytes = UInt64(left)
        if !neighbor.hasUnreadInput { neighbor.drainedAt = now }
    }

    // MARK: The operator

    /// Does what the operator asks; the answer is the one that is printed.
    func perform(_ request: NeighborActionRequest) -> ActionResult {
        let chosen = select(request.selector)
        if request.action == .destroy { return destroy(chosen) }
        guard !chosen.isEmpty else { return .noSuchNeighbor }
        var result = ActionResult.processed
        for neighbor in withClones(chosen) {
            if neighbor.isTemplate {
                perform(request.action, onTemplate: neighbor)
                continue
            }
            switch request.action {
            case .destroy: break
            case .up:
                report(.operation("up"), of: neighbor)
                neighbor.shutdownText = nil
                act(on: neighbor) { session, now, actions in
                    session.manualStart(now: now, into: &actions)
                }
            case .down(let reason):
                let text = Self.cut(reason, toOctets: 255)
                report(.operation(text.isEmpty ? "down" : "down \"\(text)\""), of: neighbor)
                neighbor.shutdownText = text
                act(on: neighbor) { session, now, actions in
                    session.manualStop(text: text, now: now, into: &actions)
                }
            case .clear(let reason):
                let text = Self.cut(reason, toOctets: 255)
                report(.operation(text.isEmpty ? "clear" : "clear \"\(text)\""), of: neighbor)
                act(on: neighbor) { session, now, actions in
                    session.clear(text: text, now: now, into: &actions)
                }
            case .refresh:
                guard let negotiated = neighbor.session.negotiated, negotiated.routeRefresh,
                    neighbor.session.state == .established
                else {
                    result = .lacksCapability
                    continue
                }
                report(.operation("route refresh asked for"), of: neighbor)
                for family in negotiated.families.families {
                    act(on: neighbor) { session, now, actions in
                        _ = session.requestRefresh(family, now: now, into: &actions)
                    }
                }
            }
        }
        return result
    }

    /// The longest part of `text` of at most that many octets, cut between characters.
    static func cut(_ text: String, toOctets limit: Int) -> String {
        var cut = text
        while cut.utf8.count > limit { cut.removeLast() }
        return cut
    }

    // MARK: What sessions answer

    /// Lets a neighbor's session take an event, then does what it answers with.
    func act(
        on neighbor: Neighbor,
        _ event: (inout Session, Instant, inout [SessionAction]) -> Void
    ) {
        var actions: [SessionAction] = []
        event(&neighbor.session, now, &actions)
        perform(actions, for: neighbor)
    }

    /// Does what a session answered with.
    func perform(_ actions: [SessionAction], for neighbor: Neighbor) {
        defer { giveUpStale(of: neighbor) }
        for action in actions {
            switch action {
            case .connect(let attempt):
                effects.append(.connect(neighbor.number, attempt, connectOrder(neighbor)))
            case .cancelConnect(let attempt):
                effects.append(.cancelConnect(neighbor.number, attempt))
            case .send(let connection, let message):
                send(message, on: connection, of: neighbor)
            case .close(let connection):
                forget(connection, of: neighbor)
                effects.append(.close(connection))
            case .abort(let connection):
                forget(connection, of: neighbor)
                effects.append(.abort(connection))
            case .refused(_, let state):
                reportRefused(
                    "connection attempt while the session is in state \(state.name)",
                    of: neighbor
                )
            case .adopted(let connection):
                neighbor.connection = connection
                neighbor.localEndpoint = neighbor.endpoints[connection]?.local
                neighbor.remoteEndpoint = neighbor.endpoints[connection]?.remote
            case .established(let negotiated):
                established(neighbor, negotiated)
            case .failed(let reason):
                failed(neighbor, reason)
            case .down(let reason):
                down(neighbor, reason)
            case .stateChanged(let from, let to, let event):
                if to == .idle || to == .active || to == .connect {
                    neighbor.connection = nil
                    neighbor.unsentBytes = 0
                }
                // Anybody within a template's prefix can make these lines: his session's come to the log once it is up.
                if neighbor.isStranger, to != .established { break }
                report(.stateChange(from: from, to: to, event: event.name), of: neighbor)
            }
        }
    }

    private func forget(_ connection: ConnectionID, of neighbor: Neighbor) {
        connections[connection] = nil
        neighbor.endpoints[connection] = nil
        forgetInput(connection, of: neighbor)
    }

    /// What was left unread went with its connection, and puts off no timer of the next one.
    private func forgetInput(_ connection: ConnectionID, of neighbor: Neighbor) {
        guard neighbor.lastRead == connection else { return }
        neighbor.lastRead = nil
        neighbor.hasUnreadInput = false
        neighbor.unreadBytes = 0
    }

    private func connectOrder(_ neighbor: Neighbor) -> ConnectOrder {
        ConnectOrder(
            address: neighbor.configuration.address,
            scope: neighbor.configuration.scope,
            port: neighbor.configuration.port,
            localAddress: neighbor.localAddress(neighbor.configuration.address.family),
            settings: neighbor.socketSettings
        )
    }

    private func send(
        _ message: SessionMessage,
        on connection: ConnectionID,
        of neighbor: Neighbor
    ) {
        var bytes: [UInt8] = []
        switch message {
        case .open(let open): open.encode(to: &bytes)
        case .keepalive: KeepaliveMessage.encode(to: &bytes)
        case .notification(let notification): notification.encode(to: &bytes)
        case .routeRefresh(let refresh): refresh.encode(to: &bytes)
        }
        messageLog.append(
            bytes.span,
            neighbor: neighbor.number,
            direction: .sent,
            fourOctetAS: .fourOctets,
            time: wall
        )
        effects.append(.send(connection, bytes))
    }

    private func established(_ neighbor: Neighbor, _ negotiated: Negotiated) {
        keepClone(neighbor, negotiated)
        forgetMemos(of: neighbor)
        tellAgain(of: neighbor)
        neighbor.updateContext = Self.updateContext(neighbor, negotiated)
        neighbor.lastReceivedShutdownText = nil
        neighbor.familiesComplete = []
        resumeRoutes(of: neighbor, negotiated)
        neighbor.agreed = negotiated
        routing.setNeighbor(
            Self.routingID(neighbor.number),
            NeighborFacts(
                isInternal: negotiated.isInternal,
                identifier: negotiated.remoteOpen.identifier,
                address: neighbor.configuration.address
            )
        )
        noteForwarding(to: neighbor)
        report(.up, of: neighbor)
        startExport(to: neighbor, negotiated)
    }

    /// How UPDATEs of that neighbor are read.
    static func updateContext(_ neighbor: Neighbor, _ negotiated: Negotiated) -> UpdateContext {
        var context = UpdateContext(
            fourOctetAS: negotiated.fourOctetAS,
            families: negotiated.families,
            pathIDs: negotiated.addPathReceive,
            isIBGP: negotiated.isInternal,
            localAS: neighbor.localAS,
            remoteAS: negotiated.remoteAS,
            enforceNeighborAS: neighbor.configuration.enforceNeighborAS ?? !negotiated.isInternal,
            rejectASSet: neighbor.configuration.rejectASSet,
            isOverLoopback: neighbor.configuration.address.isLoopback
        )
        context.extendedNextHop = negotiated.extendedNextHop
        return context
    }

    private func failed(_ neighbor: Neighbor, _ reason: DownReason) {
        switch reason {
        case .connectFailed, .connectTimedOut, .authenticationUnavailable, .socketOptionRefused:
            note(
                .connect(
                    address: neighbor.configuration.address,
                    port: neighbor.configuration.port,
                    failure: reason
                ),
                of: neighbor,
                .sent
            )
            report(.connectFailed(reason), of: neighbor)
        default:
            note(.closed(reason), of: neighbor, Self.direction(of: reason))
            if neighbor.isStranger {
                let words = reason.sentence(neighbor: neighbor.configuration.addressText)
                reportRefused(words, of: neighbor.template)
            } else {
                report(.connectFailed(reason), of: neighbor)
            }
        }
    }

    private func down(_ neighbor: Neighbor, _ reason: DownReason) {
        if case .received(let notification) = reason {
            neighbor.lastReceivedShutdownText = notification.shutdownText
        }
        neighbor.updateContext = nil
        neighbor.notes = []
        note(.closed(reason), of: neighbor, Self.direction(of: reason))
        let uptime = neighbor.session.statistics.lastLoss?.uptime ?? .zero
        report(.down(reason, upSeconds: UInt32(clamping: uptime.wholeSeconds)), of: neighbor)
        stopExport(to: neighbor)
        awaitForgetting(neighbor)
        forgetMemos(of: neighbor)
        releaseRoutes(of: neighbor, after: reason)
    }

    /// Who ended it.
    private static func direction(of reason: DownReason) -> MessageRow.Direction {
        switch reason {
        case .received, .closedByPeer, .socketError: .received
        default: .sent
        }
    }
}
