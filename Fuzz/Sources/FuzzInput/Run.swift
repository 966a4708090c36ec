import Glibc

/// The processor time that an input may take.
private let limit: UInt64 = 1_000_000_000

/// Runs a target on an input, and ends where that takes more than a second of the processor.
///
/// libFuzzer's own limit goes by the clock on the wall, which means little where others use the machine too.
package func run(
    _ start: UnsafePointer<UInt8>?,
    _ count: Int,
    _ target: (inout FuzzInput) -> Void
) -> CInt {
    let began = processorTime()
    var input = FuzzInput(start, count)
    target(&input)
    let took = processorTime() - began
    require(took < limit, "a hang: \(took / 1_000_000) ms for \(count) octets")
    return 0
}

/// Ends the run with `words` where a promise does not hold; the fuzzer keeps the input.
package func require(_ holds: Bool, _ words: @autoclosure () -> String) {
    if !holds { fatalError(words()) }
}

private func processorTime() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
