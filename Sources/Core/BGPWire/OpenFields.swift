import Addressing

/// The fields of an OPEN, capability by capability.
enum OpenFields {
    static func fields(_ message: Span<UInt8>, _ body: Range<Int>) -> [DecodedField] {
        guard body.count >= 10 else {
            return [MessageText.malformed("OPEN", "cut short", message, body)]
        }
        let start = body.lowerBound
        let hold = message.uint16(at: start + 3)
        let identifier = message.uint32(at: start + 5)
        var fields = [
            DecodedField(
                label: "Version",
                value: "\(message[start])",
                range: start..<start + 1,
                isMalformed: message[start] != 4
            ),
            DecodedField(
                label: "My AS",
                value: "\(message.uint16(at: start + 1))",
                range: start + 1..<start + 3
            ),
            DecodedField(
                label: "Hold time",
                value: "\(hold) s",
                range: start + 3..<start + 5,
                isMalformed: hold == 1 || hold == 2
            ),
            DecodedField(
                label: "BGP Identifier",
                value: "\(IPAddress(ipv4: identifier))",
                range: start + 5..<start + 9,
                isMalformed: identifier == 0
            ),
        ]
        fields.append(parameters(message, body))
        return fields
    }

    private static func parameters(_ message: Span<UInt8>, _ body: Range<Int>) -> DecodedField {
        let start = body.lowerBound + 9
        let isExtended = message[start] != 0 && body.count >= 13 && message[start + 1] == 255
        var offset = isExtended ? start + 4 : start + 1
        let declared = isExtended ? Int(message.uint16(at: start + 2)) : Int(message[start])
        let isRight = offset + declared == body.upperBound
        var children: [DecodedField] = []
        while offset < body.upperBound {
            let header = isExtended ? 3 : 2
            guard offset + header <= body.upperBound else { break }
            let length = isExtended ? Int(message.uint16(at: offset + 1)) : Int(message[offset + 1])
            let value = offset + header..<offset + header + length
            guard value.upperBound <= body.upperBound else { break }
            if message[offset] == 2 {
                children += capabilities(message, value)
            } else {
                children.append(
                    MessageText.malformed(
                        "Parameter \(message[offset])",
                        "not supported",
                        message,
                        offset..<value.upperBound
                    )
                )
            }
            offset = value.upperBound
        }
        if offset < body.upperBound {
            children.append(
                MessageText.malformed("Parameter", "cut short", message, offset..<body.upperBound)
            )
        }
        return DecodedField(
            label: "Optional parameters",
            value: isRight ? "\(declared) octets" : "\(declared) octets, which do not fit",
            range: start..<body.upperBound,
            isMalformed: !isRight,
            children: children
        )
    }

    private static func capabilities(_ message: Span<UInt8>, _ range: Range<Int>) -> [DecodedField]
    {
        var fields: [DecodedField] = []
        var offset = range.lowerBound
        while offset + 2 <= range.upperBound {
            let end = offset + 2 + Int(message[offset + 1])
            guard end <= range.upperBound else { break }
            var one = Capabilities()
            let isSound = one.add(from: message, offset..<end)
            let code = message[offset]
            var words = isSound ? one.lines.first ?? "" : "malformed"
            // What tells two of them apart stands first: the rest may not fit.
            if let colon = words.firstIndex(of: ":"), code == 1 {
                words = "\(words[colon...].dropFirst(2)), multiprotocol"
            }
            fields.append(
                DecodedField(
                    label: "Capability \(code)",
                    value: one.fourOctetAS.map { "\(words): \($0)" } ?? words,
                    range: offset..<end,
                    isMalformed: !isSound
                )
            )
            offset = end
        }
        if offset < range.upperBound {
            fields.append(
                MessageText.malformed("Capability", "cut short", message, offset..<range.upperBound)
            )
        }
        return fields
    }
}
