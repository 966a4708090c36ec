import Canvas
import Testing

@Suite struct InputTests {
    @Test func `presses that follow quickly on one cell are counted`() {
        var counter = ClickCounter(interval: .milliseconds(400))
        let here = Point(x: 3, y: 4)
        #expect(counter.press(.left, at: here, time: .zero) == 1)
        #expect(counter.press(.left, at: here, time: .milliseconds(400)) == 2)
        #expect(counter.press(.left, at: here, time: .milliseconds(801)) == 1)
        #expect(counter.press(.right, at: here, time: .milliseconds(802)) == 1)
        #expect(counter.press(.right, at: Point(x: 3, y: 5), time: .milliseconds(803)) == 1)
    }

    @Test func `rectangles meet in what lies in both`() {
        let rect = Rect(x: 2, y: 2, width: 6, height: 4)
        #expect(
            rect.intersection(Rect(x: 0, y: 3, width: 4, height: 9))
                == Rect(x: 2, y: 3, width: 2, height: 3)
        )
        #expect(rect.intersection(Rect(x: 8, y: 2, width: 1, height: 1)).isEmpty)
        #expect(rect.inset(columns: 1, rows: 1) == Rect(x: 3, y: 3, width: 4, height: 2))
        #expect(rect.row(3) == Rect(x: 2, y: 5, width: 6, height: 1))
        #expect(rect.row(4).isEmpty)
        #expect(rect.contains(Point(x: 7, y: 5)) && !rect.contains(Point(x: 8, y: 5)))
    }
}
