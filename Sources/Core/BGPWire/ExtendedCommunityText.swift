import Addressing

/// Words for extended communities (RFC 4360): subtype and value as the configuration writes them.
enum ExtendedCommunityText {
    /// `rt 65002:7`, `ovs valid`; ` 0x` and sixteen digits for a type that has no name.
    static func words(_ community: UInt64) -> String {
        let type = UInt8(truncatingIfNeeded: community >> 56)
        let subtype = UInt8(truncatingIfNeeded: community >> 48)
        let value = community & 0xFFFF_FFFF_FFFF
        guard let name = name(type, subtype) else {
            let digits = String(community, radix: 16)
            return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
        }
        switch type & 0x3F {
        case _ where type == 0x43:
            let state = ["valid", "not-found", "invalid"]
            return value < 3 ? "\(name) \(state[Int(value)])" : "\(name) \(value)"
        case 0x00 where type != 0x80:
            return "\(name) \(value >> 32):\(value & 0xFFFF_FFFF)"
        case 0x01 where type != 0x81:
            return "\(name) \(IPAddress(ipv4: UInt32(value >> 16))):\(value & 0xFFFF)"
        case 0x02 where type != 0x82:
            return "\(name) \(value >> 16):\(value & 0xFFFF)"
        default:
            return flowWords(type, subtype, value, name)
        }
    }

    private static func flowWords(_ type: UInt8, _ subtype: UInt8, _ value: UInt64, _ name: String)
        -> String
    {
        switch (type, subtype) {
        case (0x80, 0x08): "\(name) \(value >> 32):\(value & 0xFFFF_FFFF)"
        case (0x81, 0x08): "\(name) \(IPAddress(ipv4: UInt32(value >> 16))):\(value & 0xFFFF)"
        case (0x82, 0x08): "\(name) \(value >> 16):\(value & 0xFFFF)"
        default: "\(name) 0x\(String(value, radix: 16))"
        }
    }

    /// True for the name of a subtype.
    static func isName(_ word: String) -> Bool {
        (UInt8(0)...0x82).contains { type in
            (UInt8(0)...0x0D).contains { name(type, $0) == word }
        }
    }

    private static func name(_ type: UInt8, _ subtype: UInt8) -> String? {
        switch (type & ~0x40, subtype) {
        case (0x00, 0x02), (0x01, 0x02), (0x02, 0x02): "rt"
        case (0x00, 0x03), (0x01, 0x03), (0x02, 0x03): "soo"
        case (0x00, 0x05), (0x01, 0x05), (0x02, 0x05): "odi"
        case (0x00, 0x08), (0x02, 0x08): "bdc"
        case (0x00, 0x09), (0x02, 0x09): "srcas"
        case (0x00, 0x0A), (0x01, 0x0A): "l2vid"
        case (0x01, 0x07): "ori"
        case (0x01, 0x0B): "vrfri"
        case (0x03, 0x06): "ort"
        case (0x03, 0x0C): "encap"
        case (0x03, 0x0D): "defgw"
        case (0x03, 0x00) where type == 0x43: "ovs"
        case (0x06, 0x00): "mac-mob"
        case (0x06, 0x01): "esi-lab"
        case (0x06, 0x02): "esi-rt"
        case (0x80, 0x06): "flow-rate"
        case (0x80, 0x0C): "flow-pps"
        case (0x80, 0x07): "flow-action"
        case (0x80, 0x08), (0x81, 0x08), (0x82, 0x08): "flow-rt-redir"
        case (0x80, 0x09): "flow-dscp"
        default: nil
        }
    }
}
