import Canvas
import Glibc
import Testing

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("≠●✗▲▁█…│", 8), ("한국", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("ｗ", 2), ("\u{FE0F}x", 1), ("\u{1F600}", 2),
        ("\t", 1), ("a\u{1B}[31mb", 7),
    ])
    func `text is as wide as its cells`(text: String, width: Int) {
        #expect(TextWidth.of(text) == width)
    }

    @Test(arguments: [
        ("a\u{1B}[2J", "a\u{FFFD}[2J"),
        ("x\u{202E}y\u{200B}", "x\u{FFFD}y\u{FFFD}"),
        ("line\r\nnext", "line\u{FFFD}\u{FFFD}next"),
        ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}!", "\u{1F468}\u{FFFD}!"),
        ("\u{1F44D}\u{1F3FD}.", "\u{1F44D}\u{FFFD}."),
        ("\u{1F1E9}\u{1F1EA}", "DE"),
        ("❤\u{FE0F}x", "❤x"),
        ("\u{301}a", "\u{FFFD}a"),
        ("a\u{301}\u{302}\u{303}\u{304}b", "a\u{301}\u{302}\u{303}b"),
    ])
    func `what terminals disagree about or obey is not sent to them`(text: String, shown: String) {
        var canvas = Canvas(size: Size(width: 12, height: 1))
        canvas.write(text, x: 0, y: 0)
        #expect(canvas.text == shown + "\n")
    }

    /// In the ranges that people write; elsewhere libc has tables of another Unicode version.
    @Test func `our widths are those of libc`() throws {
        let locale = try #require(newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil))
        let before = uselocale(locale)
        defer {
            uselocale(before)
            freelocale(locale)
        }
        var compared = 0
        var differing: [String] = []
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x3247, 0x3250...0x4DBF, 0x4E00...0xD7FF, 0xE000...0xFDFF, 0xFF00...0xFFEF,
            0x1F300...0x1F3FA, 0x1F400...0x1F64F, 0x20000...0x2A6DF,
        ]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value), !TextWidth.isHidden(scalar) else { continue }
            let theirs = Int(libcWidth(wchar_t(value)))
            guard theirs >= 0 else { continue }
            compared += 1
            if TextWidth.of(scalar) != theirs { differing.append(String(value, radix: 16)) }
        }
        #expect(compared > 60_000)
        #expect(differing == [])
    }

    @Test(arguments: [
        ("203.0.113.0/24", 14, "203.0.113.0/24"), ("203.0.113.0/24", 8, "203.0.1…"),
        ("abc", 1, "…"), ("abc", 0, ""), ("日本語", 4, "日…"), ("日本語", 5, "日本…"),
    ])
    func `text is cut at its end`(text: String, width: Int, cut: String) {
        #expect(text.cut(to: width) == cut)
    }

    @Test(arguments: [
        ("65002 3356 13335", 11, "65002…13335"), ("65002 3356 13335", 10, "6500…13335"),
        ("日本語", 4, "…語"),
    ])
    func `text is cut in its middle`(text: String, width: Int, cut: String) {
        #expect(text.cut(to: width, at: .middle) == cut)
    }

    @Test func `text is fitted to its column on either side`() {
        #expect("ab".fitted(to: 4) == "ab  ")
        #expect("ab".fitted(to: 4, alignment: .right) == "  ab")
        #expect("日本語".fitted(to: 4) == "日… ")
    }

    @Test func `in ASCII every column keeps its place`() {
        var canvas = Canvas(size: Size(width: 24, height: 2))
        canvas.box(canvas.bounds, title: "é")
        canvas.write("●✗▲≠▁▂▃▄▅▆▇█… 日e\u{301}", x: 1, y: 1)
        #expect(canvas.ascii.lines == ["+- ? ------------------+", "+*x^!.,:-=+*#. ??e-----+"])
    }
}

@_silgen_name("wcwidth") private func libcWidth(_ character: wchar_t) -> Int32
