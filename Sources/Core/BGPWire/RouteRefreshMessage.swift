package import Addressing

/// A ROUTE-REFRESH message (RFC 2918, RFC 7313).
package struct RouteRefreshMessage: Hashable, Sendable {
    /// AFI as sent.
    package var afi: UInt16
    /// SAFI as sent.
    package var safi: UInt8
    /// 0 request, 1 beginning and 2 end of a refresh (RFC 7313); others are to be ignored.
    package var subtype: UInt8

    package init(afi: UInt16, safi: UInt8, subtype: UInt8 = 0) {
        self.afi = afi
        self.safi = safi
        self.subtype = subtype
    }

    /// The request for that family, or another subtype.
    package init(_ family: AddressFamily, subtype: UInt8 = 0) {
        self.init(afi: UInt16(family.rawValue), safi: 1, subtype: subtype)
    }

    /// The family where it is one that this speaker routes.
    package var family: AddressFamily? {
        safi == 1 && afi <= 2 ? AddressFamily(rawValue: UInt8(afi)) : nil
    }

    /// Reads the body; a wrong length is fault 7/1 with the message as data (RFC 7313 §5).
    ///
    /// What follows the four octets of a plain request is an ORF (RFC 5291), which nobody agreed on: passed over.
    package static func decode(_ body: Span<UInt8>) -> Decoded<RouteRefreshMessage> {
        let isExact = body.count == 4
        guard isExact || body.count > 4 && body[2] != 1 && body[2] != 2 else {
            var message: [UInt8] = []
            MessageFraming.appendHeader(
                .routeRefresh,
                length: MessageFraming.headerLength + body.count,
                to: &message
            )
            message.append(from: body, 0..<body.count)
            return .fault(NotificationMessage(.routeRefresh, 1, data: message))
        }
        return .message(
            RouteRefreshMessage(afi: body.uint16(at: 0), safi: body[3], subtype: body[2])
        )
    }

    /// Appends the whole message, header included.
    package func encode(to output: inout [UInt8]) {
        MessageFraming.appendHeader(.routeRefresh, length: 23, to: &output)
        output.append(uint16: afi)
        output += [subtype, safi]
    }
}
