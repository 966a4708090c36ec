import Canvas
import Control
import Testing

@testable import Dashboard

@Suite
struct ArrangementTests {
    private func bench(
        _ width: Int = 120,
        _ height: Int = 40,
        arrangement: Arrangement = Arrangement()
    ) -> Bench {
        var options = DashboardOptions()
        options.arrangement = arrangement
        var bench = Bench(width, height, options: options)
        bench.start()
        bench.asked = []
        return bench
    }

    private func arrangement(_ settings: (String, String)...) throws -> Arrangement {
        var result = Arrangement()
        for (name, value) in settings { try result.set(name, to: value) }
        return result
    }

    private func run(_ command: String, in bench: inout Bench) {
        bench.press(.character(":"))
        bench.type(command)
        bench.press(.enter)
    }

    // MARK: How it looks

    @Test(arguments: [(60, 15), (80, 24), (120, 40), (200, 60), (48, 12)])
    func `a hidden pane leaves its rows to the others`(width: Int, height: Int) throws {
        let bench = bench(width, height, arrangement: try arrangement(("kernel.hidden", "true")))
        expectGolden(bench.model.view(), "overview-no-kernel-\(width)x\(height)")
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 40), (30, 6)])
    func `one pane alone has the whole overview`(width: Int, height: Int) throws {
        let alone = try arrangement(
            ("neighbors.hidden", "true"),
            ("kernel.hidden", "true"),
            ("messages.hidden", "true")
        )
        expectGolden(
            bench(width, height, arrangement: alone).model.view(),
            "overview-rib-alone-\(width)x\(height)"
        )
    }

    @Test(arguments: [
        ("hidden", 120, 40), ("hidden", 100, 30), ("12", 120, 40), ("-30", 200, 60),
    ])
    func `the neighbors have the columns that the updates leave`(
        updates: String,
        width: Int,
        height: Int
    ) throws {
        let changed = try arrangement(("neighbors.updates", updates))
        expectGolden(
            bench(width, height, arrangement: changed).model.view(),
            "overview-updates\(updates)-\(width)x\(height)"
        )
    }

    @Test(arguments: 1...15)
    func `panes fill the screen whatever is hidden and however they were resized`(shown: Int) {
        let panes = Pane.allCases.filter { shown & 1 << $0.rawValue != 0 }
        var number = UInt64(shown)
        func random(_ range: ClosedRange<Int>) -> Int {
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int(number >> 33) % range.count
        }
        for height in 15...60 {
            let heights = PaneHeights(of: panes, screenHeight: height)
            for focus in panes {
                let shifts = (0..<4).map { _ in random(-20...20) }
                let rows = heights.rows(focus: focus, shifts: shifts)
                #expect(rows.count == panes.count)
                #expect(rows.reduce(0, +) == height - 4 - panes.count, "\(height) \(shifts)")
                #expect(rows.allSatisfy { $0 >= 1 }, "\(height) \(shifts) \(rows)")
            }
        }
    }

    @Test(arguments: [60, 90, 91, 103, 104, 119, 120, 160, 200])
    func `columns do not meet wherever the border of the updates stands`(width: Int) {
        for shift in -80...80 {
            let columns = NeighborColumns(width: width, updates: .shown(columns: shift))
            guard let graph = columns.graph else {
                #expect(width < 91)
                continue
            }
            let last = columns.prefixesSent ?? columns.prefixesReceived
            #expect(last < graph, "shift \(shift)")
            #expect(columns.graphWidth >= 7)
            #expect(graph + 12 + columns.graphWidth <= width - 2, "shift \(shift)")
        }
    }

    // MARK: Keys and commands

    @Test
    func `a hidden pane is not asked for, and focus and Tab pass it by`() {
        var bench = bench()
        bench.press(.character("3"))
        run("hide kernel", in: &bench)
        #expect(bench.model.focus == .messages)
        #expect(bench.model.notice?.text.contains("3 or :show kernel") == true)
        #expect(bench.model.layout.frame(of: .kernel) == nil)
        bench.press(.backTab)
        #expect(bench.model.focus == .rib)
        bench.press(.tab, .tab)
        #expect(bench.model.focus == .neighbors)
        bench.asked = []
        bench.press(.function(5))
        #expect(
            !bench.asked.contains { question in
                guard case .kernelPage(_) = question else { return false }
                return true
            }
        )
    }

    @Test
    func `the number of a hidden pane shows it again, and so does its command`() {
        var bench = bench()
        run("hide kernel", in: &bench)
        bench.press(.character("3"))
        #expect(bench.model.focus == .kernel)
        #expect(bench.model.layout.panes.count == 4)
        run("hide log", in: &bench)
        run("show messages", in: &bench)
        #expect(bench.model.focus == .messages)
        #expect(bench.model.layout.panes.count == 4)
        run("hide fib", in: &bench)
        run("kernel drift", in: &bench)
        #expect(bench.model.focus == .kernel)
        #expect(bench.model.isZoomed)
        #expect(bench.model.arrangement.panes.count == 4)
        run("show rib best", in: &bench)
        #expect(bench.model.rib.filterText == "best")
    }

    @Test
    func `the last pane stays, and a wrong name is said`() {
        var bench = bench()
        for name in ["neighbors", "kernel", "messages"] { run("hide \(name)", in: &bench) }
        #expect(bench.model.focus == .rib)
        bench.press(.tab)
        #expect(bench.model.focus == .rib)
        run("hide rib", in: &bench)
        #expect(bench.model.prompt?.fault.contains("rib is the last pane and stays") == true)
        bench.press(.escape)
        run("hide rig", in: &bench)
        #expect(
            bench.model.prompt?.fault
                == "no pane \"rig\"; there are neighbors, rib, kernel, messages, updates"
        )
        bench.press(.escape)
        run("hide", in: &bench)
        #expect(bench.model.prompt?.fault.hasPrefix("hide what?") == true)
        bench.press(.escape)
        run("show", in: &bench)
        #expect(bench.model.layout.panes.count == 4)
    }

    @Test
    func `a pane that is hidden while it has the screen gives it back`() {
        var bench = bench()
        bench.press(.character("4"), .character("z"))
        run("hide messages", in: &bench)
        #expect(!bench.model.isZoomed)
        #expect(bench.model.focus == .neighbors)
    }

    @Test
    func `on a small screen the tabs are those of the panes that are shown`() throws {
        var bench = bench(48, 12, arrangement: try arrangement(("neighbors.hidden", "true")))
        #expect(bench.lines[1].hasPrefix(" [2 RIB] 3 Kernel  4 Messages"))
        bench.press(.character("+"))
        #expect(bench.effects == [.bell])
        bench.press(.character("1"))
        #expect(bench.lines[1].hasPrefix(" [1 Neighbors] 2 RIB"))
    }

    @Test
    func `what is resized is what is seen, also where it was arranged on a larger screen`() throws {
        let large = try arrangement(("rib.rows", "-20"), ("kernel.rows", "20"))
        var bench = bench(80, 24, arrangement: large)
        #expect(bench.model.layout.panes.map(\.box?.height) == [6, 3, 10, 5])
        bench.press(.character("3"), .character("-"))
        #expect(bench.model.layout.panes.map(\.box?.height) == [7, 3, 9, 5])
    }

    @Test
    func `the border of the updates moves until they are gone, and comes back`() {
        var bench = bench()
        let graph = NeighborColumns(width: 120).graph ?? 0
        bench.press(.character("<"), .character("<"))
        #expect(bench.lines[2].firstIndex(of: "│", from: 1) == graph - 2)
        bench.press(.character(">"), .character(">"), .character(">"))
        #expect(bench.model.arrangement.updates == .hidden)
        #expect(!bench.text.contains("updates/s"))
        bench.press(.character(">"))
        #expect(bench.effects.last == .bell)
        bench.press(.character("<"))
        #expect(bench.lines[2].firstIndex(of: "│", from: 1) == graph)
        run("hide updates", in: &bench)
        #expect(!bench.text.contains("updates/s"))
        run("show updates", in: &bench)
        #expect(bench.text.contains("updates/s"))
        for _ in 0..<60 { bench.press(.character("<")) }
        #expect(bench.effects.last == .bell)
    }

    @Test(arguments: [
        ("hi", "hide "), ("hide k", "hide kernel "), ("show k", "show kernel "),
        ("ne", "neighbor"), ("neighbor i", "neighbor ix-rs1 "),
        ("neighbor r2 do", "neighbor r2 down "), ("rel", "reload "),
        ("hide k m", "hide k m"), ("nothing", "nothing"), ("show rib", "show rib"),
    ])
    func `Tab completes a command as far as it is certain`(typed: String, completed: String) {
        var bench = bench()
        if typed.hasPrefix("show") { run("hide kernel", in: &bench) }
        bench.press(.character(":"))
        bench.type(typed)
        bench.press(.tab)
        #expect(bench.model.prompt?.line.text == completed)
        #expect((bench.effects.last == .bell) == (typed == completed))
    }

    @Test
    func `several choices stand below the command until the next key`() {
        var bench = bench()
        bench.press(.character(":"))
        bench.type("hide ")
        bench.press(.tab)
        #expect(bench.lines[39].hasPrefix(" neighbors  rib  kernel  messages  updates"))
        bench.press(.character("r"))
        #expect(bench.lines[39].hasPrefix(" rib FILTER"))
    }

    // MARK: What is remembered

    @Test
    func `what is arranged is to be remembered, and nothing else`() {
        var bench = bench()
        bench.press(.character("3"), .down, .character("z"), .character("z"))
        bench.send(.tick)
        #expect(bench.effects.isEmpty)
        bench.press(.character("+"), .character("1"), .character("s"), .character("S"))
        run("hide rib", in: &bench)
        let rows = ["rib.rows=-1", "kernel.rows=1"]
        #expect(
            bench.remembered == [
                rows,
                ["neighbors.sort=name"] + rows,
                ["neighbors.sort=name", "neighbors.reversed=true"] + rows,
                ["neighbors.sort=name", "neighbors.reversed=true", "rib.hidden=true"] + rows,
            ]
        )
    }

    @Test
    func `settings give the arrangement that they were made of`() throws {
        let settings = [
            ("neighbors.rows", "2"), ("neighbors.sort", "as"), ("neighbors.reversed", "true"),
            ("neighbors.updates", "-3"), ("rib.rows", "-2"), ("kernel.hidden", "true"),
        ]
        var arrangement = Arrangement()
        for (name, value) in settings { try arrangement.set(name, to: value) }
        #expect(arrangement.settings.map { "\($0)=\($1)" } == settings.map { "\($0)=\($1)" })
        #expect(Arrangement().settings.isEmpty)
    }

    @Test(arguments: [
        ("kernal.hidden", "true", "unknown pane \"kernal\""),
        ("kernel.hiden", "true", "unknown word \"hiden\"; kernel has hidden, rows"),
        ("kernel", "off", "unknown word \"\""),
        ("rib.sort", "name", "unknown word \"sort\""),
        ("rib.hidden", "yes", "expected true or false"),
        ("rib.rows", "many", "expected -1000 to 1000 rows"),
        ("rib.rows", "9223372036854775807", "expected -1000 to 1000 rows"),
        ("neighbors.sort", "size", "expected one of state, name, as, since, prefixes"),
        ("neighbors.updates", "wide", "columns, or hidden"),
    ])
    func `a setting that is wrong says what is expected`(
        name: String,
        value: String,
        says: String
    ) throws {
        var arrangement = Arrangement()
        let fault = #expect(throws: ArrangementFault.self) {
            try arrangement.set(name, to: value)
        }
        #expect(fault?.text.contains(says) == true, "\(fault?.text ?? "")")
        #expect(arrangement == Arrangement())
    }

    @Test
    func `settings cannot hide every pane`() throws {
        var arrangement = try arrangement(
            ("neighbors.hidden", "true"),
            ("rib.hidden", "true"),
            ("kernel.hidden", "true")
        )
        #expect(throws: ArrangementFault.self) {
            try arrangement.set("messages.hidden", to: "true")
        }
    }

    @Test
    func `why nothing is remembered stands in the line above the keys`() {
        var bench = bench()
        bench.send(.notRemembered("dashboard.yaml:3: unknown pane \"kernal\"\u{1B}[2J"))
        #expect(bench.lines[38].hasPrefix(" dashboard.yaml:3: unknown pane \"kernal\"\\033[2J"))
    }
}

extension Bench {
    /// The settings of every arrangement that was to be remembered.
    fileprivate var remembered: [[String]] {
        effects.compactMap { effect in
            guard case .remember(let arrangement) = effect else { return nil }
            return arrangement.settings.map { "\($0)=\($1)" }
        }
    }
}

extension String {
    fileprivate func firstIndex(of character: Character, from start: Int) -> Int? {
        Array(self)[start...].firstIndex(of: character)
    }
}
