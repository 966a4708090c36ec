import Addressing
import Attributes
import BGPWire
import Tables
import Testing

/// What an eBGP neighbor is told, made in one pass, against the single edits that it stands for.
struct ExternalSetTests {
    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `one pass gives what the single edits give`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        func below(_ bound: UInt64) -> UInt64 { random.next() % bound }
        let store = AttributeStore()
        var editor = AttributesEditor()
        if below(4) > 0 { editor.setOrigin(UInt8(below(3))) }
        let counts: [UInt64] = [0, 1, 3, 254, 255, 256, 600]
        if below(8) > 0 {
            editor.prepend(ASNumber(UInt32(below(1 << 32))), count: Int(counts[Int(below(7))]))
        }
        if below(5) == 0 {
            let set: [UInt8] = [1, 1, 0, 0, 0, 9]
            editor.set(.asPath, flags: AttributeFlags.transitive, value: set.span)
        }
        if below(6) > 0 { editor.setNextHop(Self.nextHop(below(3))) }
        if below(2) == 0 { editor.setMED(UInt32(below(1000))) }
        if below(2) == 0 { editor.setLocalPreference(UInt32(below(1000))) }
        for _ in 0..<below(3) { editor.addCommunity(UInt32(below(1 << 32))) }
        if below(3) == 0 { editor.reflect(originator: 7, cluster: 9) }
        for _ in 0..<below(40) {
            let local = below(2) == 0 ? 0x40 << 56 : 0 as UInt64
            editor.addExtendedCommunity(below(1 << 48) | local)
        }
        if below(3) == 0 {
            editor.addLargeCommunity(
                LargeCommunity(1, 2, UInt32(below(9)))
            )
        }
        if below(3) == 0 {
            let value: [UInt8] = Array(repeating: 5, count: Int(below(300)))
            editor.set(AttributeType(99), flags: 0xE0, value: value.span)
        }
        let id = editor.intern(into: store)
        let keepsMED = below(2) == 0
        let nextHop = Self.nextHop(below(3))
        let own = ASNumber(65001)

        editor.load(id, from: store)
        editor.setNextHop(nextHop)
        editor.prepend(own)
        for type in [AttributeType.localPreference, .originatorID, .clusterList] {
            editor.remove(type)
        }
        if !keepsMED { editor.remove(.multiExitDiscriminator) }
        editor.dropNonTransitiveExtendedCommunities()
        let expected = editor.withBytes { bytes in bytes.indices.map { bytes[$0] } }

        editor.loadExternal(
            id,
            from: store,
            nextHop: nextHop,
            prepending: own,
            keepsMED: keepsMED
        )
        let made = editor.withBytes { bytes in bytes.indices.map { bytes[$0] } }
        let marks = editor.marks
        #expect(made == expected)
        #expect(marks == AttributeMarks())
        store.release(id)
    }

    private static func nextHop(_ kind: UInt64) -> NextHop {
        let global = IPAddress(family: .ipv6, high: 0x2001_0DB8_0000_0001, low: 0x17)
        switch kind {
        case 0: return NextHop(IPAddress(ipv4: 0x0A00_0001))
        case 1: return NextHop(global)
        default:
            let local = IPAddress(family: .ipv6, high: 0xFE80 << 48, low: 0x2A)
            return NextHop(global, linkLocal: local)
        }
    }
}
