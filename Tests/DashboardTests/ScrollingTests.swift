import Addressing
import Canvas
import Control
import Testing

@testable import Dashboard

@Suite
struct ScrollingTests {
    private func bench(_ speaker: ManyRoutes) -> Bench {
        var bench = Bench(120, 40) { speaker.answer($0) }
        bench.start()
        bench.press(.character("2"))
        return bench
    }

    private func limits(_ questions: [Question]) -> [UInt32] {
        questions.compactMap { question in
            guard case .ribPage(let request) = question else { return nil }
            return request.limit
        }
    }

    @Test
    func `only the rows around the view are asked for, however many there are`() {
        var bench = bench(ManyRoutes(count: 1_000_000))
        for _ in 0..<200 { bench.press(.pageDown) }
        bench.press(.end, .pageUp, .home, .pageDown)
        let height = bench.model.rib.window.height
        #expect(limits(bench.asked).allSatisfy { $0 <= UInt32(2 * height + 2) })
        #expect(bench.model.rib.window.rows.count <= 8 * height)
    }

    @Test
    func `a page is a page, there and back`() {
        var bench = bench(ManyRoutes(count: 1_000_000))
        let height = bench.model.rib.window.height
        for _ in 0..<50 { bench.press(.pageDown) }
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(50 * height))
        for _ in 0..<60 { bench.press(.pageUp) }
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(0))
        for _ in 0..<3 { bench.press(.down) }
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(3))
    }

    @Test
    func `a key moves at once, also while nothing is answered, and no key is lost`() {
        var bench = bench(ManyRoutes(count: 100_000))
        let height = bench.model.rib.window.height
        bench.answersAtOnce = false
        let before = bench.lines
        bench.press(.down)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(1))
        #expect(bench.model.view().markedStyles != before.joined())
        for _ in 0..<10 { bench.press(.pageDown) }
        #expect(bench.open.count == 1)
        for _ in 0..<20 { bench.answerOpen() }
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(1 + 10 * height))
    }

    @Test(arguments: [("37%", 37_000), ("10.1.0.0/24", 256), ("10.1.0.77", 257), ("100 %", 99_999)])
    func `typing a prefix or a share goes there`(text: String, index: Int) {
        var bench = bench(ManyRoutes(count: 100_000))
        bench.press(.character("z"))
        let first = text.first ?? "1"
        bench.press(.character(first))
        bench.type(String(text.dropFirst()))
        bench.press(.enter)
        let selected = bench.model.rib.window.selected?.prefix
        #expect(selected == ManyRoutes.prefix(index) || text == "100 %")
        #expect(bench.model.prompt == nil)
    }

    @Test
    func `the ends of the table are one key away`() {
        var bench = bench(ManyRoutes(count: 100_000))
        bench.press(.character("G"))
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(99_999))
        bench.press(.character("g"))
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(0))
    }

    @Test
    func `the selection stays on its route while routes come and go`() {
        var speaker = ManyRoutes(count: 1_000)
        var bench = bench(speaker)
        for _ in 0..<4 { bench.press(.down) }
        let line = bench.model.rib.window.cursor - bench.model.rib.window.top
        #expect(line == 4)
        speaker.missing = [1, 2]
        speaker.overview.ribGeneration += 1
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(4))
        speaker.missing = [1, 2, 4]
        speaker.overview.ribGeneration += 1
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(5))
    }

    @Test
    func `at the start of a table that fills the first route is on screen`() {
        var speaker = ManyRoutes(count: 1_000)
        speaker.missing = [0, 1, 2]
        var bench = bench(speaker)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(3))
        speaker.missing = []
        speaker.overview.ribGeneration += 1
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.rib.window.visible.first?.prefix == ManyRoutes.prefix(0))
        bench.press(.down)
        speaker.missing = [0]
        speaker.overview.ribGeneration += 1
        bench.answer = { [speaker] in speaker.answer($0) }
        bench.send(.tick)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(1))
    }

    @Test
    func `a table that did not change is not asked again`() {
        var bench = bench(ManyRoutes(count: 1_000))
        bench.asked = []
        for _ in 0..<10 { bench.send(.tick) }
        #expect(bench.asked == Array(repeating: OverviewRequest().question, count: 10))
    }

    @Test
    func `the wheel scrolls what is under it`() {
        var bench = bench(ManyRoutes(count: 1_000))
        bench.send(.screen(.mouse(MouseEvent(.wheelDown, at: Point(x: 10, y: 15)))))
        #expect(bench.model.rib.window.top == 3)
        #expect(bench.model.rib.window.selected?.prefix == ManyRoutes.prefix(3))
    }
}

extension Canvas {
    /// The rows with their styles, to tell whether anything on screen changed.
    fileprivate var markedStyles: String { markedText }
}
