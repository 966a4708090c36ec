import Addressing

/// Capability codes of the IANA registry that are read here.
enum CapabilityCode {
    static let multiprotocol: UInt8 = 1
    static let routeRefresh: UInt8 = 2
    static let extendedNextHop: UInt8 = 5
    static let extendedMessage: UInt8 = 6
    static let role: UInt8 = 9
    static let gracefulRestart: UInt8 = 64
    static let fourOctetAS: UInt8 = 65
    static let addPath: UInt8 = 69
    static let enhancedRouteRefresh: UInt8 = 70
}

extension Capabilities {
    /// Adds the capabilities of one optional parameter.
    ///
    /// Each is bound by its own length. A known one whose length cannot be right is kept as unknown, except
    /// where the session would start on a wrong footing.
    ///
    /// - Returns: false where a capability is cut short, or multiprotocol or four-octet AS is malformed.
    mutating func add(from body: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            guard offset + 2 <= range.upperBound else { return false }
            let code = body[offset]
            let start = offset + 2
            let end = start + Int(body[offset + 1])
            guard end <= range.upperBound else { return false }
            offset = end
            let length = end - start
            switch code {
            case CapabilityCode.multiprotocol:
                guard length == 4 else { return false }
                addFamily(afi: body.uint16(at: start), safi: body[start + 3])
            case CapabilityCode.routeRefresh where length == 0:
                routeRefresh = true
            case CapabilityCode.extendedNextHop where length > 0 && length % 6 == 0:
                extendedNextHop = stride(from: start, to: end, by: 6).contains {
                    body.copy($0..<$0 + 6) == Self.nextHopsForIPv4
                }
            case CapabilityCode.extendedMessage where length == 0:
                extendedMessage = true
            case CapabilityCode.role where length == 1:
                addRole(body[start])
            case CapabilityCode.gracefulRestart where length >= 2 && length % 4 == 2:
                gracefulRestart = body.copy(start..<end)
            case CapabilityCode.fourOctetAS:
                guard length == 4 else { return false }
                fourOctetAS = ASNumber(body.uint32(at: start))
            case CapabilityCode.addPath where length >= 4 && length % 4 == 0:
                addPath = body.copy(start..<end)
            case CapabilityCode.enhancedRouteRefresh where length == 0:
                enhancedRouteRefresh = true
            default:
                unknown.append(UnknownCapability(code: code, value: body.copy(start..<end)))
            }
        }
        return true
    }

    /// One that says the same again is nothing new (RFC 9234 §4.2).
    private mutating func addRole(_ octet: UInt8) {
        if role == nil { role = octet }
        if role != octet {
            unknown.append(UnknownCapability(code: CapabilityCode.role, value: [octet]))
        }
    }

    private mutating func addFamily(afi: UInt16, safi: UInt8) {
        if safi == 1, afi <= 2, let family = AddressFamily(rawValue: UInt8(afi)) {
            families.insert(FamilySet(family))
        } else {
            otherFamilies.append(FamilyCode(afi: afi, safi: safi))
        }
    }

    /// IPv4 unicast with next hops of IPv6, as RFC 8950 §4 has it.
    package static let nextHopsForIPv4: [UInt8] = [0, 1, 0, 1, 0, 2]

    /// Every capability as code, length and value.
    var encoded: [UInt8] {
        var output: [UInt8] = []
        for family in families.families {
            output += [CapabilityCode.multiprotocol, 4, 0, family.rawValue, 0, 1]
        }
        for family in otherFamilies {
            output += [CapabilityCode.multiprotocol, 4]
            output.append(uint16: family.afi)
            output += [0, family.safi]
        }
        if routeRefresh { output += [CapabilityCode.routeRefresh, 0] }
        if extendedNextHop { output += [CapabilityCode.extendedNextHop, 6] + Self.nextHopsForIPv4 }
        if extendedMessage { output += [CapabilityCode.extendedMessage, 0] }
        if let role { output += [CapabilityCode.role, 1, role] }
        if let gracefulRestart {
            output += [CapabilityCode.gracefulRestart, UInt8(clamping: gracefulRestart.count)]
            output += gracefulRestart.prefix(255)
        }
        if let fourOctetAS {
            output += [CapabilityCode.fourOctetAS, 4]
            output.append(uint32: fourOctetAS.value)
        }
        if let addPath {
            output += [CapabilityCode.addPath, UInt8(clamping: addPath.count)]
            output += addPath.prefix(255)
        }
        if enhancedRouteRefresh { output += [CapabilityCode.enhancedRouteRefresh, 0] }
        for capability in unknown {
            output += [capability.code, UInt8(clamping: capability.value.count)]
            output += capability.value.prefix(255)
        }
        return output
    }
}
