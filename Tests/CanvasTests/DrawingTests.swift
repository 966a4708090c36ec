import Canvas
import Testing

@Suite struct DrawingTests {
    @Test func `boxes that share a border are joined, and carry a title and a note`() {
        var canvas = Canvas(size: Size(width: 30, height: 6))
        canvas.box(
            Rect(x: 0, y: 0, width: 30, height: 4),
            title: "1 Neighbors",
            note: "sort state"
        )
        canvas.box(Rect(x: 0, y: 3, width: 30, height: 3), title: "2 RIB", note: "37 %")
        #expect(
            canvas.text == """
                ┌─ 1 Neighbors ─ sort state ─┐
                │                            │
                │                            │
                ├─ 2 RIB ───────────── 37 % ─┤
                │                            │
                └────────────────────────────┘

                """
        )
    }

    @Test func `boxes side by side share their column, and lines meet borders`() {
        var canvas = Canvas(size: Size(width: 9, height: 5))
        canvas.box(Rect(x: 0, y: 0, width: 5, height: 5))
        canvas.box(Rect(x: 4, y: 0, width: 5, height: 5))
        canvas.horizontalLine(x: 0, y: 2, width: 9, style: Style(.border))
        #expect(
            canvas.text == """
                ┌───┬───┐
                │   │   │
                ├───┼───┤
                │   │   │
                └───┴───┘

                """
        )
    }

    @Test(arguments: [
        (30, "┌─ 2 RIB ────── 12 prefixes ─┐"),
        (23, "┌─ 2 RIB ─ 12 prefi… ─┐"), (15, "┌─ 2 RIB ─────┐"), (9, "┌─ 2 … ─┐"),
        (6, "┌────┐"), (2, "┌┐"),
    ])
    func `a note gives way to the title, and the title to the box`(width: Int, top: String) {
        var canvas = Canvas(size: Size(width: width, height: 2))
        canvas.box(canvas.bounds, title: "2 RIB", note: "12 prefixes")
        #expect(canvas.lines.first == top)
    }

    @Test func `text is clipped to its rectangle and the column after it still counts all of it`() {
        var canvas = Canvas(size: Size(width: 10, height: 1))
        let end = canvas.write("abcdef", x: 1, y: 0, in: Rect(x: 3, y: 0, width: 2, height: 1))
        #expect(canvas.lines == ["   cd     "])
        #expect(end == 7)
    }

    @Test func `nothing is drawn outside of the canvas`() {
        var canvas = Canvas(size: Size(width: 3, height: 2))
        canvas.write("xyz", x: -2, y: 0)
        canvas.write("xyz", x: 2, y: 1)
        canvas.write("xyz", x: 0, y: 2)
        canvas.write("xyz", x: 0, y: -1)
        canvas.box(Rect(x: -5, y: -5, width: 20, height: 20), title: "t")
        canvas.fill(Rect(x: 5, y: 5, width: 9, height: 9), style: .text)
        #expect(canvas.lines == ["z  ", "  x"])
    }

    @Test func `a wide character takes two cells, and one cut by an edge is blank`() {
        var canvas = Canvas(size: Size(width: 5, height: 2))
        canvas.write("日本語", x: 0, y: 0)
        canvas.write("日本", x: -1, y: 1)
        #expect(canvas.lines == ["日本 ", " 本  "])
        #expect(canvas[1, 0].isContinuation)
        #expect(!canvas[4, 0].isContinuation)
    }

    @Test func `writing over one half of a wide character blanks the other`() {
        var left = Canvas(size: Size(width: 4, height: 1))
        left.write("日", x: 1, y: 0)
        var right = left
        left.write("a", x: 1, y: 0)
        right.write("b", x: 2, y: 0)
        #expect(left.lines == [" a  "])
        #expect(right.lines == ["  b "])
        right.write("日", x: 0, y: 0)
        right.write("本", x: 1, y: 0)
        #expect(right.lines == [" 本 "])
    }

    @Test func `a laid ground keeps roles, and the marked text shows both`() {
        var canvas = Canvas(size: Size(width: 8, height: 2))
        canvas.write("r1", x: 0, y: 0)
        let end = canvas.write("up", x: 0, y: 1, style: Style(.stateUp))
        canvas.write("x", x: end + 1, y: 1)
        canvas.lay(.selection, under: canvas.bounds.row(1))
        #expect(
            canvas.markedText == """
                |r1
                |up x
                :uu
                _ssssssss
                s selection
                u state.up

                """
        )
    }

    @Test func `every role has a letter of its own`() {
        #expect(Set(Role.allCases.map(\.mark)).count == Role.allCases.count)
    }

    @Test func `a cell is sixteen bytes`() {
        #expect(MemoryLayout<Cell>.stride == 16)
    }
}
