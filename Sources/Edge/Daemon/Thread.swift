import CLinux
import Glibc

/// A thread of the operating system with a name.
package struct Thread: ~Copyable, @unchecked Sendable {
    // A pthread_t is a number that any thread may join once; being ~Copyable keeps it once.
    private let handle: pthread_t

    /// Starts `body` on a thread of its own; nil where the system has no thread left.
    package init?(name: String, body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(
            Body(run: {
                cl_name_thread(name)
                body()
            })
        )
        var handle = pthread_t()
        let result = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard result == 0 else {
            box.release()
            return nil
        }
        self.handle = handle
    }

    /// Waits until the body has returned.
    package consuming func join() {
        pthread_join(handle, nil)
    }

    /// Lets the thread end by itself.
    package consuming func detach() {
        pthread_detach(handle)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
