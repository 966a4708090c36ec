import Canvas
import Control
import Testing

@testable import Dashboard

@Suite
struct OverviewTests {
    @Test(arguments: [(120, 40), (80, 24)])
    func `the overview is as the specification draws it`(width: Int, height: Int) {
        var bench = Bench(width, height)
        bench.start()
        expectGolden(bench.model.view(), "overview-\(width)x\(height)", isDrawing: true)
    }

    @Test(arguments: [(60, 15), (200, 60), (100, 30), (48, 12), (30, 6)])
    func `the overview is sensible at any size`(width: Int, height: Int) {
        var bench = Bench(width, height)
        bench.start()
        expectGolden(bench.model.view(), "overview-\(width)x\(height)")
    }
}
