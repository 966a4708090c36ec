extension RIBPageRequest.Table: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .locRIB:
            writer.octet(0)
        case .adjRIBIn:
            writer.octet(1)
        case .adjRIBOut(let neighbor):
            writer.octet(2)
            writer.value(neighbor)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .locRIB
        case 1: self = .adjRIBIn
        case 2: self = .adjRIBOut(try reader.value())
        default: throw .badValue(offset: offset, type: "table")
        }
    }
}

extension RIBPageRequest.Position: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .start:
            writer.octet(0)
        case .at(let prefix):
            writer.octet(1)
            writer.value(prefix)
        case .after(let prefix):
            writer.octet(2)
            writer.value(prefix)
        case .before(let prefix):
            writer.octet(3)
            writer.value(prefix)
        case .share(let millionths):
            writer.octet(4)
            writer.number(millionths)
        case .end:
            writer.octet(5)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .start
        case 1: self = .at(try reader.value())
        case 2: self = .after(try reader.value())
        case 3: self = .before(try reader.value())
        case 4: self = .share(try reader.number())
        case 5: self = .end
        default: throw .badValue(offset: offset, type: "position")
        }
    }
}

extension OriginValidation: ControlCoded {}

extension PathValidation: ControlCoded {}

extension RIBPageRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(table)
        writer.value(filter)
        writer.value(position)
        writer.number(limit)
        writer.flag(withAttributes)
        writer.flag(withReasons)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            table: try reader.value(),
            filter: try reader.value(),
            position: try reader.value(),
            limit: try reader.number(),
            withAttributes: try reader.flag(),
            withReasons: try reader.flag()
        )
    }
}

extension RIBRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.prefix(prefix)
        writer.number(neighbor.value)
        writer.optional(pathID)
        writer.number(flags.rawValue)
        writer.octet(originValidation.rawValue | pathValidation.rawValue << 2 | origin << 4)
        writer.number(localPreference)
        writer.number(med)
        writer.number(weight)
        writer.address(nextHop)
        switch trueNextHop {
        case nil:
            writer.octet(0)
        case nextHop?:
            writer.octet(1)
        case let address?:
            writer.octet(2)
            writer.address(address)
        }
        writer.octets(asPath)
        writer.number(ageSeconds)
        writer.octets(attributes)
        writer.optional(reason)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            prefix: try reader.prefix(),
            neighbor: NeighborNumber(try reader.number()),
            flags: []
        )
        pathID = try reader.optional()
        flags = RIBFlags(rawValue: try reader.number())
        let states = try reader.octet()
        guard let origin = OriginValidation(rawValue: states & 3),
            let path = PathValidation(rawValue: states >> 2 & 3)
        else {
            throw .badValue(offset: reader.offset - 1, type: "validation state")
        }
        originValidation = origin
        pathValidation = path
        self.origin = states >> 4
        localPreference = try reader.number()
        med = try reader.number()
        weight = try reader.number()
        nextHop = try reader.address()
        switch try reader.octet() {
        case 0: trueNextHop = nil
        case 1: trueNextHop = nextHop
        case 2: trueNextHop = try reader.address()
        default: throw .badValue(offset: reader.offset - 1, type: "true next hop")
        }
        asPath = try reader.octets()
        ageSeconds = try reader.number()
        attributes = try reader.octets()
        reason = try reader.optional()
    }
}

extension RIBPage: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(prefixCount)
        writer.number(pathCount)
        writer.number(share)
        writer.optional(next)
        writer.number(reached)
        writer.flag(isPreparing)
        writer.list(rows)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        prefixCount = try reader.number()
        pathCount = try reader.number()
        share = try reader.number()
        next = try reader.optional()
        reached = try reader.number()
        isPreparing = try reader.flag()
        rows = try reader.list()
    }
}

extension RouteDetail: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(prefix)
        writer.list(paths)
        writer.list(kernel)
        writer.list(announcedTo)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(prefix: try reader.value())
        paths = try reader.list()
        kernel = try reader.list()
        announcedTo = try reader.list()
    }
}
