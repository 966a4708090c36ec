import Addressing
import BGPWire
import Testing

/// The value of capability 64: RFC 4724 §3, with the N bit of RFC 8538.
struct GracefulRestartTests {
    /// A value on the wire and what it says.
    struct Vector: CustomTestStringConvertible {
        var testDescription: String
        var value: [UInt8]
        var meaning: GracefulRestart

        init(_ name: String, _ hex: String, _ change: (inout GracefulRestart) -> Void) {
            testDescription = name
            value = bytes(hex)
            meaning = GracefulRestart()
            change(&meaning)
        }
    }

    @Test(arguments: [
        Vector("a helper", "0000") { _ in },
        Vector("BIRD after a restart: R, 120 s, both families forwarded", "8078 00010180 00020180")
        {
            $0.hasRestarted = true
            $0.restartTime = 120
            $0.families = [.ipv4, .ipv6]
            $0.preserved = [.ipv4, .ipv6]
        },
        Vector("FRR with N, IPv4 not forwarded", "4078 00010100") {
            $0.survivesNotification = true
            $0.restartTime = 120
            $0.families = .ipv4
        },
        Vector("the longest time", "0fff 00020180") {
            $0.restartTime = 4095
            $0.families = .ipv6
            $0.preserved = .ipv6
        },
    ])
    func `a value says what it says, and is written so again`(vector: Vector) {
        #expect(GracefulRestart(vector.value) == vector.meaning)
        #expect(vector.meaning.value == vector.value)
    }

    @Test(
        arguments: [
            ("0078 00190146 00010180 00010280", [.ipv4], [.ipv4]),
            ("0078 00010180 00010100", [.ipv4], []),
            ("0078 01010180", [], []),
        ] as [(String, FamilySet, FamilySet)]
    )
    func `families that are not routed here are passed over, and of two words the last counts`(
        hex: String,
        families: FamilySet,
        preserved: FamilySet
    ) {
        let read = GracefulRestart(bytes(hex))
        #expect(read.families == families)
        #expect(read.preserved == preserved)
    }

    @Test func `a value cut anywhere is read without a trap`() {
        let value = bytes("c078 00010180 00020180")
        for count in 0...value.count {
            let read = GracefulRestart(Array(value.prefix(count)))
            #expect(read.families.families.count == max(0, count - 2) / 4)
        }
    }
}
