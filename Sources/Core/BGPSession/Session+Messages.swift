package import BGPWire
package import Timekeeping

/// What the neighbor says.
extension Session {
    /// An OPEN without syntactic fault was received (Event 19).
    package mutating func openReceived(
        _ open: OpenMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(.open, on: connection, now) else { return }
        step(now, &actions) { $0.openReceived(open, on: connection, &$1) }
    }

    /// A KEEPALIVE was received (Event 26).
    package mutating func keepaliveReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(.keepalive, on: connection, now) else { return }
        step(now, &actions) { $0.keepaliveReceived(on: connection, &$1) }
    }

    /// An UPDATE was received (Event 27).
    ///
    /// - Returns: true where its routes are to be taken: the session is Established on that connection.
    package mutating func updateReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool {
        // The way of nearly every message: nothing is looked up twice.
        if let established, established.connection == connection {
            books.statistics.received.update += 1
            books.statistics.lastRead = now
            books.now = now
            books.restartHoldTimer(seconds: established.holdTime)
            return true
        }
        guard received(.update, on: connection, now) else { return false }
        return step(now, &actions) { $0.routesReceived(.update, on: connection, &$1) }
    }

    /// A NOTIFICATION was received (Events 24, 25).
    package mutating func notificationReceived(
        _ notification: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(.notification, on: connection, now) else { return }
        if machine.name == .established || !notification.isCollision {
            books.statistics.lastErrorReceived = notification
        }
        step(now, &actions) { $0.notificationReceived(notification, on: connection, &$1) }
    }

    /// A ROUTE-REFRESH was received.
    ///
    /// - Returns: what is to be done about it where the session is Established.
    package mutating func routeRefreshReceived(
        _ refresh: RouteRefreshMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> RefreshMeaning {
        guard received(.routeRefresh, on: connection, now) else { return .nothing }
        let isTaken = step(now, &actions) { $0.routesReceived(.routeRefresh, on: connection, &$1) }
        guard isTaken, let negotiated else { return .nothing }
        let request: RefreshMeaning =
            books.configuration.routeRefresh == .no ? .nothing : .request
        // Without RFC 7313 the octet is reserved, and nobody looks at it (RFC 2918 §3).
        guard negotiated.enhancedRefresh else { return request }
        switch refresh.subtype {
        case 0: return request
        case 1: return .beginning
        case 2: return .end
        default: return .unknown
        }
    }

    /// A message could not be decoded and calls for that NOTIFICATION (Events 21, 22, 28).
    package mutating func faultReceived(
        _ fault: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard machine.ways.contain(connection) else { return }
        books.statistics.lastRead = now
        step(now, &actions) { $0.faultReceived(fault, on: connection, &$1) }
    }
}
