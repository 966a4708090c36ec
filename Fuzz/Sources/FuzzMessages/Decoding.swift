import Addressing
import BGPWire
import FuzzInput

/// All that the decoder makes of one UPDATE.
struct Decoding: Equatable {
    var verdict: UpdateVerdict
    var withdrawn: [IPPrefix]
    var reachable: [IPPrefix]
    var mpWithdrawn: [IPPrefix]
    var mpReachable: [IPPrefix]
    var mpFamily: AddressFamily
    var attributes: [UInt8] = []
    var mpAttributes: [UInt8] = []
    var discards: [AttributeFault]

    init(_ body: [UInt8], _ context: UpdateContext, _ decoder: inout UpdateDecoder) {
        let span = body.span
        verdict = decoder.decode(span, context: context)
        withdrawn = Self.prefixes(span, decoder.withdrawn)
        reachable = Self.prefixes(span, decoder.reachable)
        mpWithdrawn = Self.prefixes(span, decoder.mpWithdrawn)
        mpReachable = Self.prefixes(span, decoder.mpReachable)
        mpFamily = decoder.mpReachable.family
        discards = decoder.discards
        switch verdict {
        case .accept:
            attributes = decoder.withAttributes(in: span, copy)
            mpAttributes = decoder.withMPAttributes(in: span, copy)
        case .reset(let notification):
            _ = notification.words
        case .treatAsWithdraw(let fault):
            _ = fault.words
        case .endOfRIB:
            break
        }
        for fault in discards { _ = fault.words }
    }

    private static func prefixes(_ body: Span<UInt8>, _ block: NLRIBlock) -> [IPPrefix] {
        var offset = block.range.lowerBound
        var prefixes: [IPPrefix] = []
        while offset < block.range.upperBound {
            prefixes.append(NLRI.read(block.family, from: body, at: &offset))
        }
        require(prefixes.count == block.prefixCount, "a block holds as many prefixes as it says")
        return prefixes
    }
}

/// The octets as an array.
func copy(_ span: Span<UInt8>) -> [UInt8] {
    span.withUnsafeBufferPointer { Array($0) }
}
