import Addressing
import BGPWire
import Testing

/// What RFC 6793 §4.2.3 and §6 make of the attributes of a neighbor of two octets, AS 65001.
struct TwoOctetASTests {
    /// Attributes as they come, in words: segments as `2:65001,23456` (the type, then its numbers).
    private struct Message {
        var path: [(type: UInt8, numbers: [UInt16])]
        var as4Path: [(type: UInt8, numbers: [UInt32])] = []
        var aggregator: UInt16?
        var as4Aggregator: UInt32?

        var body: [UInt8] {
            func two(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
            func four(_ number: UInt32) -> [UInt8] {
                two(UInt16(number >> 16)) + two(UInt16(number & 0xFFFF))
            }
            func attribute(_ flags: UInt8, _ type: UInt8, _ value: [UInt8]) -> [UInt8] {
                [flags | 0x10, type] + two(UInt16(value.count)) + value
            }
            var list = attribute(0x40, 1, [0])
            list += attribute(
                0x40,
                2,
                path.flatMap { [$0.type, UInt8($0.numbers.count)] + $0.numbers.flatMap(two) }
            )
            list += attribute(0x40, 3, [10, 0, 0, 2])
            if let aggregator { list += attribute(0xC0, 7, two(aggregator) + [10, 0, 0, 9]) }
            if !as4Path.isEmpty {
                list += attribute(
                    0xC0,
                    17,
                    as4Path.flatMap {
                        [$0.type, UInt8($0.numbers.count)] + $0.numbers.flatMap(four)
                    }
                )
            }
            if let as4Aggregator {
                list += attribute(0xC0, 18, four(as4Aggregator) + [10, 0, 0, 8])
            }
            return [0, 0] + two(UInt16(list.count)) + list + [24, 203, 0, 113]
        }

        /// What becomes of it: AS_PATH and AGGREGATOR in words.
        func read(rejectingSets: Bool = true, checkingFirstAS: Bool = false) -> Reading {
            var context = VectorTests.context
            context.fourOctetAS = false
            context.remoteAS = ASNumber(65001)
            context.rejectASSet = rejectingSets
            context.enforceNeighborAS = checkingFirstAS
            let decoding = Decoding(body, context)
            return Reading(
                verdict: decoding.verdict,
                path: text(.asPath, in: decoding.attributes) ?? "",
                aggregator: text(.aggregator, in: decoding.attributes) ?? "",
                types: attributeTypes(decoding.attributes)
            )
        }
    }

    private struct Reading: Equatable {
        var verdict: UpdateVerdict
        var path: String
        var aggregator: String
        var types: [UInt8]
    }

    @Test func `AS4_PATH takes the place of as many numbers as it has, AS_PATH keeps what leads`() {
        let message = Message(
            path: [(2, [65001, 100, 23456, 200])],
            as4Path: [(2, [70000, 200])]
        )
        #expect(message.read().path == "65001 100 70000 200")
    }

    @Test func `an AS4_PATH of the same length is the path`() {
        let message = Message(path: [(2, [65001, 23456])], as4Path: [(2, [65001, 70000])])
        #expect(message.read().path == "65001 70000")
    }

    @Test func `an AS4_PATH with more numbers than AS_PATH is ignored`() {
        let message = Message(path: [(2, [65001])], as4Path: [(2, [65001, 70000])])
        #expect(message.read().path == "65001")
    }

    @Test func `an AS_SET counts as one number in both paths`() {
        let message = Message(
            path: [(2, [65001, 100]), (1, [23456, 300, 400])],
            as4Path: [(2, [100]), (1, [70000, 300])]
        )
        #expect(message.read(rejectingSets: false).path == "65001 100 { 70000 300 }")
    }

    @Test func `what leads may end with an AS_SET`() {
        let message = Message(
            path: [(1, [65001, 100]), (2, [23456])],
            as4Path: [(2, [70000])]
        )
        #expect(message.read(rejectingSets: false).path == "{ 65001 100 } 70000")
    }

    @Test func `confederation segments of AS4_PATH are left out and count nothing`() {
        let message = Message(
            path: [(2, [65001, 23456])],
            as4Path: [(3, [65100, 65101]), (2, [70000])]
        )
        #expect(message.read().path == "65001 70000")
    }

