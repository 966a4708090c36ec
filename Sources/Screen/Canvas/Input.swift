/// A key of the keyboard, as the program sees it.
package enum Key: Hashable, Sendable {
    /// A printable character, as typed.
    case character(Character)
    /// Control and a lower-case letter, or one of `@ \ ] ^ _`.
    case control(Character)
    case enter
    case tab
    case backTab
    case escape
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// A function key, from 1.
    case function(Int)
}

/// A button of the mouse.
package enum MouseButton: Hashable, Sendable {
    case left
    case middle
    case right
}

/// What the mouse did.
package enum MouseAction: Hashable, Sendable {
    case press(MouseButton)
    case release(MouseButton)
    /// Moved while the button is held.
    case drag(MouseButton)
    case wheelUp
    case wheelDown
}

/// What the mouse did, and over which cell.
package struct MouseEvent: Hashable, Sendable {
    /// What happened.
    package var action: MouseAction
    /// The cell under the pointer.
    package var position: Point

    /// Makes a mouse event.
    package init(_ action: MouseAction, at position: Point) {
        self.action = action
        self.position = position
    }
}

/// What comes from the terminal.
package enum ScreenEvent: Hashable, Sendable {
    case key(Key)
    case mouse(MouseEvent)
    /// Pasted text as one piece; nothing in it is a key.
    case paste(String)
    case focusGained
    case focusLost
    /// The terminal has this size now; everything is drawn again at the next frame.
    case resize(Size)
    /// ^Z or SIGTSTP: the program decides whether it suspends.
    case suspend
    /// The program was stopped and goes on; everything is drawn again at the next frame.
    case resumed
    /// The terminal is gone (SIGHUP or end of file): nothing is read or shown any more.
    case hangup
    /// SIGTERM or SIGINT from outside: the program is asked to end.
    case terminate
}

/// Counts quick presses on one cell, by the caller's clock.
package struct ClickCounter: Sendable {
    private var last: (position: Point, button: MouseButton, time: Duration, count: Int)?
    private let interval: Duration

    /// Presses closer together than `interval` belong together.
    package init(interval: Duration = .milliseconds(400)) {
        self.interval = interval
    }

    /// Counts presses in a row: 1, 2 for a double click, and so on.
    ///
    /// The time is since any fixed moment; only differences count.
    package mutating func press(_ button: MouseButton, at position: Point, time: Duration) -> Int {
        var count = 1
        if let last, last.position == position, last.button == button, time - last.time <= interval
        {
            count = last.count + 1
        }
        last = (position, button, time, count)
        return count
    }
}
