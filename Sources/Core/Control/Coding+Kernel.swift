extension KernelRow.Kind: ControlCoded {}

extension KernelRow.Class: ControlCoded {}

extension KernelPageRequest.Filter: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.optional(family)
        writer.optional(prefix)
        writer.list(classes.sorted { $0.rawValue < $1.rawValue })
        writer.flag(driftOnly)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        family = try reader.optional()
        prefix = try reader.optional()
        classes = Set(try reader.list())
        driftOnly = try reader.flag()
    }
}

extension KernelPageRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(position)
        writer.value(filter)
        writer.number(limit)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            position: try reader.value(),
            filter: try reader.value(),
            limit: try reader.number()
        )
    }
}

extension KernelRow.NextHop: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.optional(gateway)
        writer.text(interfaceName)
        writer.signed(interfaceIndex)
        writer.number(weight)
        writer.flag(isOnLink)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            gateway: try reader.optional(),
            interfaceName: try reader.text(),
            interfaceIndex: try reader.signed(),
            weight: try reader.number(),
            isOnLink: try reader.flag()
        )
    }
}

extension KernelRow.Standing: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .installed: writer.octet(0)
        case .pending: writer.octet(1)
        case .refused(let errno, let text):
            writer.octet(2)
            writer.signed(errno)
            writer.text(text)
        case .different: writer.octet(3)
        case .missing: writer.octet(4)
        case .foreign: writer.octet(5)
        case .hidesOurs: writer.octet(6)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .installed
        case 1: self = .pending
        case 2: self = .refused(errno: try reader.signed(), text: try reader.text())
        case 3: self = .different
        case 4: self = .missing
        case 5: self = .foreign
        case 6: self = .hidesOurs
        default: throw .badValue(offset: offset, type: "kernel standing")
        }
    }
}

extension KernelRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(prefix)
        writer.number(table)
        writer.octet(protocolNumber)
        writer.number(metric)
        writer.value(kind)
        writer.octet(scope)
        writer.optional(source)
        writer.list(nextHops)
        writer.value(standing)
        writer.flag(carriesNextHop)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            prefix: try reader.value(),
            table: try reader.number(),
            protocolNumber: try reader.octet(),
            metric: try reader.number()
        )
        kind = try reader.value()
        scope = try reader.octet()
        source = try reader.optional()
        nextHops = try reader.list()
        standing = try reader.value()
        carriesNextHop = try reader.flag()
    }
}

extension KernelPage: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(counts)
        writer.number(share)
        writer.optional(next)
        writer.list(rows)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        counts = try reader.value()
        share = try reader.number()
        next = try reader.optional()
        rows = try reader.list()
    }
}
