import CLinux
import Canvas
import Control
import Dashboard
import Terminal
import Timekeeping

/// Runs a dashboard on the terminal: events and answers in, questions and frames out.
///
/// Sleeps until something comes. Frames go out when something has changed: at once at the start, for a key and
/// for the answers that these called for, else at most twenty a second; the clock ticks four times a second.
struct ScreenDriver {
    private let terminal: Terminal
    private let link: any SpeakerLink
    private let arrangements: ArrangementFile
    private var model: DashboardModel
    private var shown: Canvas?
    private var isStale = true
    private var isUrgent = true
    private var lastFrame: Int64 = 0
    private var lastEvent: Int64 = 0
    private var nextTick: Int64 = 0

    /// How the screen ended.
    enum End {
        case farewell(Farewell)
        /// The terminal is gone.
        case hangup
        /// SIGTERM or SIGINT.
        case terminate
    }

    private static let frameInterval: Int64 = 50_000_000
    /// How long after a key an answer counts as called for by it.
    private static let answerInterval: Int64 = 100_000_000
    private static let tickInterval: Int64 = 250_000_000

    init(
        terminal: Terminal,
        link: any SpeakerLink,
        options: DashboardOptions,
        arrangements: ArrangementFile
    ) {
        self.terminal = terminal
        self.link = link
        self.arrangements = arrangements
        var options = options
        options.arrangement = arrangements.arrangement
        let wall = cl_wall_nanoseconds()
        options.utcOffsetSeconds = cl_local_offset(wall / 1_000_000_000)
        model = DashboardModel(
            options: options,
            size: terminal.size,
            now: WallTime(nanoseconds: wall)
        )
    }

    /// Runs until the operator leaves or the terminal is gone.
    mutating func run() -> End {
        defer { arrangements.close() }
        lastEvent = monotonic
        if let end = perform(model.start(now: wall)) { return end }
        while true {
            draw()
            let events = terminal.events(timeout: sleep)
            if !events.isEmpty { lastEvent = monotonic }
            for event in events {
                switch event {
                case .hangup: return .hangup
                case .terminate: return .terminate
                default:
                    isUrgent = true
                    if let end = tell(.screen(event)) { return end }
                }
            }
            for news in link.takeNews() {
                if monotonic - lastEvent < Self.answerInterval { isUrgent = true }
                let message: DashboardMessage =
                    switch news {
                    case .reply(let token, let reply): .reply(reply, RequestToken(token))
                    case .lost(let reason): .connectionLost(reason)
                    case .regained: .connectionRegained
                    }
                if let end = tell(message) { return end }
            }
            if monotonic >= nextTick {
                nextTick = monotonic + Self.tickInterval
                if let end = tell(.tick) { return end }
                if let fault = arrangements.work(now: monotonic),
                    let end = tell(.notRemembered(fault))
                {
                    return end
                }
            }
        }
    }

    private var wall: WallTime { WallTime(nanoseconds: cl_wall_nanoseconds()) }
    private var monotonic: Int64 { cl_monotonic_nanoseconds() }

    /// Until the next tick, or until the frame that waits may go out.
    private var sleep: Duration {
        var due = nextTick
        if isStale { due = min(due, lastFrame + Self.frameInterval) }
        return .nanoseconds(max(0, due - monotonic))
    }

    private mutating func tell(_ message: DashboardMessage) -> End? {
        isStale = true
        return perform(model.update(message, now: wall))
    }

    private mutating func draw() {
        guard isStale, isUrgent || monotonic - lastFrame >= Self.frameInterval else { return }
        isStale = false
        isUrgent = false
        let canvas = model.view()
        guard canvas != shown else { return }
        terminal.present(canvas)
        shown = canvas
        lastFrame = monotonic
    }

    private mutating func perform(_ effects: [DashboardEffect]) -> End? {
        for effect in effects {
            switch effect {
            case .ask(let question, let token): link.ask(question, token: token.value)
            case .quit(let farewell): return .farewell(farewell)
            case .suspend: terminal.suspend()
            case .redraw:
                terminal.redraw()
                shown = nil
            case .bell: terminal.bell()
            case .remember(let arrangement): arrangements.remember(arrangement)
            }
        }
        return nil
    }
}
