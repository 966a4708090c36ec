import Control
import FuzzInput

/// What arrives on a control socket, at either end.
///
/// The first octet chooses: a question, an answer, a greeting, or the frames of a client.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzControl(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        switch input.octet() & 3 {
        case 0: ask(input.rest())
        case 1: comesBack(Reply.self, input.rest())
        case 2: comesBack(ControlHello.self, input.rest())
        default: serve(&input)
        }
    }
}

/// What can be read is a value like any other: it is written, and read again as the same.
@discardableResult
func comesBack<Value: ControlCoded & Equatable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
    guard let value = try? Value(encoded: bytes) else { return nil }
    require((try? Value(encoded: value.encoded)) == value, "\(value) comes back as another")
    return value
}
