import Addressing
import BGPWire
import FuzzInput

/// Whatever a neighbor writes: framing, every decoder, the words for it, and the way back to the wire.
///
/// Two octets choose how it is read; then comes a stream of messages, or one body that gets its header here.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMessages(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        let context = UpdateContext(choice: input.octet())
        let form = input.octet()
        var stream = input.rest()
        if form & 0x80 != 0 {
            stream = wrapped(type: form & 7, body: stream)
        }
        var reader = StreamReader(context: context)
        reader.read(stream, edits: form >> 3 & 15)
    }
}

/// A message of that type with the header that its body calls for.
private func wrapped(type: UInt8, body: [UInt8]) -> [UInt8] {
    let body = body.prefix(MessageFraming.standardMaximum - MessageFraming.headerLength)
    let length = MessageFraming.headerLength + body.count
    return [UInt8](repeating: 0xFF, count: 16)
        + [UInt8(length >> 8), UInt8(length & 255), type] + body
}

extension UpdateContext {
    /// One bit for each thing that a session can agree on or an operator can ask for.
    fileprivate init(choice: UInt8) {
        let families: [FamilySet] = [.ipv4, .ipv6, [.ipv4, .ipv6], [.ipv4, .ipv6]]
        self.init(
            fourOctetAS: choice & 1 != 0,
            families: families[Int(choice >> 1 & 3)],
            isIBGP: choice & 8 != 0,
            localAS: ASNumber(65000),
            remoteAS: choice & 128 != 0 ? ASNumber(4_200_000_001) : ASNumber(65001),
            enforceNeighborAS: choice & 16 != 0,
            rejectASSet: choice & 32 != 0,
            isOverLoopback: choice & 64 != 0
        )
        extendedNextHop = choice & 6 == 6
    }
}
