/// A subtype of extended communities that has a name in the language, with the types it exists for.
package enum ExtendedSubtype: String, CaseIterable, Sendable {
    case rt
    case soo
    case odi
    case bdc
    case srcas
    case l2vid
    case ori
    case vrfri
    case ort
    case encap
    case defgw
    case ovs
    case macMobility = "mac-mob"
    case esiLabel = "esi-lab"
    case esiRT = "esi-rt"
    case flowRate = "flow-rate"
    case flowPackets = "flow-pps"
    case flowAction = "flow-action"
    case flowRedirect = "flow-rt-redir"
    case flowDSCP = "flow-dscp"

    /// The subtype octet.
    package var octet: UInt8 {
        switch self {
        case .rt: 0x02
        case .soo: 0x03
        case .odi: 0x05
        case .bdc: 0x08
        case .srcas: 0x09
        case .l2vid: 0x0a
        case .ori: 0x07
        case .vrfri: 0x0b
        case .ort: 0x06
        case .encap: 0x0c
        case .defgw: 0x0d
        case .ovs: 0x00
        case .macMobility: 0x00
        case .esiLabel: 0x01
        case .esiRT: 0x02
        case .flowRate: 0x06
        case .flowPackets: 0x0c
        case .flowAction: 0x07
        case .flowRedirect: 0x08
        case .flowDSCP: 0x09
        }
    }

    /// The type octets that IANA lists it for, in the order two-octet AS, address, four-octet AS where it has those.
    package var types: [UInt8] {
        switch self {
        case .rt, .soo, .odi: [0x00, 0x01, 0x02]
        case .bdc, .srcas: [0x00, 0x02]
        case .l2vid: [0x00, 0x01]
        case .ori, .vrfri: [0x01]
        case .ort, .encap, .defgw: [0x03]
        case .ovs: [0x43]
        case .macMobility, .esiLabel, .esiRT: [0x06]
        case .flowRate, .flowPackets, .flowAction, .flowDSCP: [0x80]
        case .flowRedirect: [0x80, 0x81, 0x82]
        }
    }
}
