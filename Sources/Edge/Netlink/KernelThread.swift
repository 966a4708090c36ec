import CLinux
import Glibc
package import KernelRoutes
import Synchronization

/// What the kernel thread is to know.
package struct KernelThreadConfiguration: Sendable {
    /// The receive buffer of the notification socket in bytes.
    package var notificationBytes: Int32
    /// Events that may wait for the core; past that the thread stops reading, and the kernel counts the loss.
    package var waitingEvents: Int

    /// Makes the usual settings; small ones provoke overruns in tests.
    package init(notificationBytes: Int32 = 16 << 20, waitingEvents: Int = 1 << 16) {
        self.notificationBytes = notificationBytes
        self.waitingEvents = waitingEvents
    }
}

/// The kernel thread: owns the netlink sockets, sends the core's changes in batches and gives back what the kernel tells.
///
/// One thing after the other: a reading is not mixed with changes, and what the kernel told before a
/// batch comes up before the batch's answers. It sleeps when there is nothing to do.
package final class KernelThread: Sendable {
    /// Changes that may wait to be sent.
    package static let mailboxSize = 2 * KernelRoutes.window

    private let box: Mailbox
    private let thread: Mutex<pthread_t?>

    /// Opens the sockets in the calling thread's network namespace and starts the thread.
    ///
    /// `wake` is called on the kernel thread when the first event waits after none did; it must only
    /// wake the core, which then calls ``takeEvents()``.
    package init(
        configuration: KernelThreadConfiguration = KernelThreadConfiguration(),
        wake: @escaping @Sendable () -> Void
    ) throws(NetlinkError) {
        box = try Mailbox(waitingEvents: configuration.waitingEvents, wake: wake)
        let worker = try KernelWorker(box: box, notificationBytes: configuration.notificationBytes)
        let start = Unmanaged.passRetained(worker)
        var identifier = pthread_t()
        let result = pthread_create(
            &identifier,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<KernelWorker>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            start.toOpaque()
        )
        guard result == 0 else {
            start.release()
            throw .systemCall("starting the kernel thread", errno: result)
        }
        thread = Mutex(identifier)
    }

    deinit { stop() }

    /// Hands changes down; false where the mailbox is full: keep them and offer them again after the next event.
    ///
    /// A core that keeps to ``KernelRoutes/window`` never sees false.
    package func submit(_ changes: [KernelChange]) -> Bool {
        box.post { inbox in
            guard inbox.changes.count + changes.count <= Self.mailboxSize else { return false }
            inbox.changes += changes
            return true
        }
    }

    /// Asks for a reading; it begins after the changes that were handed down before.
    package func requestDump(_ dump: KernelDump) {
        _ = box.post { inbox in
            inbox.dump = dump
            return true
        }
    }

    /// Takes events that wait, in the order in which they happened, with about `limit` routes at most.
    ///
    /// An event holds a thousand routes at most. Where events are left no new wake-up comes: call again
    /// in the next turn until none are.
    package func takeEvents(limit: Int = .max) -> (events: [KernelEvent], areLeft: Bool) {
        box.takeEvents(limit: limit)
    }

    /// Stops the thread and waits for its end; changes that were not sent are dropped.
    ///
    /// May be called again.
    package func stop() {
        let running = thread.withLock { identifier in
            let running = identifier
            identifier = nil
            return running
        }
        guard let running else { return }
        _ = box.post { inbox in
            inbox.isStopping = true
            return true
        }
        pthread_join(running, nil)
    }
}
