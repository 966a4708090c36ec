import BGPWire

extension MessagesRequest.Position: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .newest:
            writer.octet(0)
        case .before(let sequence):
            writer.octet(1)
            writer.number(sequence)
        case .from(let sequence):
            writer.octet(2)
            writer.number(sequence)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .newest
        case 1: self = .before(try reader.number())
        case 2: self = .from(try reader.number())
        default: throw .badValue(offset: offset, type: "place in the message log")
        }
    }
}

extension MessagesRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(position)
        writer.number(limit)
        writer.value(filter)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            position: try reader.value(),
            limit: try reader.number(),
            filter: try reader.value()
        )
    }
}

extension MessagesRequest.Filter: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.optional(neighbor)
        writer.octet(kinds.rawValue)
        writer.optional(direction)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        neighbor = try reader.optional()
        kinds = MessagesRequest.Kinds(rawValue: try reader.octet())
        direction = try reader.optional()
    }
}

extension MessageRow.Direction: ControlCoded {}

extension MessageRow.Content: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .message(let bytes, let fourOctetAS, let pathIDs):
            writer.octet(0)
            writer.octets(bytes)
            writer.flag(fourOctetAS)
            writer.octet(pathIDs.rawValue)
        case .connect(let address, let port, let failure):
            writer.octet(1)
            writer.value(address)
            writer.number(port)
            writer.optional(failure)
        case .connected(let address, let port):
            writer.octet(2)
            writer.value(address)
            writer.number(port)
        case .closed(let reason):
            writer.octet(3)
            writer.value(reason)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0:
            self = .message(
                bytes: try reader.octets(),
                fourOctetAS: try reader.flag(),
                pathIDs: FamilySet(rawValue: try reader.octet())
            )
        case 1:
            self = .connect(
                address: try reader.value(),
                port: try reader.number(),
                failure: try reader.optional()
            )
        case 2: self = .connected(address: try reader.value(), port: try reader.number())
        case 3: self = .closed(try reader.value())
        default: throw .badValue(offset: offset, type: "log line")
        }
    }
}

extension MessageRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(sequence)
        writer.value(time)
        writer.value(neighbor)
        writer.value(direction)
        writer.value(content)
        writer.flag(isTreatedAsWithdraw)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            sequence: try reader.number(),
            time: try reader.value(),
            neighbor: try reader.value(),
            direction: try reader.value(),
            content: try reader.value()
        )
        isTreatedAsWithdraw = try reader.flag()
    }
}

extension MessagesPage: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(oldest)
        writer.number(newest)
        writer.list(rows)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        oldest = try reader.number()
        newest = try reader.number()
        rows = try reader.list()
    }
}

extension EventsRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(after)
        writer.number(limit)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(after: try reader.number(), limit: try reader.number())
    }
}

extension EventRow.Kind: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .stateChange(let from, let to, let event):
            writer.octet(0)
            writer.value(from)
            writer.value(to)
            writer.text(event)
        case .up:
            writer.octet(1)
        case .down(let reason, let upSeconds):
            writer.octet(2)
            writer.value(reason)
            writer.number(upSeconds)
        case .connectFailed(let reason):
            writer.octet(3)
            writer.value(reason)
        case .malformedUpdate(let text):
            writer.octet(4)
            writer.text(text)
        case .kernelRefusal(let text):
            writer.octet(5)
            writer.text(text)
        case .kernelOverrun:
            writer.octet(6)
        case .operation(let text):
            writer.octet(7)
            writer.text(text)
        case .notice(let text):
            writer.octet(8)
            writer.text(text)
        case .kernelChange(let text, let isBad):
            writer.octet(9)
            writer.text(text)
            writer.flag(isBad)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0:
            self = .stateChange(
                from: try reader.value(),
                to: try reader.value(),
                event: try reader.text()
            )
        case 1: self = .up
        case 2: self = .down(try reader.value(), upSeconds: try reader.number())
        case 3: self = .connectFailed(try reader.value())
        case 4: self = .malformedUpdate(try reader.text())
        case 5: self = .kernelRefusal(try reader.text())
        case 6: self = .kernelOverrun
        case 7: self = .operation(try reader.text())
        case 8: self = .notice(try reader.text())
        case 9: self = .kernelChange(try reader.text(), isBad: try reader.flag())
        default: throw .badValue(offset: offset, type: "event")
        }
    }
}

extension EventRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(sequence)
        writer.value(time)
        writer.optional(neighbor)
        writer.text(neighborName)
        writer.value(kind)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            sequence: try reader.number(),
            time: try reader.value(),
            neighbor: try reader.optional(),
            neighborName: try reader.text(),
            kind: try reader.value()
        )
    }
}

extension EventsPage: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(lost)
        writer.list(rows)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        lost = try reader.number()
        rows = try reader.list()
    }
}
