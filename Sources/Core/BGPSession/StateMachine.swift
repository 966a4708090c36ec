import BGPWire
import Timekeeping

/// A connection on which our OPEN is out.
struct Handshake: Hashable {
    var id: ConnectionID
    /// The neighbor opened it.
    var isIncoming: Bool
}

/// The second way to the neighbor while the first one is being opened.
enum Rival: Hashable {
    case none
    /// We are still connecting.
    case attempt(ConnectAttempt)
    /// A connection in OpenSent of its own.
    case connection(Handshake)
}

/// Why a session is Idle.
enum IdleCause: Hashable {
    /// It waits for the speaker's start.
    case notStarted
    /// It waits for the IdleHoldTimer.
    case held
    /// It waits for the operator or a changed configuration.
    case down(DownReason)
    /// It waits for the RestartTimer, the operator or a raised limit.
    case maximumPrefixes(DownReason)
    /// Nothing will start it again.
    case ended(DownReason)
}

/// Whether a session in OpenConfirm may go on once its KEEPALIVE has come.
enum Settling: Hashable {
    case awaitingKeepalive
    /// The KEEPALIVE has come, but the rival would win the collision: its OPEN or its end decides.
    case awaitingRival
}

/// The states of RFC 4271 §8.2.2, each with what exists in it alone.
///
/// A function per event, in extensions by topic. An event that a state does not know leaves the state as it is:
/// connections and attempts are named, so whatever comes late from one that is gone means nothing.
///
/// The RFC runs a machine per connection until a collision is resolved. Here the further connection of the two is
/// the session's, and the other one, always in OpenSent, is its ``Rival``; two connections of the same direction
/// are never kept, so one of each direction is the most there can be.
enum StateMachine {
    case idle(IdleCause)
    case connect(ConnectAttempt)
    case active
    case openSent(Handshake, Rival)
    case openConfirm(Handshake, Negotiated, Rival, Settling)
    case established(Handshake, Negotiated)

    /// The state by the RFC's name.
    var name: SessionState {
        switch self {
        case .idle: .idle
        case .connect: .connect
        case .active: .active
        case .openSent: .openSent
        case .openConfirm: .openConfirm
        case .established: .established
        }
    }

    /// Why it is Idle; nil in every other state.
    var idleCause: IdleCause? {
        switch self {
        case .idle(let cause): cause
        case .connect: nil
        case .active: nil
        case .openSent: nil
        case .openConfirm: nil
        case .established: nil
        }
    }

    /// The ways to the neighbor that there are.
    var ways: Ways {
        switch self {
        case .idle: Ways(own: nil, rival: .none)
        case .connect(let attempt): Ways(own: nil, rival: .attempt(attempt))
        case .active: Ways(own: nil, rival: .none)
        case .openSent(let own, let rival): Ways(own: own, rival: rival)
        case .openConfirm(let own, _, let rival, _): Ways(own: own, rival: rival)
        case .established(let own, _): Ways(own: own, rival: .none)
        }
    }

    /// What was agreed on.
    var negotiated: Negotiated? {
        switch self {
        case .idle: nil
        case .connect: nil
        case .active: nil
        case .openSent: nil
        case .openConfirm(_, let negotiated, _, _): negotiated
        case .established(_, let negotiated): negotiated
        }
    }

    /// The connection and the hold time of the established session; nil in every other state.
    var established: (connection: ConnectionID, holdTime: UInt16)? {
        switch self {
        case .idle: nil
        case .connect: nil
        case .active: nil
        case .openSent: nil
        case .openConfirm: nil
        case .established(let own, let negotiated): (own.id, negotiated.holdTime)
        }
    }

    /// What was agreed on where routes may come on that connection: the session is up there, or waits for its rival
    /// alone; nil in any other case.
    func negotiatedForRoutes(on connection: ConnectionID) -> Negotiated? {
        switch self {
        case .idle: nil
        case .connect: nil
        case .active: nil
        case .openSent: nil
        case .openConfirm(_, _, _, .awaitingKeepalive): nil
        case .openConfirm(let own, let negotiated, _, .awaitingRival):
            own.id == connection ? negotiated : nil
        case .established(let own, let negotiated): own.id == connection ? negotiated : nil
        }
    }

    /// The hold time of the established session on that connection; nil in any other case.
    func establishedHoldTime(on connection: ConnectionID) -> UInt16? {
        guard let established, established.connection == connection else { return nil }
        return established.holdTime
    }

    /// Lets go of every connection and attempt.
    func release(sending notification: NotificationMessage?, _ books: inout SessionBooks) {
        let ways = ways
        let notification = notification.map { asIsToBeTaken($0) }
        if let own = ways.own { books.close(own.id, sending: notification) }
        ways.rival.release(sending: notification, &books)
    }

    /// A NOTIFICATION after which the neighbor is to forget our routes: a Hard Reset where it would keep them else.
    ///
    /// What ends with these Ceases is not to come again soon (RFC 8538 §4.1).
    func asIsToBeTaken(_ notification: NotificationMessage) -> NotificationMessage {
        typealias Cease = NotificationMessage.CeaseSubcode
        guard case .established(_, let negotiated) = self,
            negotiated.restart?.survivesNotification == true,
            notification.code == NotificationMessage.ErrorCode.cease.rawValue
        else { return notification }
        switch notification.subcode {
        case Cease.maximumPrefixes, Cease.administrativeShutdown, Cease.peerDeconfigured:
            return notification.hardReset
        default: return notification
        }
    }
}

/// The ways to the neighbor that a state has.
struct Ways: Hashable {
    /// The session's own connection.
    var own: Handshake?
    /// The second way; in Connect the only one.
    var rival: Rival

    /// True where a message on that connection means something.
    func contain(_ connection: ConnectionID) -> Bool {
        own?.id == connection || rival.connection == connection
    }
}

extension Rival {
    /// The rival's connection, where it has one.
    var connection: ConnectionID? {
        switch self {
        case .none, .attempt: nil
        case .connection(let other): other.id
        }
    }

    /// Lets go of the rival.
    func release(sending notification: NotificationMessage?, _ books: inout SessionBooks) {
        switch self {
        case .none: break
        case .attempt(let attempt): books.actions.append(.cancelConnect(attempt))
        case .connection(let other): books.close(other.id, sending: notification)
        }
    }
}
