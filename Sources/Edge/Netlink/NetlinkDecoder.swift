import Addressing
package import KernelRoutes

/// The header of a netlink message.
package struct NetlinkHeader: Hashable, Sendable {
    /// NLMSG_ or RTM_ number.
    package var type: UInt16
    /// NLM_F_ bits.
    package var flags: UInt16
    /// The number of the request that this answers; 0 in notifications caused by the kernel itself.
    package var sequence: UInt32
    /// The port id of the socket that caused it; 0 for the kernel itself.
    package var port: UInt32
}

/// A message from the kernel.
package enum NetlinkMessage: Hashable, Sendable {
    /// RTM_NEWROUTE.
    case route(KernelRoute)
    /// RTM_DELROUTE.
    case routeDeleted(KernelRoute)
    /// RTM_NEWLINK.
    case link(Interface)
    /// RTM_DELLINK, with the index.
    case linkDeleted(UInt32)
    /// RTM_NEWADDR.
    case address(InterfaceAddress)
    /// RTM_DELADDR.
    case addressDeleted(InterfaceAddress)
    /// NLMSG_ERROR; errno 0 is an acknowledgement.
    case answer(errno: Int32, text: String?)
    /// NLMSG_DONE: the end of a dump; errno 0 where it went well.
    case done(errno: Int32, text: String?)
    /// NLMSG_OVERRUN: something was lost.
    case overrun
    /// Well-formed, and nothing that concerns us: another family, a cached route, a type of its own.
    case ignored
    /// Cut short or contradicting its own lengths.
    case malformed
}

