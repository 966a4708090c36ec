import Addressing
import BGPSession
import BGPWire
import Control
import FuzzInput
import KernelRoutes
import Speaker
import Timekeeping

/// What can happen: the low bits of an octet say what, the high ones to whom.
extension World {
    func step(_ input: inout FuzzInput) {
        let choice = input.octet()
        let peer = Peer(choice: choice)
        let connection = connection(of: peer, newest: choice & 0x40 != 0)
        switch choice & 0x1F {
        case 0: arrive(peer)
        case 1: answerAttempt(peer, failure: input.octet())
        case 2:
            if let connection { close(connection, errno: Int32(input.octet())) }
        case 3: wait(.milliseconds(Int(input.number())))
        case 4: wait(max(.zero, speaker.nextDue - now))
        case 5: wait(.seconds(Int(input.number())))
        case 6: _ = speaker.work(units: Int(input.octet()))
        case 7: settle()
        case 8: write()
        case 9: pieceLength = 1 + Int(input.octet())
        case 10: act(on: peer, input.octet())
        case 11: ask(input.octet())
        case 12: changeKernel(input.octet())
        case 13: establish(peer, fourOctetAS: choice & 0x40 == 0)
        case 14: reload(input.octet())
        default:
            if let connection { speak(choice & 0x1F, peer, on: connection, &input) }
        }
        follow()
    }

    /// The neighbor says something.
    private func speak(
        _ choice: UInt8,
        _ peer: Peer,
        on connection: ConnectionID,
        _ input: inout FuzzInput
    ) {
        switch choice {
        case 15: deliver(input.take(Int(input.octet())), on: connection)
        case 16:
            let options = input.octet()
            let open = peer.open(
                fourOctetAS: options & 1 == 0,
                holdTime: options & 2 == 0 ? 90 : UInt16(options)
            )
            deliver(open, on: connection)
        case 17: deliver(message(4, []), on: connection)
        case 18: deliver(message(1, input.take(Int(input.octet()))), on: connection)
        case 19:
            deliver(notification: input.take(Int(input.octet()) & 63), on: connection)
        case 20: deliver(message(5, input.take(Int(input.octet()) & 7)), on: connection)
        case 21: deliver(message(input.octet(), input.take(Int(input.octet()))), on: connection)
        case 22: deliver(message(2, input.take(Int(input.number() & 0xFFF))), on: connection)
        default: deliver(message(2, update(choice, &input)), on: connection)
        }
    }

    /// A NOTIFICATION: once its last octet is there, no other may come back, unless its length is wrong (§6.1).
    private func deliver(notification body: [UInt8], on connection: ConnectionID) {
        let bytes = message(3, body)
        let isRead = body.count >= 2 && connections[connection]?.input.isEmpty == true
        deliver(Array(bytes.dropLast()), on: connection)
        if isRead { connections[connection]?.isNotified = true }
        deliver(bytes.suffix(1), on: connection)
    }

    /// A whole message, cut to what its length can say.
    private func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let body = body.prefix(MessageFraming.standardMaximum - MessageFraming.headerLength)
        let length = MessageFraming.headerLength + body.count
        return [UInt8](repeating: 0xFF, count: 16)
            + [UInt8(length >> 8), UInt8(length & 255), type] + body
    }

    /// The body of an UPDATE whose lengths fit: what is withdrawn, attributes, what is reachable.
    ///
    /// Some choices bring the mandatory attributes with them, so that routes come in without luck.
    private func update(_ choice: UInt8, _ input: inout FuzzInput) -> [UInt8] {
        let withdrawn = choice & 1 == 0 ? input.take(Int(input.octet() & 31)) : []
        var attributes: [UInt8] = []
        if choice >= 25 {
            attributes += [0x40, 1, 1, input.octet() & 3]
            let path = input.octet()
            attributes += choice & 4 == 0 ? Self.path(path, width: 4) : Self.path(path, width: 2)
            attributes += [0x40, 3, 4, 10, 0, 0, input.octet()]
        }
        if choice >= 28 { attributes += [0x40, 5, 4, 0, 0, 0, input.octet()] }
        attributes += input.take(Int(input.octet()))
        let reachable = input.take(Int(input.octet() & 127))
        return [0, UInt8(withdrawn.count)] + withdrawn
            + [UInt8(attributes.count >> 8), UInt8(attributes.count & 255)] + attributes + reachable
    }

    /// AS_PATH: 65001, then up to seven more.
    private static func path(_ choice: UInt8, width: Int) -> [UInt8] {
        let count = 1 + Int(choice & 7)
        var value: [UInt8] = [2, UInt8(count)]
        for index in 0..<count {
            let number: UInt8 = index == 0 ? 0xE9 : 0xE9 &+ choice >> 3 &+ UInt8(index)
            value += [UInt8](repeating: 0, count: width - 2) + [0xFD, number]
        }
        return [0x40, 2, UInt8(value.count)] + value
    }

    // MARK: Everybody else

    /// Brings a session up: connection, OPEN, KEEPALIVE.
    func establish(_ peer: Peer, fourOctetAS: Bool) {
        guard let id = arrive(peer) else { return }
        deliver(peer.open(fourOctetAS: fourOctetAS), on: id)
        guard connections[id] != nil else { return }
        deliver(message(4, []), on: id)
    }

    private func act(on peer: Peer, _ choice: UInt8) {
        let actions: [NeighborActionRequest.Action] = [
            .up, .down(reason: "for CHG-1"), .clear(reason: ""), .refresh, .destroy,
        ]
        let request = NeighborActionRequest(
            choice & 0x80 == 0 ? .address(peer.address) : .all,
            actions[Int(choice & 7) % actions.count]
        )
        _ = speaker.answer(.neighborAction(request))
    }

    /// Another configuration; what only a restart can change is the same in all.
    private func reload(_ choice: UInt8) {
        checkBounds()
        let configuration = Peer.configurations[Int(choice) % Peer.configurations.count]
        let refused = speaker.reload(configuration, reason: "")
        require(refused.isEmpty, "only a restart changes \(refused)")
    }

    private func ask(_ choice: UInt8) {
        let peer = Peer(choice: choice)
        let tables: [RIBPageRequest.Table] = [
            .locRIB, .adjRIBIn, .adjRIBOut(peer.number),
        ]
        let question: Question =
            switch choice & 7 {
            case 0: .overview(OverviewRequest())
            case 1: .neighbor(NeighborRequest(.all))
            case 2: .memory(MemoryRequest())
            case 3: .messages(MessagesRequest(position: .newest, limit: 50))
            case 4: .route(RouteRequest(prefix: IPPrefix(ipv4: 0x0A02_0000, length: 16)))
            default:
                .ribPage(
                    RIBPageRequest(
                        table: tables[Int(choice & 7) - 5],
                        limit: 20,
                        withAttributes: choice & 8 != 0
                    )
                )
            }
        let reply = speaker.answer(question)
        require((try? Reply(encoded: reply.encoded)) == reply, "an answer comes back as another")
    }

    /// A next hop's network goes or comes.
    private func changeKernel(_ choice: UInt8) {
        let route = Peer.connected[Int(choice & 1)]
        speaker.kernelEvents(
            choice & 2 == 0
                ? [.routeDeleted(route)] : [.routeChanged(route, isReplacement: false)]
        )
    }
}
