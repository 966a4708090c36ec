import Glibc
import Simulation

/// Says which seeds were running when a trap ended everything.
enum Deaths {
    /// The names that are running, a slot a worker, each ended by a zero: nothing may be allocated in a handler.
    private nonisolated(unsafe) static let names = UnsafeMutablePointer<CChar>.allocate(
        capacity: slotSize * slotLimit
    )
    private static let slotSize = 64
    private static let slotLimit = 64

    /// Begins to watch.
    static func watch(workers: Int) {
        precondition(workers <= slotLimit, "too many workers")
        names.initialize(repeating: 0, count: slotSize * slotLimit)
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS] {
            signal(number) { number in
                Deaths.write("died while running")
                for slot in 0..<Deaths.slotLimit where Deaths.names[slot * Deaths.slotSize] != 0 {
                    Deaths.write(" ")
                    let name = Deaths.names + slot * Deaths.slotSize
                    _ = Glibc.write(STDOUT_FILENO, name, strlen(name))
                }
                Deaths.write("\n")
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Notes what a worker runs.
    static func present(_ name: ScenarioName, worker: Int) {
        let slot = names + worker * slotSize
        for (place, byte) in "\(name)".utf8.prefix(slotSize - 1).enumerated() {
            slot[place] = CChar(bitPattern: byte)
            slot[place + 1] = 0
        }
    }

    private static func write(_ text: StaticString) {
        _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }
}
