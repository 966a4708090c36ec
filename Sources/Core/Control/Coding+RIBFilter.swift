extension RIBFilter.PrefixMatch: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .exact(let prefix):
            writer.octet(0)
            writer.value(prefix)
        case .orLonger(let prefix):
            writer.octet(1)
            writer.value(prefix)
        case .orShorter(let prefix):
            writer.octet(2)
            writer.value(prefix)
        case .longest(let address):
            writer.octet(3)
            writer.value(address)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .exact(try reader.value())
        case 1: self = .orLonger(try reader.value())
        case 2: self = .orShorter(try reader.value())
        case 3: self = .longest(try reader.value())
        default: throw .badValue(offset: offset, type: "prefix match")
        }
    }
}

extension RIBFilter.ASMatch: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .anywhere(let number):
            writer.octet(0)
            writer.value(number)
        case .peer(let number):
            writer.octet(1)
            writer.value(number)
        case .source(let number):
            writer.octet(2)
            writer.value(number)
        case .transit(let number):
            writer.octet(3)
            writer.value(number)
        case .emptyPath:
            writer.octet(4)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .anywhere(try reader.value())
        case 1: self = .peer(try reader.value())
        case 2: self = .source(try reader.value())
        case 3: self = .transit(try reader.value())
        case 4: self = .emptyPath
        default: throw .badValue(offset: offset, type: "AS match")
        }
    }
}

extension RIBFilter.CommunityPattern: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .standard(let number, let value):
            writer.octet(0)
            writer.optional(number)
            writer.optional(value)
        case .large(let number, let first, let second):
            writer.octet(1)
            writer.optional(number)
            writer.optional(first)
            writer.optional(second)
        case .extended(let subtype, let value):
            writer.octet(2)
            writer.text(subtype ?? "*")
            writer.text(value ?? "*")
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .standard(try reader.optional(), try reader.optional())
        case 1:
            self = .large(try reader.optional(), try reader.optional(), try reader.optional())
        case 2:
            let subtype = try reader.text()
            let value = try reader.text()
            self = .extended(
                subtype: subtype == "*" ? nil : subtype,
                value: value == "*" ? nil : value
            )
        default: throw .badValue(offset: offset, type: "community pattern")
        }
    }
}

extension ASPathPattern: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.text(text) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        let text = try reader.text()
        do {
            try self.init(text)
        } catch {
            throw .badValue(offset: offset, type: "path pattern")
        }
    }
}

extension RIBFilter.Test: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .family(let family):
            writer.octet(0)
            writer.value(family)
        case .prefix(let match):
            writer.octet(1)
            writer.value(match)
        case .neighbor(let selector):
            writer.octet(2)
            writer.value(selector)
        case .asPath(let match):
            writer.octet(3)
            writer.value(match)
        case .pathPattern(let pattern):
            writer.octet(4)
            writer.value(pattern)
        case .originValidation(let state):
            writer.octet(5)
            writer.value(state)
        case .nextHop(let address):
            writer.octet(6)
            writer.value(address)
        case .community(let pattern):
            writer.octet(7)
            writer.value(pattern)
        case .best:
            writer.octet(8)
        case .refused:
            writer.octet(9)
        case .disqualified:
            writer.octet(10)
        case .pathValidation(let state):
            writer.octet(11)
            writer.value(state)
        case .leaked:
            writer.octet(12)
        case .malformed:
            writer.octet(13)
        case .pathID(let number):
            writer.octet(14)
            writer.value(number)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .family(try reader.value())
        case 1: self = .prefix(try reader.value())
        case 2: self = .neighbor(try reader.value())
        case 3: self = .asPath(try reader.value())
        case 4: self = .pathPattern(try reader.value())
        case 5: self = .originValidation(try reader.value())
        case 6: self = .nextHop(try reader.value())
        case 7: self = .community(try reader.value())
        case 8: self = .best
        case 9: self = .refused
        case 10: self = .disqualified
        case 11: self = .pathValidation(try reader.value())
        case 12: self = .leaked
        case 13: self = .malformed
        case 14: self = .pathID(try reader.value())
        default: throw .badValue(offset: offset, type: "filter")
        }
    }
}

extension RIBFilter.Condition: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.flag(isNegated)
        writer.value(test)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let isNegated = try reader.flag()
        self.init(test: try reader.value(), isNegated: isNegated)
    }
}

extension RIBFilter: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.list(conditions) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        conditions = try reader.list()
    }
}
