import Addressing
package import Canvas
import Control
package import Timekeeping

/// Everything that the dashboard knows and shows: what `update` changes and `view` draws.
///
/// Start with ``start(now:)``, which yields the first questions; then every message goes to
/// ``update(_:now:)``, whose effects the driver carries out, and ``view()`` draws the result. The
/// three do nothing else: no clock, no terminal, no speaker is known here.
package struct DashboardModel: Sendable {
    package internal(set) var options: DashboardOptions
    package internal(set) var size: Size
    /// The moment of the last message, as the speaker's machine dates it.
    package internal(set) var now: WallTime

    var instance: Instance?
    var overview: Overview?
    /// When `overview` came: what it counts in seconds goes on counting from there.
    var overviewAt: WallTime
    var connection = Connection.up
    /// Since when the screen stands still, by the operator's wish.
    var frozenAt: WallTime?

    var focus = Pane.neighbors
    /// True while the focused pane has the screen to itself.
    var isZoomed = false
    /// Which panes there are, and how large: what the driver is told to remember.
    var arrangement: Arrangement
    var neighbors = NeighborList()
    var rib = RouteTable(.locRIB)
    var kernel = KernelTable()
    var messages = MessageLog()

    /// The screens opened over the overview, the deepest last.
    var screens: [Screen] = []
    var dialog: Dialog?
    /// What would be lost with the session that the dialog is about, as far as it is counted.
    var forecast: WhatIfResult?
    var prompt: Prompt?
    /// A line in place of the last event, until then.
    var notice: Notice?

    var outstanding: [Outstanding] = []
    var lastToken: UInt64 = 0
    var clicks = ClickCounter()

    /// A dashboard that knows nothing yet.
    package init(options: DashboardOptions, size: Size, now: WallTime) {
        self.options = options
        self.size = size
        self.now = now
        overviewAt = now
        arrangement = options.arrangement
        focus = arrangement.panes.first ?? .neighbors
    }

    /// Whether the speaker can be reached.
    enum Connection: Hashable, Sendable {
        case up
        case lost(reason: String, since: WallTime)
    }

    /// A short word to the operator.
    struct Notice: Hashable, Sendable {
        var text: String
        var role: Role
        var until: WallTime
    }

    /// A question that has not been answered.
    struct Outstanding: Hashable, Sendable {
        var token: RequestToken
        var purpose: Purpose
        var askedAt: WallTime
    }

    /// What an answer is for.
    enum Purpose: Hashable, Sendable {
        case instance
        case overview
        case rib
        case kernel
        case messages
        /// An opened screen.
        case screen(ScreenNumber)
        /// The route table on a tab of a neighbor.
        case table(ScreenNumber, NeighborScreen.Tab)
        /// What would be lost with the session that the dialog is about.
        case forecast
        /// What became of an action, in words: `r2 down`.
        case action(String)
    }

    /// The moment that counting lines are drawn for.
    var shownNow: WallTime { frozenAt ?? now }

    /// Whole seconds since the overview came, for what counts on; without a speaker nothing is known to go on.
    var secondsSinceOverview: UInt32 {
        var moment = shownNow
        if case .lost(_, let since) = connection { moment = min(moment, since) }
        if silentSeconds != nil, let overviewAskedAt { moment = overviewAskedAt }
        return Self.seconds(from: overviewAt, to: moment)
    }

    /// For how many seconds a connected speaker has left us without an answer; nil while that is no news.
    var silentSeconds: UInt32? {
        guard connection == .up, let overviewAskedAt else { return nil }
        let silence = Self.seconds(from: overviewAskedAt, to: shownNow)
        return silence > 2 ? silence : nil
    }

    private var overviewAskedAt: WallTime? {
        outstanding.first { $0.purpose == .overview }?.askedAt
    }

    private static func seconds(from first: WallTime, to last: WallTime) -> UInt32 {
        UInt32(clamping: (last.nanoseconds - first.nanoseconds) / 1_000_000_000)
    }
}

/// The four panes of the overview.
enum Pane: Int, CaseIterable, Hashable, Sendable {
    case neighbors
    case rib
    case kernel
    case messages

    /// Its name in commands and in the settings file.
    var word: String {
        switch self {
        case .neighbors: "neighbors"
        case .rib: "rib"
        case .kernel: "kernel"
        case .messages: "messages"
        }
    }

    var title: String {
        switch self {
        case .neighbors: "Neighbors"
        case .rib: "RIB"
        case .kernel: "Kernel"
        case .messages: "Messages"
        }
    }

    /// The key that goes to the pane, from 1.
    var number: Int { rawValue + 1 }
}
