import Addressing

extension MessageText {
    /// Every field of the message with its octets.
    ///
    /// - Parameters:
    ///   - message: all octets of the message.
    ///   - fourOctetAS: AS numbers in AS_PATH take four octets in this session.
    ///   - pathIDs: families whose prefixes have a path identifier before them.
    /// - Returns: the fields; a malformed one says so.
    package static func fields(
        _ message: Span<UInt8>,
        fourOctetAS: Bool,
        pathIDs: FamilySet = []
    ) -> [DecodedField] {
        let headerLength = MessageFraming.headerLength
        guard message.count >= headerLength else {
            return [malformed("Message", "cut short", message, 0..<message.count)]
        }
        var fields = [header(message)]
        let body = headerLength..<message.count
        switch MessageType(rawValue: message[18]) {
        case .open: fields += OpenFields.fields(message, body)
        case .update:
            let update = UpdateFields(fourOctetAS: fourOctetAS, pathIDs: pathIDs)
            fields += update.fields(message, body)
        case .notification: fields += notification(message, body)
        case .routeRefresh: fields += refresh(message, body)
        case .keepalive, nil:
            if !body.isEmpty {
                fields.append(malformed("Body", "unexpected octets", message, body))
            }
        }
        return fields
    }

    private static func header(_ message: Span<UInt8>) -> DecodedField {
        let isMarked = (0..<16).allSatisfy { message[$0] == 0xFF }
        let length = Int(message.uint16(at: 16))
        let type = MessageType(rawValue: message[18])
        let name = type?.name ?? "unknown type \(message[18])"
        return DecodedField(
            label: "Header",
            value: "\(name), \(length) octets",
            range: 0..<19,
            children: [
                DecodedField(
                    label: "Marker",
                    value: isMarked ? "all ones" : "not all ones",
                    range: 0..<16,
                    isMalformed: !isMarked
                ),
                DecodedField(
                    label: "Length",
                    value: length == message.count
                        ? "\(length)" : "\(length), but \(message.count) octets are here",
                    range: 16..<18,
                    isMalformed: length != message.count
                ),
                DecodedField(label: "Type", value: name, range: 18..<19, isMalformed: type == nil),
            ]
        )
    }

    private static func notification(_ message: Span<UInt8>, _ body: Range<Int>) -> [DecodedField] {
        guard let decoded = NotificationMessage.decode(message.extracting(body)) else {
            return [malformed("Error", "no error code", message, body)]
        }
        let start = body.lowerBound
        var fields = [
            DecodedField(label: "Error code", value: "\(decoded.code)", range: start..<start + 1),
            DecodedField(
                label: "Error subcode",
                value: "\(decoded.subcode)",
                range: start + 1..<start + 2
            ),
            DecodedField(label: "Meaning", value: decoded.words, range: start..<start + 2),
        ]
        let data = start + 2..<body.upperBound
        if let text = decoded.shutdownText {
            fields.append(
                DecodedField(label: "Shutdown communication", value: "\"\(text)\"", range: data)
            )
        } else if !data.isEmpty {
            fields.append(
                DecodedField(
                    label: "Data",
                    value: AttributeText.raw(message.extracting(data)),
                    range: data
                )
            )
        }
        return fields
    }

    private static func refresh(_ message: Span<UInt8>, _ body: Range<Int>) -> [DecodedField] {
        guard body.count >= 4 else { return [malformed("Refresh", "cut short", message, body)] }
        let start = body.lowerBound
        let refresh = RouteRefreshMessage(
            afi: message.uint16(at: start),
            safi: message[start + 3],
            subtype: message[start + 2]
        )
        var fields = [
            DecodedField(label: "AFI", value: "\(refresh.afi)", range: start..<start + 2),
            DecodedField(
                label: "Subtype",
                value: refresh.subtypeName,
                range: start + 2..<start + 3
            ),
            DecodedField(label: "SAFI", value: "\(refresh.safi)", range: start + 3..<start + 4),
            DecodedField(
                label: "Family",
                value: FamilyName.words(afi: refresh.afi, safi: refresh.safi),
                range: start..<start + 4
            ),
        ]
        let rest = start + 4..<body.upperBound
        if !rest.isEmpty {
            fields.append(
                DecodedField(
                    label: "Outbound route filter",
                    value: AttributeText.raw(message.extracting(rest)),
                    range: rest
                )
            )
        }
        return fields
    }

    /// A field that cannot be read, with its octets.
    static func malformed(
        _ label: String,
        _ what: String,
        _ message: Span<UInt8>,
        _ range: Range<Int>
    ) -> DecodedField {
        let raw = AttributeText.raw(message.extracting(range))
        return DecodedField(label: label, value: "\(what), \(raw)", range: range, isMalformed: true)
    }
}
