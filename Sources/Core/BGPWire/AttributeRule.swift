/// What is asked of one type of path attribute, and what follows where it is not so.
struct AttributeRule {
    /// Optional and Transitive as the type defines them.
    var flags: UInt8
    /// What the value must look like.
    var check: Check
    /// What follows where it does not (RFC 7606 §7); wrong flags are always treat-as-withdraw (§3 c).
    var malformed: Outcome
    /// Dropped unread where the neighbor is in another AS.
    var onlyFromIBGP = false

    enum Check {
        case origin
        case asPath
        case nextHop
        case aggregator
        case as4Path
        case as4Aggregator
        case mpReach
        case mpUnreach
        case exactly(Int)
        case multiple(Int)
        case nonzeroNumber
    }

    enum Outcome {
        case discard
        case withdraw
        case reset
    }

    /// The table: a row an attribute; nil for a type that is not known here.
    @inline(__always)
    static func row(_ type: UInt8) -> AttributeRule? {
        switch type {
        // ORIGIN: RFC 7606 §7.1
        case 1: AttributeRule(flags: 0x40, check: .origin, malformed: .withdraw)
        // AS_PATH: §7.2, RFC 7607, RFC 9774
        case 2: AttributeRule(flags: 0x40, check: .asPath, malformed: .withdraw)
        // NEXT_HOP: §7.3
        case 3: AttributeRule(flags: 0x40, check: .nextHop, malformed: .withdraw)
        // MULTI_EXIT_DISC: §7.4
        case 4: AttributeRule(flags: 0x80, check: .exactly(4), malformed: .withdraw)
        // LOCAL_PREF: §7.5
        case 5:
            AttributeRule(flags: 0x40, check: .exactly(4), malformed: .withdraw, onlyFromIBGP: true)
        // ATOMIC_AGGREGATE: §7.6
        case 6: AttributeRule(flags: 0x40, check: .exactly(0), malformed: .discard)
        // AGGREGATOR: §7.7, RFC 7607
        case 7: AttributeRule(flags: 0xC0, check: .aggregator, malformed: .discard)
        // Communities: §7.8
        case 8: AttributeRule(flags: 0xC0, check: .multiple(4), malformed: .withdraw)
        // ORIGINATOR_ID: §7.9
        case 9:
            AttributeRule(flags: 0x80, check: .exactly(4), malformed: .withdraw, onlyFromIBGP: true)
        // CLUSTER_LIST: §7.10
        case 10:
            AttributeRule(
                flags: 0x80,
                check: .multiple(4),
                malformed: .withdraw,
                onlyFromIBGP: true
            )
        // MP_REACH_NLRI: §7.11
        case 14: AttributeRule(flags: 0x80, check: .mpReach, malformed: .reset)
        // MP_UNREACH_NLRI: §7.12
        case 15: AttributeRule(flags: 0x80, check: .mpUnreach, malformed: .reset)
        // Extended communities: §7.14
        case 16: AttributeRule(flags: 0xC0, check: .multiple(8), malformed: .withdraw)
        // AS4_PATH and AS4_AGGREGATOR: RFC 6793 §6
        case 17: AttributeRule(flags: 0xC0, check: .as4Path, malformed: .discard)
        case 18: AttributeRule(flags: 0xC0, check: .as4Aggregator, malformed: .discard)
        // Large communities: RFC 8092 §6
        case 32: AttributeRule(flags: 0xC0, check: .multiple(12), malformed: .withdraw)
        // OTC: RFC 9234 §5; AS 0 is no AS
        case 35: AttributeRule(flags: 0xC0, check: .nonzeroNumber, malformed: .withdraw)
        default: nil
        }
    }
}
