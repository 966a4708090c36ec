import CLinux
import Synchronization

/// Values from one thread to another, with a wake-up of the receiver.
final class Mailbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let wake: @Sendable () -> Void

    /// A mailbox that calls `wake` when the first value arrives.
    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Puts a value in.
    func put(_ value: Value) {
        let wasEmpty = values.withLock { values in
            values.append(value)
            return values.count == 1
        }
        if wasEmpty { wake() }
    }

    /// Takes all that is there, in the order in which it came.
    func take() -> [Value] {
        values.withLock { values in
            let taken = values
            values = []
            return taken
        }
    }
}
