import Canvas
import Control
import Timekeeping

@testable import Dashboard

/// A dashboard and a speaker that answers it, driven by hand.
struct Bench {
    var model: DashboardModel
    /// Every question that was asked, in order.
    var asked: [Question] = []
    /// Effects other than questions.
    var effects: [DashboardEffect] = []
    /// Questions that were asked and not answered, where answering is by hand.
    var open: [(Question, RequestToken)] = []
    var now = Drawing.now
    var answer: (Question) -> Reply?
    /// Answers at once where true, else when told.
    var answersAtOnce = true

    init(
        _ width: Int,
        _ height: Int,
        options: DashboardOptions = DashboardOptions(),
        answer: @escaping (Question) -> Reply? = { DrawnSpeaker().answer($0) }
    ) {
        model = DashboardModel(
            options: options,
            size: Size(width: width, height: height),
            now: Drawing.now
        )
        self.answer = answer
    }

    var text: String { model.view().text }
    var lines: [String] { model.view().lines }

    mutating func start() {
        carryOut(model.start(now: now))
    }

    mutating func send(_ message: DashboardMessage) {
        carryOut(model.update(message, now: now))
    }

    mutating func press(_ keys: Key...) {
        for key in keys { send(.screen(.key(key))) }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    mutating func click(_ x: Int, _ y: Int) {
        send(.screen(.mouse(MouseEvent(.press(.left), at: Point(x: x, y: y)))))
    }

    /// Time goes on and is told.
    mutating func pass(seconds: Int64) {
        now = WallTime(nanoseconds: now.nanoseconds + seconds * 1_000_000_000)
        send(.tick)
    }

    /// Answers what is open, oldest first.
    mutating func answerOpen() {
        let questions = open
        open = []
        for (question, token) in questions {
            if let reply = answer(question) { send(.reply(reply, token)) }
        }
    }

    private mutating func carryOut(_ list: [DashboardEffect]) {
        for effect in list {
            guard case .ask(let question, let token) = effect else {
                effects.append(effect)
                continue
            }
            asked.append(question)
            if !answersAtOnce {
                open.append((question, token))
            } else if let reply = answer(question) {
                send(.reply(reply, token))
            }
        }
    }
}

/// Answers with what is drawn.
struct DrawnSpeaker {
    var overview = Drawing.overview
    var instance = Drawing.instance

    func answer(_ question: Question) -> Reply? {
        switch question {
        case .instance: .instance(instance)
        case .overview: .overview(overview)
        case .neighbor(let request): .neighbors(details(request.selector))
        case .ribPage: .ribPage(Drawing.ribPage)
        case .route(let request): .route(Details.route(request.prefix))
        case .whatIf(let request): Details.whatIf(request).map { .whatIf($0) }
        case .kernelPage: .kernelPage(Drawing.kernelPage)
        case .messages: .messages(Drawing.messagesPage)
        case .events(let request): .events(Details.events(after: request.after))
        case .memory: .memory([])
        case .neighborAction, .stop: .action(.processed)
        case .reload:
            .reload(ReloadReport(.reloadFailed, lines: ["bgpd.conf:3:1: syntax error", "more"]))
        }
    }

    private func details(_ selector: NeighborSelector) -> [NeighborDetail] {
        guard case .number(let number) = selector,
            let row = overview.neighbors.first(where: { $0.number == number })
        else { return [] }
        return [Details.neighbor(row)]
    }
}
