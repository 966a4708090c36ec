import Addressing

extension OpenMessage {
    /// Reads the body of an OPEN (RFC 4271 §4.2, RFC 5492, RFC 9072).
    ///
    /// Refused here is what is wrong whoever the neighbor is: version, parameters cut short or unknown, a hold
    /// time of 1 or 2, an identifier of 0, AS 0. A wrong AS or a capability that is missing is the session's affair.
    package static func decode(_ body: Span<UInt8>) -> Decoded<OpenMessage> {
        guard body.count >= 10 else { return .fault(NotificationMessage(.open)) }
        guard body[0] == 4 else {
            // The data tells the version that we speak (RFC 4271 §6.2).
            return .fault(NotificationMessage(.open, 1, data: [0, 4]))
        }
        var open = OpenMessage(
            twoOctetAS: body.uint16(at: 1),
            holdTime: body.uint16(at: 3),
            identifier: body.uint32(at: 5),
            capabilities: Capabilities()
        )
        if open.holdTime == 1 || open.holdTime == 2 { return .fault(NotificationMessage(.open, 6)) }
        if open.identifier == 0 { return .fault(NotificationMessage(.open, 3)) }

        let isExtended = body[9] != 0 && body.count > 10 && body[10] == 255
        guard !isExtended || body.count >= 13 else { return .fault(NotificationMessage(.open)) }
        var offset = isExtended ? 13 : 10
        let declared = isExtended ? Int(body.uint16(at: 11)) : Int(body[9])
        guard offset + declared == body.count else { return .fault(NotificationMessage(.open)) }
        while offset < body.count {
            let headerLength = isExtended ? 3 : 2
            guard offset + headerLength <= body.count else {
                return .fault(NotificationMessage(.open))
            }
            let length = isExtended ? Int(body.uint16(at: offset + 1)) : Int(body[offset + 1])
            let start = offset + headerLength
            guard start + length <= body.count else { return .fault(NotificationMessage(.open)) }
            guard body[offset] == 2 else { return .fault(NotificationMessage(.open, 4)) }
            guard open.capabilities.add(from: body, start..<start + length) else {
                return .fault(NotificationMessage(.open))
            }
            offset = start + length
        }
        if open.autonomousSystem.value == 0 { return .fault(NotificationMessage(.open, 2)) }
        return .message(open)
    }

    /// Appends the whole message, header included.
    package func encode(to output: inout [UInt8]) {
        let offered = capabilities.encoded
        let isExtended = offered.count > 253
        let parameters = offered.isEmpty ? 0 : offered.count + (isExtended ? 6 : 2)
        MessageFraming.appendHeader(.open, length: 29 + parameters, to: &output)
        output.append(version)
        output.append(uint16: twoOctetAS)
        output.append(uint16: holdTime)
        output.append(uint32: identifier)
        if isExtended {
            output += [255, 255]
            output.append(uint16: UInt16(offered.count + 3))
            output.append(2)
            output.append(uint16: UInt16(offered.count))
        } else {
            output.append(UInt8(parameters))
            if !offered.isEmpty { output += [2, UInt8(offered.count)] }
        }
        output += offered
    }
}
