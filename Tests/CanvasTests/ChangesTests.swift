import Canvas
import Testing

@Suite struct ChangesTests {
    private func canvas(_ text: String, style: Style = .text) -> Canvas {
        var canvas = Canvas(size: Size(width: 10, height: 1))
        canvas.write(text, x: 0, y: 0, style: style)
        return canvas
    }

    @Test func `an equal canvas has no changes`() {
        #expect(canvas("abc").changes(since: canvas("abc")).isEmpty)
    }

    @Test func `everything has changed without a canvas before, or one of another size`() {
        let all = [ChangedRun(y: 0, columns: 0..<10)]
        #expect(canvas("abc").changes(since: nil) == all)
        #expect(canvas("abc").changes(since: Canvas(size: Size(width: 9, height: 1))) == all)
        #expect(Canvas(size: Size(width: 0, height: 0)).changes(since: nil).isEmpty)
    }

    @Test func `changed cells make runs in reading order`() {
        #expect(
            canvas("aXcYZ").changes(since: canvas("abcde"))
                == [ChangedRun(y: 0, columns: 1..<2), ChangedRun(y: 0, columns: 3..<5)]
        )
    }

    @Test func `another style is a change`() {
        #expect(
            canvas("a", style: Style(.dim)).changes(since: canvas("a"))
                == [ChangedRun(y: 0, columns: 0..<1)]
        )
    }

    @Test func `a wide character is drawn whole, and what it covered or uncovers is drawn`() {
        let wide = [ChangedRun(y: 0, columns: 0..<2)]
        #expect(canvas("日").changes(since: canvas("本")) == wide)
        #expect(canvas("日").changes(since: canvas("ab")) == wide)
        #expect(canvas("ab").changes(since: canvas("日")) == wide)
        #expect(canvas("a").changes(since: canvas("日")) == wide)
        #expect(canvas("a日").changes(since: canvas("日b")) == [ChangedRun(y: 0, columns: 0..<3)])
    }

    @Test func `a run that would begin in a wide character begins before it`() {
        var before = canvas("日")
        before.change(Rect(x: 1, y: 0, width: 1, height: 1)) { $0.ground = .selection }
        #expect(canvas("日").changes(since: before) == [ChangedRun(y: 0, columns: 0..<2)])
    }
}
