package import Canvas
package import Control

/// What the dashboard is told: from the terminal, from the clock, from the speaker.
package enum DashboardMessage: Hashable, Sendable {
    /// A key, the mouse, pasted text, a new size, ...
    case screen(ScreenEvent)
    /// Time has passed; four a second while the program is awake.
    case tick
    /// The speaker's answer to the question that was asked with that token.
    case reply(Reply, RequestToken)
    /// The speaker cannot be reached; why, in words. Questions under way get no answer any more.
    case connectionLost(String)
    /// The speaker answers again.
    case connectionRegained
    /// The arrangement could not be read or remembered; why, in words.
    case notRemembered(String)
}

/// Names a question so that its answer is known, and known to be late.
package struct RequestToken: Hashable, Sendable {
    package var value: UInt64

    package init(_ value: UInt64) {
        self.value = value
    }
}

/// What the dashboard wants done by whoever drives it.
package enum DashboardEffect: Hashable, Sendable {
    /// Ask the speaker and bring the answer back with the token.
    case ask(Question, RequestToken)
    /// End the screen.
    case quit(Farewell)
    /// Give the terminal back and stop the job (^Z).
    case suspend
    /// Draw every cell again (^L).
    case redraw
    /// Ring: the key does nothing here.
    case bell
    /// The operator has arranged the overview like this: it is to be so the next time.
    case remember(Arrangement)
}

/// How the screen ends.
package enum Farewell: Hashable, Sendable {
    /// The screen closes, the speaker goes on in the background.
    case leaveRunning
    /// The speaker is stopped gracefully and the program ends.
    case stopRouter
    /// The screen was attached to a speaker that is somebody else's process: it only leaves.
    case detach
}

/// How the dashboard was started.
package struct DashboardOptions: Hashable, Sendable {
    /// The speaker is another process: `q` leaves at once and nothing offers to stop it.
    package var isAttached = false
    /// No key acts, and none is shown.
    package var isReadOnly = false
    /// What is added to UTC to show the time of day, seconds.
    package var utcOffsetSeconds: Int64 = 0
    /// The overview as the operator left it the last time.
    package var arrangement = Arrangement()

    package init() {}
}
