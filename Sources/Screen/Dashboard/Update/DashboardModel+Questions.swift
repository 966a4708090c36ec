import Canvas
import Control

extension DashboardModel {
    /// Makes a question's token; an earlier question for the same purpose is forgotten with it.
    mutating func ask(_ question: Question, for purpose: Purpose) -> DashboardEffect {
        lastToken += 1
        let token = RequestToken(lastToken)
        outstanding.removeAll { $0.purpose == purpose }
        outstanding.append(Outstanding(token: token, purpose: purpose, askedAt: now))
        return .ask(question, token)
    }

    func isOutstanding(_ purpose: Purpose) -> Bool {
        outstanding.contains { $0.purpose == purpose }
    }

    /// Asks for what is on screen and not here: nothing of what is hidden.
    mutating func missingRows() -> [DashboardEffect] {
        guard connection == .up else { return [] }
        var effects = missingForecast()
        effects += screens.isEmpty ? missingPanes() : missingOnScreen(screens.count - 1)
        return effects
    }

    private mutating func missingPanes() -> [DashboardEffect] {
        var effects: [DashboardEffect] = []
        for frame in layout.panes {
            switch frame.pane {
            case .neighbors: break
            case .rib:
                if let request = rib.nextRequest() {
                    effects.append(ask(request.question, for: .rib))
                }
            case .kernel:
                if let request = kernel.nextRequest() {
                    effects.append(ask(request.question, for: .kernel))
                }
            case .messages:
                if let request = messages.nextRequest() {
                    effects.append(ask(request.question, for: .messages))
                }
            }
        }
        return effects
    }

    private mutating func missingOnScreen(_ index: Int) -> [DashboardEffect] {
        let number = screens[index].number
        var effects: [DashboardEffect] = []
        switch screens[index].content {
        case .neighbor(var screen):
            if screen.isStale, !screen.isAsked {
                screen.isStale = false
                screen.isAsked = true
                let request = NeighborRequest(.number(screen.neighbor))
                effects.append(ask(request.question, for: .screen(number)))
            }
            if let request = screen.table?.nextRequest() {
                effects.append(ask(request.question, for: .table(number, screen.tab)))
            }
            screens[index].content = .neighbor(screen)
        case .route(var screen):
            if screen.isStale, !screen.isAsked {
                screen.isStale = false
                screen.isAsked = true
                let request = RouteRequest(prefix: screen.prefix)
                effects.append(ask(request.question, for: .screen(number)))
            }
            screens[index].content = .route(screen)
        case .events(var screen):
            if !screen.isComplete, !screen.isAsked {
                screen.isAsked = true
                let request = EventsRequest(after: screen.rows.last?.sequence ?? 0, limit: 500)
                effects.append(ask(request.question, for: .screen(number)))
            }
            screens[index].content = .events(screen)
        case .whatIf(let screen):
            if screen.refusal == nil, !screen.result.isPreparing, !isOutstanding(.screen(number)),
                let request = screen.result.nextRequest
            {
                effects.append(ask(request.question, for: .screen(number)))
            }
        case .message, .help: break
        }
        return effects
    }

    /// Takes an answer in; one that nobody waits for any more is dropped.
    mutating func take(_ reply: Reply, _ token: RequestToken) {
        guard let index = outstanding.firstIndex(where: { $0.token == token }) else { return }
        let purpose = outstanding.remove(at: index).purpose
        switch reply {
        case .instance(let instance): self.instance = instance
        case .overview(let overview): take(overview)
        case .neighbors(let details): take(details, for: purpose)
        case .ribPage(let page): take(page, for: purpose)
        case .kernelPage(let page): kernel.take(page)
        case .messages(let page): messages.take(page)
        case .route(let detail):
            change(purpose) { content in
                guard case .route(var screen) = content else { return }
                screen.detail = detail
                screen.isAsked = false
                content = .route(screen)
            }
        case .whatIf(let slice): take(slice, for: purpose)
        case .events(let page):
            change(purpose) { content in
                guard case .events(var screen) = content else { return }
                screen.take(page)
                content = .events(screen)
            }
        case .memory: break
        case .reload(let report): take(report)
        case .action(let result), .refused(let result): take(result, for: purpose)
        }
    }

    private mutating func take(_ overview: Overview) {
        self.overview = overview
        overviewAt = now
        if overview.ribGeneration != rib.generation {
            rib.generation = overview.ribGeneration
            rib.window.isStale = true
        }
        if overview.kernelGeneration != kernel.generation {
            kernel.generation = overview.kernelGeneration
            kernel.window.isStale = true
        }
        messages.noteNewest(overview.lastMessage)
        guard let top = screens.indices.last else { return }
        screens[top].refresh(by: overview)
    }