/// Reads datagrams of rtnetlink.
///
/// Attributes that are unknown are passed over, whatever they hold; nothing that the kernel sends is fatal.
package enum NetlinkDecoder {
    /// Calls `body` for each message of a datagram, in order; a broken one is the last.
    package static func forEachMessage(
        in bytes: Span<UInt8>,
        _ body: (NetlinkHeader, NetlinkMessage) -> Void
    ) {
        var offset = 0
        while offset < bytes.count {
            let length = bytes.count - offset < NLMSG.headerSize ? 0 : Int(bytes.uint32(at: offset))
            guard length >= NLMSG.headerSize, offset + length <= bytes.count else {
                body(NetlinkHeader(type: 0, flags: 0, sequence: 0, port: 0), .malformed)
                return
            }
            let header = NetlinkHeader(
                type: bytes.uint16(at: offset + 4),
                flags: bytes.uint16(at: offset + 6),
                sequence: bytes.uint32(at: offset + 8),
                port: bytes.uint32(at: offset + 12)
            )
            let payload = bytes.extracting((offset + NLMSG.headerSize)..<(offset + length))
            body(header, message(header, payload))
            offset += (length + 3) & ~3
        }
    }

    private static func message(_ header: NetlinkHeader, _ payload: Span<UInt8>) -> NetlinkMessage {
        switch header.type {
        case RTM.newRoute: route(payload, NetlinkMessage.route)
        case RTM.delRoute: route(payload, NetlinkMessage.routeDeleted)
        case RTM.newLink: link(payload) { .link($0) }
        case RTM.delLink: link(payload) { .linkDeleted($0.index) }
        case RTM.newAddress: address(payload, NetlinkMessage.address)
        case RTM.delAddress: address(payload, NetlinkMessage.addressDeleted)
        case NLMSG.error: answer(header, payload)
        case NLMSG.done: done(header, payload)
        case NLMSG.overrun: .overrun
        default: .ignored
        }
    }

    // MARK: - Answers

    private static func answer(_ header: NetlinkHeader, _ payload: Span<UInt8>) -> NetlinkMessage {
        guard payload.count >= 4 + NLMSG.headerSize else { return .malformed }
        let error = errno(payload)
        // The request comes back in whole unless the answer is capped; the attributes follow it.
        let request =
            header.flags & NLMFlag.capped != 0 ? NLMSG.headerSize : Int(payload.uint32(at: 4))
        let start = 4 + (request + 3) & ~3
        return .answer(errno: error, text: text(header, payload, from: start))
    }

    private static func done(_ header: NetlinkHeader, _ payload: Span<UInt8>) -> NetlinkMessage {
        guard payload.count >= 4 else { return .done(errno: 0, text: nil) }
        return .done(errno: errno(payload), text: text(header, payload, from: 4))
    }

    private static func errno(_ payload: Span<UInt8>) -> Int32 {
        0 &- Int32(bitPattern: payload.uint32(at: 0))
    }

    private static func text(
        _ header: NetlinkHeader,
        _ payload: Span<UInt8>,
        from start: Int
    ) -> String? {
        guard header.flags & NLMFlag.ackAttributes != 0, start <= payload.count else { return nil }
        var text: String?
        _ = forEachAttribute(in: payload.extracting(start..<payload.count)) { type, value in
            if type == 1 { text = string(value) }
        }
        return text
    }

    // MARK: - Links and addresses

    private static func link(
        _ payload: Span<UInt8>,
        _ make: (Interface) -> NetlinkMessage
    ) -> NetlinkMessage {
        guard payload.count >= 16 else { return .malformed }
        // AF_BRIDGE and AF_INET6 tell of the same links in their own way.
        guard payload[0] == 0 else { return .ignored }
        var link = Interface(
            index: payload.uint32(at: 4),
            name: "",
            flags: payload.uint32(at: 8),
            operationalState: .unknown,
            mtu: 0
        )
        let isWhole = forEachAttribute(in: payload.extracting(16..<payload.count)) { type, value in
            switch type {
            case IFLA.name: link.name = string(value)
            case IFLA.mtu where value.count >= 4: link.mtu = value.uint32(at: 0)
            case IFLA.operationalState where value.count >= 1:
                link.operationalState = OperationalState(rawValue: value[0]) ?? .unknown
            default: break
            }
        }
        return isWhole ? make(link) : .malformed
    }

    private static func address(
        _ payload: Span<UInt8>,
        _ make: (InterfaceAddress) -> NetlinkMessage
    ) -> NetlinkMessage {
        guard payload.count >= 8 else { return .malformed }
        guard let family = family(payload[0]) else { return .ignored }
        var local: IPAddress?
        var other: IPAddress?
        let isWhole = forEachAttribute(in: payload.extracting(8..<payload.count)) { type, value in
            switch type {
            case IFA.local: local = IPAddress(value, family)
            case IFA.address: other = IPAddress(value, family)
            default: break
            }
        }
        guard isWhole, let own = local ?? other else { return .malformed }
        return make(
            InterfaceAddress(
                interface: payload.uint32(at: 4),
                address: own,
                prefixLength: payload[1],
                peer: other == own ? nil : other,
                scope: payload[3]
            )
        )
    }

    // MARK: - Attributes

    /// Calls `body` with the type and the value of each attribute; false where one is cut short.
    static func forEachAttribute(
        in bytes: Span<UInt8>,
        _ body: (UInt16, Span<UInt8>) -> Void
    ) -> Bool {
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = Int(bytes.uint16(at: offset))
            guard length >= 4, offset + length <= bytes.count else { return false }
            // The top two bits say "nested" and "network order".
            let type = bytes.uint16(at: offset + 2) & 0x3FFF
            body(type, bytes.extracting((offset + 4)..<(offset + length)))
            offset += (length + 3) & ~3
        }
        return true
    }

    static func family(_ number: UInt8) -> AddressFamily? {
        switch number {
        case AF.inet: .ipv4
        case AF.inet6: .ipv6
        default: nil
        }
    }

    private static func string(_ value: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        for index in value.indices where value[index] != 0 { bytes.append(value[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Span<UInt8> {
    /// Two bytes in host order.
    func uint16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: UInt16(self[offset]) | UInt16(self[offset + 1]) << 8)
    }

    /// Four bytes in host order.
    func uint32(at offset: Int) -> UInt32 {
        UInt32(
            littleEndian: UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
                | UInt32(self[offset + 2]) << 16 | UInt32(self[offset + 3]) << 24
        )
    }

    /// Eight bytes in network order.
    func networkUInt64(at offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 << 8 | UInt64(self[offset + $1]) }
    }
}

extension IPAddress {
    /// The address of that family at the start of an attribute; nil where the bytes do not suffice.
    init?(_ value: Span<UInt8>, _ family: AddressFamily) {
        guard value.count >= family.byteCount else { return nil }
        switch family {
        case .ipv4:
            let bits = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(value[$1]) }
            self.init(ipv4: bits)
        case .ipv6:
            self.init(ipv6High: value.networkUInt64(at: 0), low: value.networkUInt64(at: 8))
        }
    }
}
