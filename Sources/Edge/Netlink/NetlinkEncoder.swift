package import Addressing
package import KernelRoutes

/// Appends rtnetlink requests to a buffer of bytes, as the kernel reads them: host order, padded to four.
package struct NetlinkEncoder {
    /// The messages so far.
    package private(set) var bytes: [UInt8] = []
    private var messageStart = 0

    /// Makes an empty buffer with room for `capacity` bytes.
    package init(capacity: Int = 36 * 1024) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets all messages and keeps the room.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        messageStart = 0
    }

    /// Asks that the message which was appended last be acknowledged, which acknowledges all before it.
    package mutating func acknowledgeLast() {
        guard bytes.count > messageStart else { return }
        bytes[messageStart + 6] |= UInt8(NLMFlag.ack)
    }

    /// Appends the request that makes `change`; only refusals are answered unless asked otherwise.
    package mutating func append(_ change: KernelChange) {
        let route = change.route
        switch change.operation {
        case .add:
            begin(RTM.newRoute, NLMFlag.create | NLMFlag.exclusive, change.sequence)
            appendRoute(route)
        case .replace:
            begin(RTM.newRoute, NLMFlag.create | NLMFlag.replace, change.sequence)
            appendRoute(route)
        case .delete:
            begin(RTM.delRoute, 0, change.sequence)
            // Any type and scope (RT_SCOPE_NOWHERE), any next hop: the mark and the prefix name the route.
            appendRouteHeader(
                route,
                scope: route.prefix.family == .ipv4 ? 255 : 0,
                type: 0,
                flags: 0
            )
        }
        end()
    }

    /// Appends the request for all routes of a family in a table.
    package mutating func appendRouteDump(_ family: AddressFamily, table: UInt32, sequence: UInt32)
    {
        begin(RTM.getRoute, NLMFlag.dump, sequence)
        bytes += [Self.number(family), 0, 0, 0, 0, 0, 0, 0]
        put(UInt32(0))
        attribute(RTA.table, table)
        end()
    }

    /// Appends the request for all links, without their statistics.
    package mutating func appendLinkDump(sequence: UInt32) {
        begin(RTM.getLink, NLMFlag.dump, sequence)
        bytes += [UInt8](repeating: 0, count: 16)
        attribute(IFLA.extendedMask, IFLA.skipStatistics)
        end()
    }

    /// Appends the request for all addresses.
    package mutating func appendAddressDump(sequence: UInt32) {
        begin(RTM.getAddress, NLMFlag.dump, sequence)
        bytes += [UInt8](repeating: 0, count: 8)
        end()
    }

    static func number(_ family: AddressFamily) -> UInt8 {
        family == .ipv4 ? AF.inet : AF.inet6
    }

    // MARK: - Routes

    private mutating func appendRoute(_ route: KernelRoute) {
        let hops = route.nextHopSet
        let isOnLink = hops.others.isEmpty && hops.first?.isOnLink == true
        let isDirect =
            hops.type == .unicast && hops.nextHopObject == 0 && hops.first?.gateway == nil
        appendRouteHeader(
            route,
            scope: isDirect && route.prefix.family == .ipv4 && route.scope == 0 ? 253 : route.scope,
            type: hops.type.rawValue,
            flags: isOnLink ? UInt32(RTNH.onLinkFlag) : 0
        )
        if hops.nextHopObject != 0 {
            attribute(RTA.nextHopObject, hops.nextHopObject)
        } else if hops.type != .unicast {
            return
        } else if hops.others.isEmpty {
            guard let hop = hops.first else { return }
            appendGateway(hop, for: route.prefix.family)
            if hop.interface != 0 { attribute(RTA.outInterface, hop.interface) }
        } else {
            let start = openAttribute(RTA.multipath)
            for hop in hops.nextHops { appendMultipath(hop, for: route.prefix.family) }
            closeAttribute(start)
        }
    }

    private mutating func appendRouteHeader(
        _ route: KernelRoute,
        scope: UInt8,
        type: UInt8,
        flags: UInt32
    ) {
        let table = route.table < 256 ? UInt8(route.table) : 0
        bytes += [
            Self.number(route.prefix.family), route.prefix.length, 0, route.typeOfService,
            table, route.protocolNumber, scope, type,
        ]
        put(flags)
        if route.prefix.length > 0 { attribute(RTA.destination, route.prefix.address) }
        if table == 0 { attribute(RTA.table, route.table) }
        attribute(RTA.priority, route.metric)
    }

    private mutating func appendGateway(_ hop: KernelNextHop, for family: AddressFamily) {
        guard let gateway = hop.gateway else { return }
        guard gateway.family != family else {
            attribute(RTA.gateway, gateway)
            return
        }
        let start = openAttribute(RTA.via)
        put(UInt16(Self.number(gateway.family)))
        put(gateway)
        closeAttribute(start)
    }

    private mutating func appendMultipath(_ hop: KernelNextHop, for family: AddressFamily) {
        let start = bytes.count
        put(UInt16(0))
        bytes.append(hop.isOnLink ? RTNH.onLinkFlag : 0)
        bytes.append(UInt8(clamping: Int(hop.weight) - 1))
        put(hop.interface)
        appendGateway(hop, for: family)
        patch(UInt16(bytes.count - start), at: start)
    }

    // MARK: - Bytes

    private mutating func begin(_ type: UInt16, _ flags: UInt16, _ sequence: UInt32) {
        messageStart = bytes.count
        put(UInt32(0))
        put(type)
        put(flags | NLMFlag.request)
        put(sequence)
        put(UInt32(0))
    }

    private mutating func end() {
        let length = UInt32(bytes.count - messageStart)
        withUnsafeBytes(of: length) { source in
            for index in 0..<4 { bytes[messageStart + index] = source[index] }
        }
    }

    private mutating func attribute(_ type: UInt16, _ value: UInt32) {
        put(UInt16(8))
        put(type)
        put(value)
    }

    private mutating func attribute(_ type: UInt16, _ address: IPAddress) {
        put(UInt16(4 + address.family.byteCount))
        put(type)
        put(address)
    }

    private mutating func openAttribute(_ type: UInt16) -> Int {
        let start = bytes.count
        put(UInt16(0))
        put(type)
        return start
    }

    private mutating func closeAttribute(_ start: Int) {
        patch(UInt16(bytes.count - start), at: start)
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private mutating func patch(_ value: UInt16, at place: Int) {
        withUnsafeBytes(of: value) { source in
            bytes[place] = source[0]
            bytes[place + 1] = source[1]
        }
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    private mutating func put(_ address: IPAddress) {
        withUnsafeBytes(of: address.high.bigEndian) { high in
            bytes.append(contentsOf: high.prefix(address.family == .ipv4 ? 4 : 8))
        }
        if address.family == .ipv6 { put(address.low.bigEndian) }
    }
}