    private mutating func take(_ details: [NeighborDetail], for purpose: Purpose) {
        change(purpose) { content in
            guard case .neighbor(var screen) = content else { return }
            screen.isAsked = false
            screen.isGone = details.isEmpty
            screen.detail = details.first ?? screen.detail
            content = .neighbor(screen)
        }
    }

    private mutating func take(_ page: RIBPage, for purpose: Purpose) {
        guard case .table(let number, let tab) = purpose else {
            rib.take(page, now: now)
            return
        }
        let moment = now
        change(.screen(number)) { content in
            guard case .neighbor(var screen) = content else { return }
            switch tab {
            case .received: screen.received.take(page, now: moment)
            case .sent: screen.sent.take(page, now: moment)
            case .session, .statistics: break
            }
            content = .neighbor(screen)
        }
    }

    private mutating func take(_ result: ActionResult, for purpose: Purpose) {
        switch purpose {
        case .action(let what):
            say("\(what): \(result.text)", result == .processed ? .text : .error)
        case .forecast: forecast = nil
        case .instance, .overview, .rib, .kernel, .messages, .screen, .table:
            // What is refused once would be refused again.
            change(purpose) { content in
                if case .whatIf(var screen) = content {
                    screen.refusal = result.text
                    content = .whatIf(screen)
                }
            }
            say("the speaker does not answer this: \(result.text)", .error)
        }
    }

    private mutating func take(_ report: ReloadReport) {
        let more = report.lines.count - 1
        let rest = more > 0 ? ", and \(more) more in the events" : ""
        let first = report.lines.first.map { PeerName.shown($0) + rest }
        say(
            "reload: \(first ?? report.result.text)",
            report.result == .processed ? .text : .error
        )
    }

    private mutating func change(_ purpose: Purpose, _ body: (inout Screen.Content) -> Void) {
        guard case .screen(let number) = purpose,
            let index = screens.firstIndex(where: { $0.number == number })
        else { return }
        body(&screens[index].content)
    }

    /// Changes the route table that the deepest screen shows, where it shows one.
    mutating func changeTopTable(_ body: (inout RouteTable) -> Void) {
        guard let top = screens.indices.last, case .neighbor(var screen) = screens[top].content,
            var table = screen.table
        else { return }
        body(&table)
        screen.table = table
        screens[top].content = .neighbor(screen)
    }
}

extension Screen {
    /// What the new overview says has changed is asked again.
    mutating func refresh(by overview: Overview) {
        switch content {
        case .neighbor(var screen):
            screen.isStale = true
            if var table = screen.table, table.generation != overview.ribGeneration {
                table.generation = overview.ribGeneration
                table.window.isStale = true
                screen.table = table
            }
            content = .neighbor(screen)
        case .route(var screen):
            if screen.ribGeneration != overview.ribGeneration
                || screen.kernelGeneration != overview.kernelGeneration
            {
                screen.ribGeneration = overview.ribGeneration
                screen.kernelGeneration = overview.kernelGeneration
                screen.isStale = true
            }
            content = .route(screen)
        case .events(var screen):
            screen.isComplete = false
            content = .events(screen)
        case .message, .help, .whatIf: break
        }
    }

    /// The questions under way get no answer.
    mutating func forgetQuestions() {
        switch content {
        case .neighbor(var screen):
            screen.isStale = screen.isStale || screen.isAsked
            screen.isAsked = false
            screen.received.asked = nil
            screen.sent.asked = nil
            content = .neighbor(screen)
        case .route(var screen):
            screen.isStale = screen.isStale || screen.isAsked
            screen.isAsked = false
            content = .route(screen)
        case .events(var screen):
            screen.isAsked = false
            content = .events(screen)
        case .message, .help, .whatIf: break
        }
    }

    /// Everything is to be asked again, of what may be another run of the speaker.
    mutating func markStale() {
        switch content {
        case .neighbor(var screen):
            screen.isStale = true
            screen.received.window.isStale = true
            screen.sent.window.isStale = true
            content = .neighbor(screen)
        case .route(var screen):
            screen.isStale = true
            content = .route(screen)
        case .events: content = .events(EventsScreen())
        case .whatIf(let screen): content = .whatIf(screen.again)
        case .message, .help: break
        }
    }
}
