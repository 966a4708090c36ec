import Addressing
import BGPWire
import Testing
import Timekeeping

@testable import Control

@Suite struct `Control values on the wire` {
    @Test(arguments: Sample.questions)
    func `every question comes back as it was`(question: Question) throws {
        #expect(try Question(encoded: question.encoded) == question)
    }

    @Test(arguments: Sample.replies)
    func `every answer comes back as it was`(reply: Reply) throws {
        #expect(try Reply(encoded: reply.encoded) == reply)
    }

    @Test func `there is a sample of every question and every answer`() {
        #expect(Set(Sample.questions.compactMap(\.encoded.first)) == Set(0...12))
        #expect(Set(Sample.replies.compactMap(\.encoded.first)) == Set(0...12))
    }

    @Test(arguments: Sample.replies)
    func `an answer cut anywhere is a fault`(reply: Reply) {
        let bytes = reply.encoded
        for length in 0..<bytes.count {
            #expect(throws: ControlFault.self, "cut to \(length) of \(bytes.count)") {
                try Reply(encoded: Array(bytes[..<length]))
            }
        }
    }

    @Test func `an answer with any octet changed is an answer or a fault`() {
        for reply in Sample.replies {
            let bytes = reply.encoded
            for index in bytes.indices {
                for value in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 0x10] as [UInt8] {
                    var changed = bytes
                    changed[index] = value
                    guard let read = try? Reply(encoded: changed) else { continue }
                    // What is read is a value like any other: it can be sent on and read again.
                    #expect((try? Reply(encoded: read.encoded)) == read)
                }
            }
        }
    }

    @Test func `what follows a message is a fault at its place`() {
        #expect(throws: ControlFault.trailingBytes(offset: 1)) {
            try Question(encoded: [0, 0])
        }
    }

    @Test func `a count larger than what is left is refused before anything is allocated`() {
        // Reply 2, a list of 2^40 neighbors.
        #expect(throws: ControlFault.truncated(offset: 1)) {
            try Reply(encoded: [2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20])
        }
    }

    @Test(
        arguments: [
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02],
            [0x80, 0x80, 0x80, 0x80, 0x10], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ] as [[UInt8]]
    )
    func `a number too large for its place is a fault`(bytes: [UInt8]) {
        #expect(throws: ControlFault.badValue(offset: 0, type: "number")) {
            try UInt32(encoded: bytes)
        }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, .max] as [UInt32])
    func `numbers of any size come back`(number: UInt32) throws {
        #expect(try UInt32(encoded: number.encoded) == number)
    }

    @Test(arguments: [0, -1, 1, .min, .max] as [Int64])
    func `moments before 1970 come back too`(nanoseconds: Int64) throws {
        let time = WallTime(nanoseconds: nanoseconds)
        #expect(try WallTime(encoded: time.encoded) == time)
    }

    @Test func `a prefix takes as many octets as its length needs`() throws {
        #expect(IPPrefix(ipv4: 0x0A00_0000, length: 8).encoded == [1, 8, 10])
        #expect(IPPrefix.all(.ipv6).encoded == [2, 0])
        #expect(throws: ControlFault.badValue(offset: 1, type: "prefix length")) {
            try IPPrefix(encoded: [1, 33, 0, 0, 0, 0, 0])
        }
    }

    @Test func `a greeting of another program is none`() throws {
        let hello = ControlHello(version: 7, isRestricted: true)
        #expect(try ControlHello(encoded: hello.encoded) == hello)
        #expect(throws: ControlFault.badValue(offset: 0, type: "greeting")) {
            try ControlHello(encoded: Array("GET / HTTP/1.1".utf8))
        }
    }

    @Test func `a reply to another question is told from a refusal`() throws {
        #expect(throws: ControlRefusal.refused(.permissionDenied)) {
            try MemoryRequest.unwrap(.refused(.permissionDenied))
        }
        #expect(throws: ControlRefusal.otherAnswer) {
            try MemoryRequest.unwrap(.action(.processed))
        }
        #expect(try StopRequest.unwrap(.action(.processed)) == .processed)
    }
}
