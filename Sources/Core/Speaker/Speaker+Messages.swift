import Attributes
package import BGPSession
import BGPWire
import Control
import Routing

/// Bytes of a connection: cut into messages, logged, judged and handed on.
extension Speaker {
    /// Works off all whole messages at the front of `bytes`; the driver gives at most about 64 KiB at a time.
    ///
    /// - Returns: how many bytes were used; what is left is to be given again, with more behind it.
    package func received(
        _ bytes: Span<UInt8>,
        on connection: ConnectionID
    ) -> Int {
        guard let number = connections[connection], let neighbor = neighbor(number) else {
            return bytes.count
        }
        defer { settleArrivals(from: neighbor) }
        let store = routing.attributes
        var offset = 0
        var ahead = AttributesAhead()
        var maximumLength = neighbor.session.maximumLength(on: connection)
        while offset < bytes.count {
            let start = offset
            switch MessageFraming.next(in: bytes, at: &offset, maximumLength: maximumLength) {
            case .incomplete:
                return start
            case .fault(let notification):
                settleArrivals(from: neighbor)
                act(on: neighbor) { session, now, actions in
                    session.faultReceived(notification, on: connection, now: now, into: &actions)
                }
                return bytes.count
            case .message(let type, let body):
                messageLog.append(
                    bytes.extracting(start..<offset),
                    neighbor: number,
                    direction: .received,
                    fourOctetAS: neighbor.updateContext?.fourOctetAS == false
                        ? .twoOctets : .fourOctets,
                    pathIDs: neighbor.updateContext?.pathIDs ?? [],
                    time: wall
                )
                let own = ahead
                ahead = AttributesAhead.look(at: bytes, offset, store)
                let hasActed = handle(
                    type,
                    bytes.extracting(body),
                    own,
                    on: connection,
                    of: neighbor,
                    store
                )
                // The connection may have been given up for what its bytes said.
                if hasActed, connections[connection] != number { return bytes.count }
                if hasActed || type != .update {
                    maximumLength = neighbor.session.maximumLength(on: connection)
                }
            }
        }
        return offset
    }

    /// Hands a message on; true where that made the session act.
    private func handle(
        _ type: MessageType,
        _ body: Span<UInt8>,
        _ ahead: AttributesAhead,
        on connection: ConnectionID,
        of neighbor: Neighbor,
        _ store: AttributeStore
    ) -> Bool {
        var actions: [SessionAction] = []
        var hasActed = false
        if type != .update { settleArrivals(from: neighbor) }
        switch type {
        case .update:
            let isTaken = neighbor.session.updateReceived(on: connection, now: now, into: &actions)
            hasActed = !actions.isEmpty
            establish(neighbor, &actions)
            if isTaken {
                update(body, ahead, on: connection, of: neighbor, store, into: &actions)
            }
        case .keepalive:
            neighbor.session.keepaliveReceived(on: connection, now: now, into: &actions)
        case .open:
            switch OpenMessage.decode(body) {
            case .message(let open):
                neighbor.session.openReceived(open, on: connection, now: now, into: &actions)
            case .fault(let fault):
                neighbor.session.faultReceived(fault, on: connection, now: now, into: &actions)
            }
        case .notification:
            // One too short to hold a code ends the session all the same (RFC 4271 §6.4).
            let notification =
                NotificationMessage.decode(body) ?? NotificationMessage(code: 0, subcode: 0)
            neighbor.session.notificationReceived(
                notification,
                on: connection,
                now: now,
                into: &actions
            )
        case .routeRefresh:
            switch RouteRefreshMessage.decode(body) {
            case .message(let refresh):
                let meaning = neighbor.session.routeRefreshReceived(
                    refresh,
                    on: connection,
                    now: now,
                    into: &actions
                )
                establish(neighbor, &actions)
                take(refresh, meaning, from: neighbor)
            case .fault(let fault):
                neighbor.session.faultReceived(fault, on: connection, now: now, into: &actions)
            }
        }
        if actions.isEmpty { return hasActed }
        perform(actions, for: neighbor)
        return true
    }

    /// Does what is to be done before a message's routes: the message may be what establishes the session.
    private func establish(_ neighbor: Neighbor, _ actions: inout [SessionAction]) {
        guard !actions.isEmpty else { return }
        perform(actions, for: neighbor)
        actions = []
    }
}

/// Where the attributes of a message stand in its body, and their hash: looked at while the message before it is
/// worked off, so that both need not wait for memory one after the other.
struct AttributesAhead {
    var range = 0..<0
    var hash: UInt32 = 0

    /// Looks at the message that begins there, if it is an UPDATE.
    static func look(
        at bytes: Span<UInt8>,
        _ offset: Int,
        _ store: AttributeStore
    ) -> AttributesAhead {
        guard let range = UpdateDecoder.attributes(ofMessageIn: bytes, at: offset) else {
            return AttributesAhead()
        }
        let start = offset + MessageFraming.headerLength
        let hash = store.lookAhead(
            at: bytes.extracting(start + range.lowerBound..<start + range.upperBound)
        )
        return AttributesAhead(range: range, hash: hash)
    }
}
