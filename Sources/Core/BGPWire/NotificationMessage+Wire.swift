extension NotificationMessage {
    /// Reads the body of a NOTIFICATION; nil where not even code and subcode are there.
    package static func decode(_ body: Span<UInt8>) -> NotificationMessage? {
        guard body.count >= 2 else { return nil }
        return NotificationMessage(code: body[0], subcode: body[1], data: body.copy(2..<body.count))
    }

    /// Appends the whole message, header included; data that does not fit in 4096 octets is cut.
    package func encode(to output: inout [UInt8]) {
        let kept = data.prefix(MessageFraming.standardMaximum - MessageFraming.headerLength - 2)
        MessageFraming.appendHeader(.notification, length: 21 + kept.count, to: &output)
        output.append(code)
        output.append(subcode)
        output += kept
    }

    /// Cease with a Shutdown Communication (RFC 9003): the text is cut to 255 octets at a character's border.
    package static func cease(_ subcode: UInt8, text: String = "") -> NotificationMessage {
        guard !text.isEmpty else { return NotificationMessage(.cease, subcode) }
        var bytes: [UInt8] = []
        for character in text {
            let next = character.utf8
            if bytes.count + next.count > 255 { break }
            bytes += next
        }
        return NotificationMessage(.cease, subcode, data: [UInt8(bytes.count)] + bytes)
    }

    /// What would have been sent without graceful restart, from the data of a Hard Reset (RFC 8538 §3); nil elsewhere.
    ///
    /// A Hard Reset in a Hard Reset means nothing.
    package var hardResetCause: NotificationMessage? {
        guard code == ErrorCode.cease.rawValue, subcode == CeaseSubcode.hardReset, data.count >= 2
        else { return nil }
        let isNested = data[0] == code && data[1] == subcode
        return isNested
            ? nil : NotificationMessage(code: data[0], subcode: data[1], data: Array(data[2...]))
    }

    /// True for Cease/9, which ends a session for good whatever it has inside.
    package var isHardReset: Bool {
        code == ErrorCode.cease.rawValue && subcode == CeaseSubcode.hardReset
    }

    /// The same NOTIFICATION in a Hard Reset.
    package var hardReset: NotificationMessage {
        NotificationMessage(.cease, CeaseSubcode.hardReset, data: [code, subcode] + data)
    }

    /// The Shutdown Communication of Cease/2 and Cease/4, control characters escaped (`\n`, `\033`); nil where none.
    ///
    /// A length octet that says more than there is makes the whole field void (RFC 9003 §2).
    ///
    /// A Hard Reset has that of the NOTIFICATION in it.
    package var shutdownText: String? {
        if let hardResetCause { return hardResetCause.shutdownText }
        guard code == ErrorCode.cease.rawValue,
            subcode == CeaseSubcode.administrativeShutdown
                || subcode == CeaseSubcode.administrativeReset,
            let length = data.first, length > 0, Int(length) < data.count
        else { return nil }
        return PeerText.escaped(data[1...Int(length)])
    }
}

/// Text that a peer wrote, made fit for a log line and a screen.
enum PeerText {
    /// UTF-8 as it is; control characters as `\n`, `\t`, `\r` or three octal digits an octet.
    ///
    /// Where the whole
    /// is no UTF-8, every octet past ASCII is written so too.
    static func escaped(_ bytes: some Collection<UInt8>) -> String {
        var result = ""
        guard let text = String(validating: bytes, as: UTF8.self) else {
            for byte in bytes {
                if byte < 0x80 {
                    append(Unicode.Scalar(byte), to: &result)
                } else {
                    appendOctal(byte, to: &result)
                }
            }
            return result
        }
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                for byte in String(scalar).utf8 { appendOctal(byte, to: &result) }
            default:
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func appendOctal(_ byte: UInt8, to result: inout String) {
        result += "\\\(byte >> 6)\(byte >> 3 & 7)\(byte & 7)"
    }
}
