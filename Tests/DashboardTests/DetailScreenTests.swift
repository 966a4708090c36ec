import BGPWire
import Canvas
import Control
import Testing

@testable import Dashboard

@Suite
struct DetailScreenTests {
    static let sizes = [(60, 15), (80, 24), (120, 40), (200, 60)]

    private func bench(_ size: (Int, Int), _ steps: (inout Bench) -> Void) -> Canvas {
        var bench = Bench(size.0, size.1)
        bench.start()
        steps(&bench)
        return bench.model.view()
    }

    private func name(_ screen: String, _ size: (Int, Int)) -> String {
        "\(screen)-\(size.0)x\(size.1)"
    }

    @Test(arguments: sizes)
    func `a neighbor that is down says why and what happened`(size: (Int, Int)) {
        expectGolden(bench(size) { $0.press(.enter) }, name("neighbor-down", size))
    }

    @Test(arguments: sizes)
    func `a neighbor that is up shows what both sides can`(size: (Int, Int)) {
        expectGolden(bench(size) { $0.press(.down, .enter) }, name("neighbor-up", size))
    }

    @Test(arguments: [(80, 24), (120, 40)])
    func `the pages of a neighbor count and list`(size: (Int, Int)) {
        expectGolden(
            bench(size) { $0.press(.down, .enter, .tab) },
            name("neighbor-statistics", size)
        )
        expectGolden(
            bench(size) { $0.press(.down, .enter, .character("3")) },
            name("neighbor-received", size)
        )
        expectGolden(
            bench(size) { $0.press(.down, .enter, .character("4")) },
            name("neighbor-sent", size)
        )
    }

    @Test(arguments: sizes)
    func `a route shows every path in words and the kernel's own text`(size: (Int, Int)) {
        expectGolden(
            bench(size) { $0.press(.character("2"), .down, .down, .enter) },
            name("route", size)
        )
    }

    @Test(arguments: sizes)
    func `what would move and what be lost is counted and listed`(size: (Int, Int)) {
        expectGolden(
            bench(size) {
                $0.press(.character(":"))
                $0.type("what-if r2")
                $0.press(.enter)
            },
            name("what-if", size)
        )
    }

    @Test(arguments: sizes)
    func `a message shows its fields and the octets of the one under the cursor`(
        size: (Int, Int)
    ) {
        let canvas = bench(size) {
            $0.press(.character("4"), .up, .up, .enter, .down, .down)
        }
        expectGolden(canvas, name("message", size))
        let lit = (0..<canvas.height).reduce(0) { count, y in
            count + (0..<canvas.width).count { canvas[$0, y].style.role == .searchHit }
        }
        #expect(lit > 0)
    }

    @Test(arguments: sizes)
    func `events and help are lines of words`(size: (Int, Int)) {
        expectGolden(bench(size) { $0.press(.character("e")) }, name("events", size))
        expectGolden(bench(size) { $0.press(.character("?")) }, name("help", size))
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 40)])
    func `dialogs say what goes before they ask`(size: (Int, Int)) {
        expectGolden(
            bench(size) {
                $0.press(.down, .character("d"))
                $0.type("CHG-3 köln")
            },
            name("dialog-down", size)
        )
        expectGolden(
            bench(size) {
                $0.press(.down, .character("d"))
                $0.type("CHG-3")
                $0.press(.enter)
            },
            name("dialog-down-confirm", size)
        )
        expectGolden(bench(size) { $0.press(.down, .character("c")) }, name("dialog-clear", size))
        expectGolden(bench(size) { $0.press(.character("q")) }, name("dialog-quit", size))
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 40)])
    func `the first frame is there before any data`(size: (Int, Int)) {
        var bench = Bench(size.0, size.1) { _ in nil }
        bench.start()
        expectGolden(bench.model.view(), name("empty", size))
    }

    @Test(arguments: [(80, 24), (120, 40)])
    func `a lost speaker leaves the last data with a word about it`(size: (Int, Int)) {
        let canvas = bench(size) {
            $0.send(.connectionLost("the control socket was closed"))
            $0.pass(seconds: 5)
        }
        expectGolden(canvas, name("lost", size))
    }

    @Test(arguments: [(80, 24), (120, 40)])
    func `a filter line shows what can be typed and what was wrong`(size: (Int, Int)) {
        expectGolden(
            bench(size) {
                $0.press(.character("2"), .character("/"))
                $0.type("from nobody")
                $0.press(.enter)
            },
            name("filter-fault", size)
        )
        expectGolden(
            bench(size) {
                $0.press(.character("2"), .character("/"))
                $0.type("in 10.0.0.0/8")
            },
            name("filter", size)
        )
    }

    @Test(arguments: [(80, 24), (120, 40)])
    func `a zoomed pane has the screen`(size: (Int, Int)) {
        expectGolden(
            bench(size) { $0.press(.character("4"), .character("z")) },
            name("zoom-messages", size)
        )
    }

    @Test
    func `the drawn screens survive in ASCII`() {
        let canvas = bench((80, 24)) { _ in }
        #expect(canvas.ascii.text.utf8.allSatisfy { $0 < 0x80 })
    }
}
