extension AttributeType {
    /// The attribute's name on the screen: `Communities`; nil for one that is not known.
    package var name: String? {
        switch self {
        case .origin: "Origin"
        case .asPath: "AS-Path"
        case .nextHop: "Nexthop"
        case .multiExitDiscriminator: "Med"
        case .localPreference: "Localpref"
        case .atomicAggregate: "Atomic Aggregate"
        case .aggregator: "Aggregator"
        case .communities: "Communities"
        case .originatorID: "Originator Id"
        case .clusterList: "Cluster Id List"
        case .mpReach: "MP Reach NLRI"
        case .mpUnreach: "MP Unreach NLRI"
        case .extendedCommunities: "Ext. Communities"
        case .as4Path: "AS4-Path"
        case .as4Aggregator: "AS4-Aggregator"
        case .largeCommunities: "Large Communities"
        case .onlyToCustomer: "OTC"
        default: nil
        }
    }

    /// Name and flags as `show rib detail` begins a line with: the name alone, `OTC flags [OT]` where the flags
    /// are not the type's own, `Unknown Attribute #99 flags [OTP]`.
    package func title(flags: UInt8) -> String {
        let kept = flags & ~AttributeFlags.extendedLength & 0xF0
        if let name {
            let expected = AttributeRule.row(rawValue)?.flags ?? kept
            return kept & ~AttributeFlags.partial == expected
                ? name : "\(name) flags \(Self.letters(kept))"
        }
        return "Unknown Attribute #\(rawValue) flags \(Self.letters(kept))"
    }

    private static func letters(_ flags: UInt8) -> String {
        var letters = ""
        if flags & AttributeFlags.optional != 0 { letters += "O" }
        if flags & AttributeFlags.transitive != 0 { letters += "T" }
        if flags & AttributeFlags.partial != 0 { letters += "P" }
        return "[\(letters)]"
    }
}

extension AttributeFault {
    /// What was wrong, for the log: `AS-Path: AS number 0`.
    package var words: String {
        let subject = type.rawValue == 0 ? "attributes" : type.name ?? "attribute \(type.rawValue)"
        return "\(subject): \(kind.words)"
    }
}

extension AttributeFault.Kind {
    /// What was wrong, without the attribute.
    package var words: String {
        switch self {
        case .missing: "missing"
        case .flags: "wrong flags"
        case .length: "wrong length"
        case .overrun: "runs past the end of the attributes"
        case .value: "invalid value"
        case .repeated: "given twice, the first counts"
        case .asZero: "AS number 0"
        case .segment: "malformed segment"
        case .confederation: "confederation segment from outside a confederation"
        case .asSet: "AS_SET in the path (RFC 9774)"
        case .firstAS: "the first AS is not the neighbor's"
        case .tooLong: "too many AS numbers"
        case .notFromHere: "not accepted from this neighbor"
        case .family: "address family not agreed on"
        case .unrecognized: "unknown and not transitive"
        }
    }
}