    @Test(arguments: [(2, []), (5, [70000]), (2, [0])] as [(UInt8, [UInt32])])
    func `a malformed AS4_PATH is dropped and the route stays`(type: UInt8, numbers: [UInt32]) {
        let message = Message(path: [(2, [65001, 23456])], as4Path: [(type, numbers)])
        #expect(message.read().path == "65001 23456")
        #expect(message.read().verdict == .accept)
    }

    @Test func `an AS4_PATH with more numbers than a path may have is dropped`() {
        let sets =
            (0..<4).map { _ in (1, [UInt32](repeating: 70000, count: 250)) }
            as [(type: UInt8, numbers: [UInt32])]
        let message = Message(path: [(2, [65001, 1, 2, 3, 4])], as4Path: sets)
        #expect(message.read(rejectingSets: false).path == "65001 1 2 3 4")
    }

    @Test func `AS_TRANS in AGGREGATOR gives way to AS4_AGGREGATOR`() {
        let message = Message(
            path: [(2, [65001, 23456])],
            as4Path: [(2, [70000])],
            aggregator: 23456,
            as4Aggregator: 70000
        )
        #expect(message.read().aggregator == "70000 [10.0.0.8]")
        #expect(message.read().path == "65001 70000")
        #expect(message.read().types == [1, 2, 3, 7])
    }

    @Test func `an AGGREGATOR of another number makes both AS4 attributes void`() {
        let message = Message(
            path: [(2, [65001, 23456])],
            as4Path: [(2, [70000])],
            aggregator: 100,
            as4Aggregator: 70000
        )
        #expect(message.read().aggregator == "100 [10.0.0.9]")
        #expect(message.read().path == "65001 23456")
    }

    @Test func `AS4_PATH counts where there is an AGGREGATOR alone, or an AS4_AGGREGATOR alone`() {
        var message = Message(path: [(2, [65001, 23456])], as4Path: [(2, [70000])])
        message.aggregator = 100
        #expect(message.read().path == "65001 70000")
        #expect(message.read().aggregator == "100 [10.0.0.9]")
        message.aggregator = nil
        message.as4Aggregator = 70000
        #expect(message.read().path == "65001 70000")
        #expect(message.read().types == [1, 2, 3])
    }

    @Test func `the path that comes of both must begin with the neighbor as well`() {
        var message = Message(path: [(2, [65001])], as4Path: [(2, [70000])])
        let fault = AttributeFault(type: .asPath, kind: .firstAS, offset: 0)
        #expect(message.read(checkingFirstAS: true).verdict == .treatAsWithdraw(fault))
        #expect(message.read().path == "70000")
        message.path = [(2, [65001, 23456])]
        #expect(message.read(checkingFirstAS: true).path == "65001 70000")
    }

    @Test func `a neighbor of four octets has no AS4 attributes`() {
        let attributes =
            "40010100 40020a0202 0000fde9 00011170 4003040a000002"
            + "c00708 00011170 0a000009 c01106 0201 00000064 c01208 00000064 0a000008"
        let list = bytes(attributes)
        let decoding = Decoding(
            [0, 0, 0, UInt8(list.count)] + list + [24, 203, 0, 113],
            VectorTests.context
        )
        #expect(text(.asPath, in: decoding.attributes) == "65001 70000")
        #expect(text(.aggregator, in: decoding.attributes) == "70000 [10.0.0.9]")
        #expect(attributeTypes(decoding.attributes) == [1, 2, 3, 7])
        #expect(decoding.discards.map(\.kind) == [.notFromHere, .notFromHere])
    }

    @Test func `a path that grows past what can be kept is treated as withdraw`() {
        let numbers = [UInt16](repeating: 65001, count: 250)
        let message = Message(path: [(2, numbers), (2, numbers), (2, numbers)])
        var body = message.body
        let present = Int(body[2]) << 8 | Int(body[3])
        // An attribute that nobody knows fills the message.
        let length = 65_535 - 19 - body.count - 4
        body.insert(
            contentsOf: [0xF0, 99, UInt8(length >> 8), UInt8(length & 255)]
                + [UInt8](repeating: 1, count: length),
            at: 4 + present
        )
        let total = present + 4 + length
        body[2] = UInt8(total >> 8)
        body[3] = UInt8(total & 255)
        var context = VectorTests.context
        context.fourOctetAS = false
        let fault = AttributeFault(type: .asPath, kind: .tooLong, offset: 0)
        #expect(Decoding(body, context).verdict == .treatAsWithdraw(fault))
        #expect(Decoding(body, context).announced == ["203.0.113.0/24"])
    }
}
