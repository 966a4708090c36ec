import FuzzInput

/// Two neighbors of a whole speaker that do whatever they like: octets in any pieces, ends at any time.
///
/// The first octet chooses the configuration and whether the sessions are established when it begins; then
/// come steps, an octet each and what it needs. At the end everybody is gone, and nothing of them may be left.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzSession(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        let choice = input.octet()
        let world = World(configuration: choice & 1)
        if choice & 2 != 0 { world.establish(.first, fourOctetAS: choice & 4 != 0) }
        if choice & 8 != 0 { world.establish(.second, fourOctetAS: true) }
        world.pieceLength = choice & 16 != 0 ? 1 + Int(choice >> 5) * 7 : .max
        var steps = 0
        while !input.isEmpty, steps < 400 {
            steps += 1
            world.step(&input)
        }
        world.end()
    }
}
