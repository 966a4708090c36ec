internal import Addressing

extension RuleStep: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.text(file)
        writer.number(line)
        writer.text(text)
        writer.list(changes)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            file: try reader.text(),
            line: try reader.number(),
            text: try reader.text(),
            changes: try reader.list()
        )
    }
}

extension PathReason: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(rank)
        writer.value(verdict)
        writer.list(rules)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            rank: try reader.number(),
            verdict: try reader.value(),
            rules: try reader.list()
        )
    }
}

extension PathReason.Verdict: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .best:
            writer.octet(0)
        case .lost(let step, let winner):
            writer.octet(1)
            writer.value(step)
            writer.value(winner)
        case .refused(let rule):
            writer.octet(2)
            writer.optional(rule.map { UInt32(clamping: $0) })
        case .notEligible(let fault):
            writer.octet(3)
            writer.value(fault)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .best
        case 1: self = .lost(try reader.value(), to: try reader.value())
        case 2:
            let rule: UInt32? = try reader.optional()
            self = .refused(by: rule.map { Int($0) })
        case 3: self = .notEligible(try reader.value())
        default: throw .badValue(offset: offset, type: "verdict")
        }
    }
}

extension PathReason.Fault: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .malformed: writer.octet(0)
        case .loop: writer.octet(1)
        case .leaked: writer.octet(2)
        case .nextHopUnreachable(let address):
            writer.octet(3)
            writer.value(address)
        case .noNextHop: writer.octet(4)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .malformed
        case 1: self = .loop
        case 2: self = .leaked
        case 3: self = .nextHopUnreachable(try reader.value())
        case 4: self = .noNextHop
        default: throw .badValue(offset: offset, type: "path fault")
        }
    }
}

extension LostStep: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.octet(UInt8(number))
        switch self {
        case .localPreference(let own, let other), .pathLength(let own, let other),
            .weight(let own, let other), .nextHopCost(let own, let other),
            .age(let own, let other), .identifier(let own, let other),
            .clusterList(let own, let other), .pathID(let own, let other):
            writer.number(own)
            writer.number(other)
        case .origin(let own, let other):
            writer.octet(own)
            writer.octet(other)
        case .med(let own, let other, let comparison):
            writer.number(own)
            writer.number(other)
            if case .sameAS(let number) = comparison {
                writer.optional(ASNumber?.some(number))
            } else {
                writer.optional(ASNumber?.none)
            }
        case .external: break
        case .neighborAddress(let own, let other):
            writer.value(own)
            writer.value(other)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 2: self = .localPreference(try reader.number(), try reader.number())
        case 3: self = .pathLength(try reader.number(), try reader.number())
        case 4: self = .origin(try reader.octet(), try reader.octet())
        case 5:
            let own: UInt32 = try reader.number()
            let other: UInt32 = try reader.number()
            let system: ASNumber? = try reader.optional()
            self = .med(own, other, system.map { .sameAS($0) } ?? .always)
        case 6: self = .external
        case 7: self = .weight(try reader.number(), try reader.number())
        case 8: self = .nextHopCost(try reader.number(), try reader.number())
        case 9: self = .age(try reader.number(), try reader.number())
        case 10: self = .identifier(try reader.number(), try reader.number())
        case 11: self = .clusterList(try reader.number(), try reader.number())
        case 12: self = .neighborAddress(try reader.value(), try reader.value())
        case 13: self = .pathID(try reader.number(), try reader.number())
        default: throw .badValue(offset: offset, type: "decision step")
        }
    }
}
