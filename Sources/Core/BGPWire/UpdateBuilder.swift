public import Addressing

/// Packs prefixes into as few UPDATE messages as hold them.
///
/// Begin with ``begin(attributes:family:fourOctetAS:markPartial:maximumLength:)`` or
/// ``beginWithdrawal(family:maximumLength:)``, append prefixes of that one family, then ``finish(to:)``. A full
/// message is closed and the next one opened as needed. Messages are appended to the buffer that the caller
/// lends; the same buffer must be lent until ``finish(to:)``, and nothing else appended to it meanwhile.
@usableFromInline
package struct UpdateBuilder: ~Copyable {
    /// Everything of a message that stands before its prefixes; lengths are set when it is closed.
    private var head: [UInt8] = []
    /// Everything that stands behind them.
    private var tail: [UInt8] = []
    /// Where the open message starts in the buffer; nil where none is open.
    @usableFromInline var start: Int?
    /// The octets that head, prefixes and tail may take, less the tail.
    @usableFromInline var limit = 0
    private var form = Form.announce
    private var messageCount = 0

    /// Where the prefixes stand: in the message itself or in an attribute of RFC 4760.
    private enum Form {
        case announce
        case announceInAttribute
        case withdraw
        case withdrawInAttribute
    }

    package init() {}

    /// Prepares messages that announce prefixes of `family` with canonical `attributes`.
    ///
    /// Prefixes with an IPv6 NEXT_HOP go into MP_REACH_NLRI, IPv4 ones too (RFC 8950). To a neighbor without
    /// four-octet AS numbers AS_PATH and AGGREGATOR are cut to two octets, with AS4_PATH and
    /// AS4_AGGREGATOR where AS_TRANS had to stand in (RFC 6793 §4.2.2).
    ///
    /// - Parameters:
    ///   - attributes: canonical attributes; NEXT_HOP in them fits the family and what was agreed on.
    ///   - family: the family of all prefixes that follow.
    ///   - fourOctetAS: AS numbers take four octets in this session.
    ///   - markPartial: sets Partial on AS4_PATH and AS4_AGGREGATOR; false for our own networks.
    ///   - maximumLength: of a message: ``MessageFraming/standardMaximum`` or the extended one.
    ///   - withPathIDs: a path identifier stands before each prefix.
    /// - Returns: false where not even the longest prefix fits beside the attributes, or an IPv6 NEXT_HOP is
    ///   missing; nothing may be appended then.
    package mutating func begin(
        attributes: Span<UInt8>,
        family: AddressFamily,
        fourOctetAS: Bool,
        markPartial: Bool,
        maximumLength: Int,
        withPathIDs: Bool = false
    ) -> Bool {
        startOver(.announce)
        let prefixLength = (withPathIDs ? Self.pathIDLength : 0) + 1 + family.byteCount
        if fourOctetAS { return lay(attributes, family, maximumLength, prefixLength) }
        let converted = TwoOctetAS.attributes(from: attributes, markPartial: markPartial)
        return lay(converted.span, family, maximumLength, prefixLength)
    }

    /// The octets of a path identifier (RFC 7911 §3).
    private static var pathIDLength: Int { 4 }

    /// Lays out what stands around the prefixes; false where the longest one does not fit beside it.
    private mutating func lay(
        _ list: Span<UInt8>,
        _ family: AddressFamily,
        _ maximumLength: Int,
        _ prefixLength: Int
    ) -> Bool {
        head += [0, 0, 0, 0]
        if let hop = PathAttribute.first(.nextHop, in: list),
            hop.value.count == 16 || hop.value.count == 32
        {
            form = .announceInAttribute
            // First, where a receiver finds it in any case (RFC 7606 §5.1).
            head += [AttributeFlags.optional | AttributeFlags.extendedLength, 14, 0, 0]
            head += [0, family.rawValue, 1, UInt8(hop.value.count)]
            head.append(from: list, hop.value)
            head.append(0)
            tail.append(from: list, 0..<hop.whole.lowerBound)
            tail.append(from: list, hop.whole.upperBound..<list.count)
        } else {
            guard family == .ipv4 else { return false }
            head.append(from: list, 0..<list.count)
        }
        limit = maximumLength - tail.count
        return head.count + prefixLength <= limit
    }

    /// Prepares messages that withdraw prefixes of `family`.
    package mutating func beginWithdrawal(family: AddressFamily, maximumLength: Int) {
        startOver(family == .ipv4 ? .withdraw : .withdrawInAttribute)
        head += [0, 0]
        switch family {
        case .ipv4: tail += [0, 0]
        case .ipv6:
            head += [
                0, 0, AttributeFlags.optional | AttributeFlags.extendedLength, 15, 0, 0, 0, 2, 1,
            ]
        }
        limit = maximumLength - tail.count
    }

    private mutating func startOver(_ form: Form) {
        precondition(start == nil, "the messages begun before were not finished")
        self.form = form
        messageCount = 0
        // The header is the same in all; the length is set when the message is closed.
        if head.isEmpty {
            MessageFraming.appendHeader(.update, length: 0, to: &head)
        } else {
            head.removeSubrange(MessageFraming.headerLength...)
        }
        if !tail.isEmpty { tail.removeAll(keepingCapacity: true) }
    }

    /// Adds one prefix of the family that was begun.
    @inlinable
    package mutating func append(_ prefix: IPPrefix, to output: inout [UInt8]) {
        let count = (Int(prefix.length) + 7) >> 3
        makeRoom(for: 1 + count, in: &output)
        output.append(addingCapacity: 1 + count) { (octets: inout OutputSpan<UInt8>) in
            octets.append(prefix.length)
            var left = prefix.high
            var index = 0
            while index < min(count, 8) {
                octets.append(UInt8(truncatingIfNeeded: left >> 56))
                left &<<= 8
                index += 1
            }
            left = prefix.low
            while index < count {
                octets.append(UInt8(truncatingIfNeeded: left >> 56))
                left &<<= 8
                index += 1
            }
        }
    }

    /// Adds one prefix with its path identifier (RFC 7911 §3).
    package mutating func append(
        _ prefix: IPPrefix,
        pathID: UInt32,
        to output: inout [UInt8]
    ) {
        makeRoom(for: Self.pathIDLength + 1 + (Int(prefix.length) + 7) >> 3, in: &output)
        output.append(uint32: pathID)
        append(prefix, to: &output)
    }

    @inlinable
    mutating func makeRoom(for count: Int, in output: inout [UInt8]) {
        if let start, output.count - start + count <= limit { return }
        turnPage(in: &output)
    }

    /// Closes the message that is full, if any, and opens the next.
    @usableFromInline
    mutating func turnPage(in output: inout [UInt8]) {
        close(in: &output)
        start = output.count
        output.append(from: head.span, 0..<head.count)
    }

    private mutating func close(in output: inout [UInt8]) {
        guard let start else { return }
        let prefixesEnd = output.count
        if !tail.isEmpty { output.append(from: tail.span, 0..<tail.count) }
        let prefixesStart = start + head.count
        output.put(uint16: output.count - start, at: start + 16)
        switch form {
        case .announce:
            output.put(uint16: head.count - 23, at: start + 21)
        case .withdraw:
            output.put(uint16: prefixesEnd - prefixesStart, at: start + 19)
        case .announceInAttribute, .withdrawInAttribute:
            output.put(uint16: output.count - start - 23, at: start + 21)
            output.put(uint16: prefixesEnd - start - 27, at: start + 25)
        }
        messageCount += 1
        self.start = nil
    }

    /// Closes the last message.
    ///
    /// - Returns: how many messages were written since begin.
    @discardableResult
    package mutating func finish(to output: inout [UInt8]) -> Int {
        close(in: &output)
        return messageCount
    }

    /// Appends the End-of-RIB marker of `family` (RFC 4724 §2).
    package static func appendEndOfRIB(_ family: AddressFamily, to output: inout [UInt8]) {
        switch family {
        case .ipv4:
            MessageFraming.appendHeader(.update, length: 23, to: &output)
            output += [0, 0, 0, 0]
        case .ipv6:
            MessageFraming.appendHeader(.update, length: 29, to: &output)
            output += [0, 0, 0, 6, AttributeFlags.optional, 15, 3, 0, 2, 1]
        }
    }
}
