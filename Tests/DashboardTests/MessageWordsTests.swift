import Addressing
import Canvas
import Control
import Testing
import Timekeeping

@testable import Dashboard

struct MessageWordsTests {
    @Test func `an UPDATE treated as withdraw says so before what it holds`() {
        let attributes: [UInt8] =
            [0x40, 1, 1, 7, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xEA, 0x40, 3, 4, 10, 0, 0, 2]
        let body = [0, 0, 0, UInt8(attributes.count)] + attributes + [24, 203, 0, 113]
        let bytes = [UInt8](repeating: 0xFF, count: 16) + [0, UInt8(19 + body.count), 2] + body
        var row = MessageRow(
            sequence: 1,
            time: WallTime(nanoseconds: 0),
            neighbor: NeighborNumber(0),
            direction: .received,
            content: .message(bytes: bytes, fourOctetAS: true)
        )
        let plain = MessageWords(row, name: "r2", isBrief: false)
        #expect(plain.parts.first == "203.0.113.0/24")
        row.isTreatedAsWithdraw = true
        let marked = MessageWords(row, name: "r2", isBrief: false)
        #expect(marked.parts.prefix(2) == ["treated as withdraw", "203.0.113.0/24"])
        #expect(marked.role == .error)
    }
}
