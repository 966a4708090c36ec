import Addressing
import BGPWire
import Canvas
import Control
import Testing

@testable import Dashboard

@Suite
struct UpdateTests {
    private func bench(options: DashboardOptions = DashboardOptions()) -> Bench {
        var bench = Bench(120, 40, options: options)
        bench.start()
        bench.asked = []
        return bench
    }

    private func actions(_ bench: Bench) -> [NeighborActionRequest] {
        bench.asked.compactMap { question in
            guard case .neighborAction(let request) = question else { return nil }
            return request
        }
    }

    @Test
    func `the selection stays on its neighbor when the order changes`() {
        var speaker = DrawnSpeaker()
        var bench = bench()
        bench.press(.down)
        #expect(bench.model.selectedNeighbor?.number == Drawing.r2)
        speaker.overview.neighbors[0].state = .idle
        speaker.overview.neighbors[2].state = .established
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.selectedNeighbor?.number == Drawing.r2)
        #expect(bench.model.neighborRows.first?.number == Drawing.r2)
        speaker.overview.neighbors.remove(at: 0)
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.selectedNeighbor != nil)
    }

    @Test
    func `taking down needs its own key, Enter leaves the neighbor up`() {
        var bench = bench()
        bench.press(.down, .character("d"))
        bench.type("CHG-2")
        bench.press(.enter, .enter)
        #expect(bench.model.dialog == nil)
        #expect(actions(bench).isEmpty)
        bench.press(.character("d"))
        bench.type("CHG-2")
        bench.press(.enter, .character("d"))
        #expect(
            actions(bench) == [
                NeighborActionRequest(.number(Drawing.r2), .down(reason: "CHG-2"))
            ]
        )
        #expect(bench.model.notice?.text == "r2 down: request processed")
    }

    @Test
    func `a pasted reason is text up to 255 octets, and a paste elsewhere does nothing`() {
        var bench = bench()
        bench.press(.character("d"))
        bench.send(.screen(.paste(String(repeating: "ä", count: 200) + "\nq")))
        guard case .down(let down) = bench.model.dialog else {
            Issue.record("no dialog")
            return
        }
        #expect(down.reason.text.utf8.count == 254)
        bench.press(.escape)
        bench.send(.screen(.paste("dcqq")))
        #expect(bench.model.dialog == nil)
        #expect(bench.effects.isEmpty)
    }

    @Test
    func `clear asks first, up and refresh act at once`() {
        var bench = bench()
        bench.press(.character("c"), .enter)
        #expect(actions(bench).isEmpty)
        bench.press(.character("c"), .character("c"), .character("u"), .character("r"))
        #expect(
            actions(bench).map(\.action) == [.clear(reason: ""), .up, .refresh]
        )
    }

    @Test
    func `keys that act say where they work`() {
        var bench = bench()
        bench.press(.character("2"), .character("d"))
        #expect(bench.model.dialog == nil)
        #expect(bench.effects == [.bell])
        #expect(bench.model.notice != nil)
    }

    @Test
    func `a read-only screen has no acting key, in help neither`() {
        var options = DashboardOptions()
        options.isReadOnly = true
        var bench = bench(options: options)
        bench.press(.character("d"), .character("c"), .character("u"), .character("r"))
        #expect(bench.model.dialog == nil)
        #expect(actions(bench).isEmpty)
        #expect(!bench.lines[39].contains("down"))
        bench.press(.character("?"))
        #expect(!bench.text.contains("take it down"))
        bench.press(.escape, .character("q"))
        #expect(!bench.text.contains("stop the router"))
    }

    @Test
    func `leaving keeps the router running unless it is told to stop`() {
        var bench = bench()
        bench.press(.character("q"), .escape, .character("q"), .character("y"))
        #expect(bench.effects.isEmpty)
        bench.press(.character("q"), .enter)
        #expect(bench.effects == [.quit(.leaveRunning)])
        bench.press(.character("q"), .character("s"))
        #expect(bench.effects == [.quit(.leaveRunning), .quit(.stopRouter)])
    }

    @Test
    func `an attached screen leaves at once and never stops the router`() {
        var options = DashboardOptions()
        options.isAttached = true
        var bench = bench(options: options)
        bench.press(.character("q"))
        bench.send(.screen(.hangup))
        bench.send(.screen(.terminate))
        #expect(bench.effects == Array(repeating: .quit(.detach), count: 3))
    }

    @Test
    func `an answer to a question that is not asked any more is dropped`() {
        var bench = bench()
        bench.answersAtOnce = false
        bench.press(.character("2"), .character("/"))
        bench.type("best")
        bench.press(.enter)
        bench.press(.character("/"))
        bench.type(" inet6")
        bench.press(.enter)
        #expect(bench.open.count == 2)
        guard let first = bench.open.first, let last = bench.open.last else { return }
        bench.send(.reply(.ribPage(Drawing.ribPage), first.1))
        #expect(bench.model.rib.window.rows.isEmpty)
        bench.send(.reply(.ribPage(Drawing.ribPage), last.1))
        #expect(bench.model.rib.window.rows.count == 5)
        bench.send(.reply(.overview(Drawing.overview), RequestToken(99_999)))
        #expect(bench.open.count == 2)
    }

    @Test(arguments: [
        ("from nobody", "no neighbor is called"), ("in", "is followed by"),
        ("as many", "expected an AS number"), ("ovs good", "expected valid"),
        ("10.0.0.0/33", "expected a prefix"), ("in 10.0.0.0/8 covers 10.0.0.1", "only one prefix"),
        ("community 70000:1", "expected 65002:100"),
    ])
    func `a filter that is not understood says so and stays to be mended`(
        text: String,
        words: String
    ) {
        var bench = bench()
        bench.press(.character("2"), .character("/"))
        bench.type(text)
        bench.press(.enter)
        #expect(bench.model.prompt?.line.text == text)
        #expect(bench.model.prompt?.fault.contains(words) == true)
        #expect(bench.model.rib.filterText == "")
        bench.press(.escape)
        #expect(bench.model.prompt == nil)
    }

    @Test
    func `a filter asks for what it says`() throws {
        var bench = bench()
        bench.press(.character("2"), .character("/"))
        bench.type("in 10.0.0.0/8 origin-as 13335 from r2 ovs invalid best community 65002:* ")
        bench.type("not in 10.1.0.0/16 !as 3356 path \"^65002 _\"")
        bench.press(.enter)
        var filter = RIBFilter([
            .prefix(.orLonger(Drawing.net("10.0.0.0/8"))), .asPath(.source(.init(13335))),
            .neighbor(.number(Drawing.r2)), .originValidation(.invalid), .best,
            .community(.standard(65002, nil)),
        ])
        filter.conditions +=
            RIBFilter(not: [
                .prefix(.orLonger(Drawing.net("10.1.0.0/16"))), .asPath(.anywhere(.init(3356))),
            ]).conditions
        filter.conditions.append(
            RIBFilter.Condition(
                test: .pathPattern(try ASPathPattern("^65002 _")),
                isNegated: false
            )
        )
        guard case .ribPage(let request) = bench.asked.last else {
            Issue.record("no page was asked for")
            return
        }
        #expect(request.filter == filter)
        bench.press(.escape)
        #expect(bench.model.rib.filter.isEmpty)
    }

    @Test
    func `a filtered search goes on until the screen is full or Esc is pressed`() {
        var bench = bench()
        var pages = 0
        bench.answer = { question in
            guard case .ribPage = question else { return DrawnSpeaker().answer(question) }
            var page = RIBPage()
            page.next = Drawing.net("10.0.0.0/8")
            page.reached = 370_000
            return .ribPage(page)
        }
        bench.answersAtOnce = false
        bench.press(.character("2"), .character("/"))
        bench.type("as 7")
        bench.press(.enter)
        while pages < 5 {
            bench.answerOpen()
            pages += 1
        }
        #expect(bench.text.contains("searching 37 %, Esc stops"))
        #expect(bench.open.count == 1)
        bench.press(.escape)
        bench.answerOpen()
        #expect(bench.open.isEmpty)
        #expect(bench.model.rib.filterText == "as 7")
    }

    @Test
    func `before a session is ended the dialog counts what would move and be lost`() {
        var bench = bench()
        bench.press(.down, .character("d"))
        #expect(bench.text.contains("Would move to another path: 121,000 prefixes"))
        #expect(bench.text.contains("Would become unreachable: 1 prefix."))
        bench.press(.enter, .character("l"))
        #expect(bench.model.dialog == nil)
        #expect(bench.text.contains("What if r2 goes down"))
        bench.press(.escape)
        #expect(bench.model.screens.isEmpty)
        #expect(bench.model.forecast == nil)
    }

    @Test
    func `a forecast that nobody looks at any more is not asked on`() {
        var bench = bench()
        bench.answersAtOnce = false
        bench.press(.down, .character("d"))
        bench.answerOpen()
        #expect(bench.text.contains("Counting what would move and what be lost: 44 %"))
        bench.press(.escape)
        let count = bench.asked.count
        bench.answerOpen()
        #expect(bench.asked.count == count)
    }

    @Test
    func `messages follow until they are scrolled back, then new ones are counted`() {
        var speaker = DrawnSpeaker()
        var bench = bench()
        bench.press(.character("4"), .up)
        #expect(bench.model.messages.window.selected?.sequence == 2)
        speaker.overview.lastMessage = 15
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.messages.window.selected?.sequence == 2)
        #expect(bench.text.contains("paused  12 new"))
        bench.press(.character("G"))
        #expect(bench.model.messages.isFollowing)
        #expect(bench.text.contains("following"))
    }

    @Test
    func `Esc comes back to the same row`() {
        var bench = bench()
        bench.press(.character("2"), .down, .down, .enter)
        #expect(bench.lines[0].hasPrefix(" rib > 203.0.113.0/24"))
        bench.press(.escape)
        #expect(bench.model.rib.window.cursor == 2)
        bench.press(.character("1"), .down, .enter, .character("3"), .enter)
        #expect(bench.lines[0].hasPrefix(" neighbors > r2 > received > 198.51.100.0/24"))
        bench.press(.backspace, .character("q"))
        #expect(bench.model.screens.isEmpty)
        #expect(bench.model.selectedNeighbor?.number == Drawing.r2)
    }

    @Test
    func `counting lines count between two answers`() {
        var bench = bench()
        bench.answersAtOnce = false
        bench.pass(seconds: 2)
        #expect(bench.text.contains("Active retry 15s   00:02:13"))
        #expect(bench.lines[0].hasSuffix("12:04:33"))
    }

    @Test
    func `a speaker that does not answer is said not to, and nothing of it counts on`() {
        var bench = bench()
        bench.answersAtOnce = false
        bench.send(.tick)
        for _ in 0..<8 { bench.pass(seconds: 1) }
        #expect(bench.lines[0].contains("no answer for 8 s"))
        #expect(!bench.lines[0].contains("lag"))
        #expect(bench.text.contains("Active retry 17s   00:02:11"))
        #expect(bench.lines[0].hasSuffix("12:04:39"))
    }

    @Test
    func `a frozen screen stands still and asks nothing`() {
        var bench = bench()
        bench.press(.character(" "))
        let before = bench.model.view()
        bench.pass(seconds: 60)
        #expect(bench.model.view() == before)
        #expect(bench.asked.isEmpty)
        #expect(bench.lines[0].contains("frozen at 12:04:31"))
        bench.press(.character(" "))
        bench.send(.tick)
        #expect(bench.lines[0].hasSuffix("12:05:31"))
    }

    @Test
    func `a lost speaker is asked nothing, and everything when it is back`() {
        var bench = bench()
        bench.send(.connectionLost("closed"))
        for _ in 0..<5 { bench.pass(seconds: 1) }
        #expect(bench.asked.isEmpty)
        bench.press(.character("u"))
        #expect(actions(bench).isEmpty)
        bench.send(.connectionRegained)
        #expect(bench.asked.contains(InstanceRequest().question))
        #expect(bench.asked.contains(OverviewRequest().question))
        #expect(bench.lines[0].contains("sessions 2/3"))
    }

    @Test
    func `RIB and kernel that agree have an equals sign and no mark`() {
        var speaker = DrawnSpeaker()
        speaker.overview.kernel.installed = speaker.overview.bestCount
        speaker.overview.kernel.drift = 0
        var bench = bench()
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.lines[0].contains("RIB 1,024,518 = kernel 1,024,518     lag"))
        #expect(!bench.text.contains("▲"))
    }

    @Test func `the largest gap of the loop stands beside the present one where there is room`() {
        var speaker = DrawnSpeaker()
        func header(_ width: Int) -> String {
            var bench = Bench(width, 40) { [speaker] in speaker.answer($0) }
            bench.start()
            return bench.lines[0]
        }
        #expect(header(180).contains("lag 4 ms, largest 310 ms (updates from neighbors)"))
        #expect(header(140).contains("lag 4 ms, largest 310 ms    "))
        #expect(header(120).contains("lag 4 ms     12:04:31"))
        speaker.overview.lag.largestMicroseconds = 12_345_678
        #expect(header(180).contains("largest 12.3 s (updates from neighbors)"))
        speaker.overview.lag.largestMicroseconds = 900
        #expect(!header(180).contains("largest"))
    }

    @Test func `routes that foreign ones hide are drift, though the kernel has them`() {
        var speaker = DrawnSpeaker()
        speaker.overview.kernel.installed = speaker.overview.bestCount
        speaker.overview.kernel.drift = 0
        speaker.overview.kernel.hidden = 1
        var bench = bench()
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.lines[0].contains("RIB 1,024,518 ≠ kernel 1,024,517  ▲ 1"))
    }

    @Test
    func `numbers of routes stay where the kernel is left alone`() {
        var speaker = DrawnSpeaker()
        speaker.instance.kernelUpdates = .off(reason: "fib-update no")
        var bench = Bench(120, 40) { [speaker] in speaker.answer($0) }
        bench.start()
        #expect(bench.lines[0].contains("RIB 1,024,518, kernel off"))
        #expect(bench.text.contains("not programmed: fib-update no"))
    }

    @Test
    func `a click selects, a double click opens`() {
        var bench = bench()
        bench.click(20, 12)
        #expect(bench.model.focus == .rib)
        #expect(bench.model.rib.window.cursor == 1)
        bench.click(20, 12)
        #expect(bench.model.path == "rib > 198.51.100.0/24")
    }

    @Test
    func `panes grow and shrink by a row and keep the screen full`() {
        var bench = bench()
        bench.press(.character("3"), .character("+"), .character("+"))
        let taller = bench.model.layout
        #expect(taller.frame(of: .kernel)?.rows.height == 8)
        #expect(taller.frame(of: .messages)?.box?.endY == 38)
        for _ in 0..<20 { bench.press(.character("-")) }
        #expect(bench.model.layout.frame(of: .kernel)?.rows.height == 1)
    }

    @Test
    func `a command opens what it names`() {
        var bench = bench()
        bench.press(.character(":"))
        bench.type("rib in 10.0.0.0/8")
        bench.press(.enter)
        #expect(bench.model.isZoomed)
        #expect(bench.model.rib.filterText == "in 10.0.0.0/8")
        bench.press(.character(":"))
        bench.type("neighbor r2 down CHG-9")
        bench.press(.enter, .character("d"))
        #expect(actions(bench).map(\.action) == [.down(reason: "CHG-9")])
        bench.press(.character(":"))
        bench.type("nonsense")
        bench.press(.enter)
        #expect(bench.model.prompt?.fault.contains("no command \"nonsense\"") == true)
    }

    @Test
    func `text from others cannot steer the terminal`() {
        var speaker = DrawnSpeaker()
        speaker.overview.neighbors[0].descr = "r\u{1B}[2J"
        var bench = bench()
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.text.contains("r\\033[2J"))
    }

    @Test
    func `the last line of a long text is reached, and its number said`() {
        var bench = Bench(60, 15)
        bench.start()
        bench.press(.enter, .end)
        #expect(bench.text.contains("of 3"))
        #expect(bench.lines[11].contains("message received"))
        bench.press(.home)
        #expect(bench.lines[3].contains("[Active]"))
    }

    @Test
    func `a message log that is given more room asks for older lines`() {
        var bench = bench()
        bench.answer = { question in
            guard case .messages(let request) = question else {
                return DrawnSpeaker().answer(question)
            }
            var page = MessagesPage()
            page.oldest = 1
            page.newest = 1_000
            var last: UInt64 = 1_000
            if case .before(let number) = request.position { last = number - 1 }
            let first = last - min(UInt64(request.limit), last) + 1
            page.rows = (first...last).map { number in
                MessageRow(
                    sequence: number,
                    time: Drawing.now,
                    neighbor: Drawing.r2,
                    direction: .sent,
                    content: .message(bytes: Drawing.keepalive, fourOctetAS: true)
                )
            }
            return .messages(page)
        }
        bench.press(.character("4"), .character("G"), .character("z"))
        #expect(bench.model.messages.window.visible.count == 35)
        #expect(bench.model.messages.window.visible.last?.sequence == 1_000)
        #expect(bench.model.messages.isFollowing)
    }
}
