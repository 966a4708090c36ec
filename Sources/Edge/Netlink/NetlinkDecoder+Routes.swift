import Addressing
import KernelRoutes

extension NetlinkDecoder {
    /// A route: `struct rtmsg` and its attributes.
    static func route(
        _ payload: Span<UInt8>,
        _ make: (KernelRoute) -> NetlinkMessage
    ) -> NetlinkMessage {
        guard payload.count >= 12 else { return .malformed }
        guard let family = family(payload[0]),
            payload.uint32(at: 8) & RTM.clonedFlag == 0
        else { return .ignored }
        guard payload[1] <= family.bitCount else { return .malformed }
        var destination = IPAddress.unspecified(family)
        var table = UInt32(payload[4])
        var metric: UInt32 = 0
        var single = KernelNextHop(
            gateway: nil,
            isOnLink: payload[8] & RTNH.onLinkFlag != 0
        )
        var several: [KernelNextHop] = []
        var nextHopObject: UInt32 = 0
        var preferredSource: IPAddress?
        var isMultipathWhole = true
        let isWhole = forEachAttribute(in: payload.extracting(12..<payload.count)) { type, value in
            switch type {
            case RTA.destination: destination = IPAddress(value, family) ?? destination
            case RTA.gateway, RTA.via:
                single.gateway = gateway(type, value, family) ?? single.gateway
            case RTA.outInterface where value.count >= 4: single.interface = value.uint32(at: 0)
            case RTA.priority where value.count >= 4: metric = value.uint32(at: 0)
            case RTA.table where value.count >= 4: table = value.uint32(at: 0)
            case RTA.nextHopObject where value.count >= 4: nextHopObject = value.uint32(at: 0)
            case RTA.preferredSource: preferredSource = IPAddress(value, family)
            case RTA.multipath: isMultipathWhole = multipath(value, family, into: &several)
            default: break
            }
        }
        guard isWhole, isMultipathWhole else { return .malformed }
        if several.isEmpty, single.gateway != nil || single.interface != 0 { several = [single] }
        return make(
            KernelRoute(
                prefix: IPPrefix(destination, length: payload[1]),
                table: table,
                protocolNumber: payload[5],
                metric: metric,
                scope: payload[6],
                typeOfService: payload[3],
                nextHopSet: NextHopSet(
                    several,
                    type: KernelRouteType(rawValue: payload[7]),
                    nextHopObject: nextHopObject,
                    preferredSource: preferredSource
                )
            )
        )
    }

    private static func gateway(
        _ type: UInt16,
        _ value: Span<UInt8>,
        _ family: AddressFamily
    ) -> IPAddress? {
        guard type == RTA.via else { return IPAddress(value, family) }
        guard value.count >= 2,
            let other = self.family(UInt8(truncatingIfNeeded: value.uint16(at: 0)))
        else { return nil }
        return IPAddress(value.extracting(2..<value.count), other)
    }

    /// `struct rtnexthop` after `struct rtnexthop`, each with attributes of its own.
    private static func multipath(
        _ value: Span<UInt8>,
        _ family: AddressFamily,
        into hops: inout [KernelNextHop]
    ) -> Bool {
        var offset = 0
        while offset + RTNH.headerSize <= value.count {
            let length = Int(value.uint16(at: offset))
            guard length >= RTNH.headerSize, offset + length <= value.count else { return false }
            var hop = KernelNextHop(
                gateway: nil,
                interface: value.uint32(at: offset + 4),
                weight: UInt16(value[offset + 3]) + 1,
                isOnLink: value[offset + 2] & RTNH.onLinkFlag != 0
            )
            let attributes = value.extracting((offset + RTNH.headerSize)..<(offset + length))
            let isWhole = forEachAttribute(in: attributes) { type, value in
                if type == RTA.gateway || type == RTA.via {
                    hop.gateway = gateway(type, value, family) ?? hop.gateway
                }
            }
            guard isWhole else { return false }
            hops.append(hop)
            offset += (length + 3) & ~3
        }
        return true
    }
}
