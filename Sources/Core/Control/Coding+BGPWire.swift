internal import Addressing
package import BGPWire

extension SessionState: ControlCoded {}

extension MessageType: ControlCoded {}

extension FamilySet: ControlCoded {}

extension NotificationMessage: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.octet(code)
        writer.octet(subcode)
        writer.octets(data)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(code: try reader.octet(), subcode: try reader.octet(), data: try reader.octets())
    }
}

extension Capabilities.FamilyCode: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(afi)
        writer.octet(safi)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(afi: try reader.number(), safi: try reader.octet())
    }
}

extension Capabilities.UnknownCapability: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.octet(code)
        writer.octets(value)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(code: try reader.octet(), value: try reader.octets())
    }
}

extension Capabilities: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(families)
        writer.list(otherFamilies)
        writer.flag(routeRefresh)
        writer.optional(fourOctetAS)
        writer.flag(enhancedRouteRefresh)
        writer.flag(extendedMessage)
        writer.flag(extendedNextHop)
        writer.flag(gracefulRestart != nil)
        if let gracefulRestart { writer.octets(gracefulRestart) }
        writer.flag(addPath != nil)
        if let addPath { writer.octets(addPath) }
        writer.flag(role != nil)
        if let role { writer.octet(role) }
        writer.list(unknown)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        families = try reader.value()
        otherFamilies = try reader.list()
        routeRefresh = try reader.flag()
        fourOctetAS = try reader.optional()
        enhancedRouteRefresh = try reader.flag()
        extendedMessage = try reader.flag()
        extendedNextHop = try reader.flag()
        gracefulRestart = try reader.flag() ? try reader.octets() : nil
        addPath = try reader.flag() ? try reader.octets() : nil
        role = try reader.flag() ? try reader.octet() : nil
        unknown = try reader.list()
    }
}

extension BGPRole: ControlCoded {}

extension DownReason: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .sent(let message):
            writer.octet(0)
            writer.value(message)
        case .received(let message):
            writer.octet(1)
            writer.value(message)
        case .holdTimerExpired(let silentSeconds):
            writer.octet(2)
            writer.number(silentSeconds)
        case .ownLoopBusy(let milliseconds):
            writer.octet(3)
            writer.number(milliseconds)
        case .sendHoldTimerExpired(let seconds):
            writer.octet(4)
            writer.number(seconds)
        case .closedByPeer:
            writer.octet(5)
        case .socketError(let errno):
            writer.octet(6)
            writer.signed(errno)
        case .connectFailed(let errno):
            writer.octet(7)
            writer.signed(errno)
        case .connectTimedOut(let seconds):
            writer.octet(8)
            writer.number(seconds)
        case .authenticationUnavailable(let errno):
            writer.octet(9)
            writer.signed(errno)
        case .socketOptionRefused(let option, let errno):
            writer.octet(10)
            writer.text(option)
            writer.signed(errno)
        case .administrativeShutdown(let text):
            writer.octet(11)
            writer.text(text)
        case .administrativeReset(let text):
            writer.octet(12)
            writer.text(text)
        case .configuredDown(let text):
            writer.octet(13)
            writer.text(text)
        case .deconfigured:
            writer.octet(14)
        case .speakerStopped:
            writer.octet(15)
        case .collision:
            writer.octet(16)
        case .maximumPrefixes(let limit, let restartMinutes):
            writer.octet(17)
            writer.number(limit)
            writer.number(restartMinutes)
        case .wrongAS(let expected, let received):
            writer.octet(18)
            writer.value(expected)
            writer.value(received)
        case .identifierUnacceptable(let identifier):
            writer.octet(19)
            writer.number(identifier)
        case .holdTimeUnacceptable(let offered, let minimum):
            writer.octet(20)
            writer.number(offered)
            writer.number(minimum)
        case .capabilityMissing(let code):
            writer.octet(21)
            writer.octet(code)
        case .noCommonFamily:
            writer.octet(22)
        case .unexpectedMessage(let type, let state):
            writer.octet(23)
            writer.value(type)
            writer.value(state)
        case .configurationChanged:
            writer.octet(24)
        case .maximumPrefixesSent(let limit, let restartMinutes):
            writer.octet(25)
            writer.number(limit)
            writer.number(restartMinutes)
        case .interfaceDown(let name):
            writer.octet(26)
            writer.text(name)
        case .connectionReplaced:
            writer.octet(28)
        case .roleMismatch(let own, let theirs):
            writer.octet(27)
            writer.value(own)
            writer.octets(theirs)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .sent(try reader.value())
        case 1: self = .received(try reader.value())
        case 2: self = .holdTimerExpired(silentSeconds: try reader.number())
        case 3: self = .ownLoopBusy(milliseconds: try reader.number())
        case 4: self = .sendHoldTimerExpired(seconds: try reader.number())
        case 5: self = .closedByPeer
        case 6: self = .socketError(errno: try reader.signed())
        case 7: self = .connectFailed(errno: try reader.signed())
        case 8: self = .connectTimedOut(seconds: try reader.number())
        case 9: self = .authenticationUnavailable(errno: try reader.signed())
        case 10:
            self = .socketOptionRefused(option: try reader.text(), errno: try reader.signed())
        case 11: self = .administrativeShutdown(text: try reader.text())
        case 12: self = .administrativeReset(text: try reader.text())
        case 13: self = .configuredDown(text: try reader.text())
        case 14: self = .deconfigured
        case 15: self = .speakerStopped
        case 16: self = .collision
        case 17:
            self = .maximumPrefixes(
                limit: try reader.number(),
                restartMinutes: try reader.number()
            )
        case 18: self = .wrongAS(expected: try reader.value(), received: try reader.value())
        case 19: self = .identifierUnacceptable(identifier: try reader.number())
        case 20:
            self = .holdTimeUnacceptable(
                offered: try reader.number(),
                minimum: try reader.number()
            )
        case 21: self = .capabilityMissing(code: try reader.octet())
        case 22: self = .noCommonFamily
        case 23: self = .unexpectedMessage(type: try reader.value(), state: try reader.value())
        case 24: self = .configurationChanged
        case 25:
            self = .maximumPrefixesSent(
                limit: try reader.number(),
                restartMinutes: try reader.number()
            )
        case 26: self = .interfaceDown(name: try reader.text())
        case 28: self = .connectionReplaced
        case 27: self = .roleMismatch(own: try reader.value(), theirs: try reader.octets())
        default: throw .badValue(offset: offset, type: "reason")
        }
    }
}
