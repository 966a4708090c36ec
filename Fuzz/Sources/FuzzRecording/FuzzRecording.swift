import BGPWire
import FuzzInput
import Recording

/// A file of an unknown hand: once as MRT, once as a capture, to its end or where it is cut off.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzRecording(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        let file = input.rest()
        readRecords(file)
        readCapture(file)
    }
}

private func readRecords(_ file: [UInt8]) {
    var reader = MRTReader(file)
    var headers = 0
    while let record = reader.next() {
        headers += 12
        switch record.content {
        case .message(let message):
            show(message.bytes, fourOctetAS: message.fourOctetAS)
        case .routes(_, let routes):
            for route in routes {
                require(
                    reader.octets(route.attributes).count == route.attributes.count,
                    "the attributes of a route lie in the file"
                )
                if let nextHop = route.nextHop { _ = reader.octets(nextHop) }
            }
        case .peers, .stateChange, .unsupported, .malformed:
            break
        }
    }
    require(headers <= file.count, "a record has a header of its own")
    require(reader.missingByteCount >= 0, "nothing less than nothing is missing")
}

private func readCapture(_ file: [UInt8]) {
    guard let streams = try? PacketCapture.streams(in: file) else { return }
    for stream in streams {
        let whole = stream.messages.reduce(0) { $0 + $1.count }
        require(whole + stream.strayByteCount == stream.bytes.count, "every octet is accounted for")
        for message in stream.messages { show(Array(stream.bytes[message]), fourOctetAS: true) }
    }
}

/// The words for a message, as who looks into the file sees them.
private func show(_ message: [UInt8], fourOctetAS: Bool) {
    _ = MessageText.line(message.span, fourOctetAS: fourOctetAS)
    _ = MessageText.fields(message.span, fourOctetAS: fourOctetAS)
}
