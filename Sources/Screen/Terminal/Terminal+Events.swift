import CNcurses
import CTermGuard
package import Canvas
import Glibc

extension Terminal {
    /// Sleeps until something comes from the terminal, somebody calls ``wake()``, or time is up.
    ///
    /// An empty answer means one of the last two. Without a timeout it sleeps for as long as it takes.
    package func events(timeout: Duration?) -> [ScreenEvent] {
        guard isOpen else { return [] }
        if queued.isEmpty { sleep(timeout) }
        var events = queued
        queued = []
        events += signalEvents()
        if !isLost { events += read() }
        if !decoder.synchronizes { return events }
        synchronizes = true
        return events
    }

    func defineKeys() {
        for (bytes, code) in KeyDecoder.sequences { define_key(bytes, code) }
    }

    private func sleep(_ timeout: Duration?) {
        var descriptors = [
            pollfd(fd: cg_wake_fd(), events: Int16(POLLIN), revents: 0),
            pollfd(fd: isLost ? -1 : 0, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isBusy && !isLost ? output : -1, events: Int16(POLLOUT), revents: 0),
        ]
        guard poll(&descriptors, 3, milliseconds(timeout)) > 0 else { return }
        if descriptors[1].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
            isLost = true
            backlog = []
            queued.append(.hangup)
        } else if descriptors[2].revents != 0 {
            sendBacklog()
            sendWaiting()
        }
    }

    /// Rounded up, so that nobody wakes before the time.
    private func milliseconds(_ timeout: Duration?) -> Int32 {
        guard let timeout else { return -1 }
        let (seconds, attoseconds) = timeout.components
        if seconds < 0 { return 0 }
        if seconds >= 1_000_000 { return 1_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private func signalEvents() -> [ScreenEvent] {
        let signals = Int(cg_signals())
        var events: [ScreenEvent] = []
        if signals & CG_CONTINUE != 0, !isLost {
            enterAgain()
            events += queued
            queued = []
        }
        if signals & CG_RESIZE != 0 {
            measure()
            events.append(.resize(size))
        }
        if signals & CG_SUSPEND != 0 { events.append(.suspend) }
        if signals & CG_HANGUP != 0 { events.append(.hangup) }
        if signals & CG_TERMINATE != 0 { events.append(.terminate) }
        return events
    }

    /// Everything that can be read now: ncurses reads ahead, so it is emptied each time.
    private func read() -> [ScreenEvent] {
        var events: [ScreenEvent] = []
        var value: wint_t = 0
        while true {
            let result = wget_wch(keys, &value)
            if result == KEY_CODE_YES {
                if let event = decoder.decode(code: Int32(bitPattern: value)) {
                    events.append(event)
                }
            } else if result == OK {
                if let scalar = Unicode.Scalar(value), let event = decoder.decode(character: scalar)
                {
                    events.append(event)
                }
            } else {
                return events
            }
        }
    }
}
