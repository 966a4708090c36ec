import Foundation
import PseudoTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct ScreenTests {
    @Test(arguments: [
        (TypedKey.up, "key up"), (.down, "key down"), (.left, "key left"), (.right, "key right"),
        (.home, "key home"), (.end, "key end"), (.pageUp, "key pageUp"),
        (.pageDown, "key pageDown"), (.enter, "key enter"), (.tab, "key tab"),
        (.backTab, "key backTab"), (.escape, "key escape"), (.backspace, "key backspace"),
        (.function(1), "key function(1)"), (.function(5), "key function(5)"),
        (.function(10), "key function(10)"), (.control("l"), "key control(\"l\")"),
    ])
    func `keys arrive by name`(key: TypedKey, shown: String) throws {
        let terminal = try Demo.started()
        terminal.press(key)
        try terminal.wait(forText: "1 \(shown)")
        terminal.send("x")
        try terminal.wait(forText: "2 key character(\"x\")")
    }

    @Test func `arrows arrive also in the mode that the terminal did not leave`() throws {
        let terminal = try Demo.started()
        terminal.send("\u{1B}[A\u{1B}OB")
        try terminal.wait(forText: "1 key up")
        try terminal.wait(forText: "2 key down")
    }

    @Test func `characters of other scripts arrive whole`() throws {
        let terminal = try Demo.started()
        terminal.send("é日")
        try terminal.wait(forText: "1 key character(\"é\")")
        try terminal.wait(forText: "2 key character(\"日\")")
    }

    @Test func `Escape alone is answered at once`() throws {
        let terminal = try Demo.started(environment: ["ESCDELAY": "3000"])
        let start = ContinuousClock.now
        terminal.press(.escape)
        try terminal.wait(forText: "key escape")
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test func `a pasted q is text`() throws {
        let terminal = try Demo.started()
        terminal.send("\u{1B}[200~q\u{1B}[A日\rq\u{1B}[201~")
        try terminal.wait(forText: "paste q")
        terminal.send("x")
        try terminal.wait(forText: "2 key character(\"x\")")
    }

    @Test(arguments: [
        ("\u{1B}[<0;11;6M", "mouse press(Canvas.MouseButton.left) at 10,5"),
        ("\u{1B}[<2;1;1m", "mouse release(Canvas.MouseButton.right) at 0,0"),
        ("\u{1B}[<32;300;90M", "mouse drag(Canvas.MouseButton.left) at 299,89"),
        ("\u{1B}[<64;3;4M", "mouse wheelUp at 2,3"), ("\u{1B}[<65;3;4M", "mouse wheelDown at 2,3"),
        ("\u{1B}[I", "focus gained"), ("\u{1B}[O", "focus lost"),
    ])
    func `mouse and focus are reported`(bytes: String, shown: String) throws {
        for name in ["xterm-256color", "tmux-256color"] {
            let terminal = try Demo.started(environment: ["TERM": name])
            terminal.send(bytes)
            try terminal.wait(forText: "1 \(shown)")
            terminal.send("x")
            try terminal.wait(forText: "2 key character(\"x\")")
        }
    }

    @Test func `the screen follows the size of the window, without garbage`() throws {
        let terminal = try Demo.started()
        terminal.resize(width: 40, height: 12)
        try terminal.wait(for: "40x12") { $0.lines[0].hasSuffix(" 40x12 ─┐") }
        try terminal.wait(for: "the border") { $0.lines[11].hasSuffix("─┘") }
        terminal.resize(width: 100, height: 30)
        try terminal.wait(for: "100x30") { $0.lines[0].hasSuffix(" 100x30 ─┐") }
        try terminal.wait(for: "the border") { $0.lines[29].hasSuffix("─┘") }
        #expect(
            terminal.screen.lines[5..<28].allSatisfy { $0.hasPrefix("│  ") && $0.hasSuffix(" │") }
        )
        terminal.send("q")
        _ = try terminal.waitForExit()
        #expect(terminal.notGivenBack == [])
    }

    @Test func `one key sends few bytes in one frame, and idle sends none`() throws {
        let terminal = try Demo.started(width: 120, height: 40)
        #expect(terminal.screen.modes[2026] == nil, "the first frame does not wait for the answer")
        terminal.drain()
        let before = terminal.output.count
        terminal.press(.down)
        try terminal.wait(forText: "key down")
        terminal.drain()
        let frame = Array(terminal.output[before...])
        #expect(frame.count < 80)
        #expect(frame.starts(with: Array("\u{1B}[?2026h".utf8)))
        #expect(frame.suffix(8) == Array("\u{1B}[?2026l".utf8)[...])
        #expect(terminal.drain(gap: .milliseconds(300)) == 0)
    }

    @Test func `another thread wakes the one that sleeps`() throws {
        let terminal = try Demo.started()
        terminal.send("t")
        try terminal.wait(forText: "woken")
    }

    @Test func `a terminal that does not read never stops the program, and gets the newest screen`()
        throws
    {
        try Demo.withTemporaryFile { file in
            let terminal = try Demo.started("--stay", file, width: 200, height: 60)
            terminal.send("g")
            let report = try #require(try Demo.content(of: file))
            #expect(report.hasPrefix("busy after "))
            try terminal.wait(forText: "1 key character(\"g\")")
            try terminal.wait(for: "no trace of the flood") { $0.lines[30].hasPrefix("│    ") }
            #expect(terminal.output.count < 200_000)
            terminal.send("q")
            #expect(try terminal.waitForExit() == .exit(0))
            #expect(terminal.notGivenBack == [])
        }
    }

    @Test func `^L draws everything anew`() throws {
        let terminal = try Demo.started()
        terminal.drain()
        let before = terminal.output.count
        terminal.press(.control("l"))
        try terminal.wait(forText: "key control")
        terminal.drain()
        #expect(terminal.output.count - before > 500)
    }

    @Test func `without an answer about synchronized update there are no marks`() throws {
        let terminal = try Demo.started(answers: false)
        terminal.press(.down)
        try terminal.wait(forText: "key down")
        #expect(terminal.screen.modes[2026] == nil)
    }

    @Test(arguments: [
        ("xterm-256color", 16...255), ("tmux-256color", 16...255), ("screen-256color", 16...255),
        ("linux", 2...2), ("vt100", -1 ... -1),
    ])
    func `each terminal shows the picture with what it has`(
        name: String,
        colors: ClosedRange<Int>
    ) throws {
        let terminal = try Demo.started(environment: ["TERM": name])
        #expect(terminal.screen.lines[1].hasPrefix("│ ● up    ✗ down    日本語 e\u{301} ok"))
        let up = terminal.screen.style(x: 2, y: 1)
        let selected = terminal.screen.style(x: 40, y: 1)
        #expect(colors.contains(up.foreground))
        #expect(up.background == -1)
        #expect(selected.background >= 0 || selected.reverse)
        #expect(terminal.screen.unknown == [])
        terminal.send("q")
        _ = try terminal.waitForExit()
        #expect(terminal.notGivenBack == [])
    }

    @Test func `vt100 gets none of what it does not know`() throws {
        let terminal = try Demo.started(environment: ["TERM": "vt100"])
        terminal.send("q")
        _ = try terminal.waitForExit()
        #expect(Set(terminal.screen.modes.keys).isSubset(of: [1, 3, 4, 5, 6, 7, 8]))
    }

    @Test func `NO_COLOR is obeyed`() throws {
        let terminal = try Demo.started(environment: ["NO_COLOR": "1"])
        #expect(terminal.screen.style(x: 2, y: 1).foreground == -1)
        #expect(terminal.screen.style(x: 40, y: 1).reverse)
    }

    @Test func `in a locale that is not UTF-8 everything is ASCII`() throws {
        let terminal = try Demo.started(environment: ["LANG": "C"])
        #expect(terminal.screen.lines[1].hasPrefix("| * up    x down    ?????? e ok"))
        #expect(terminal.output.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
        ("dumb", "cannot place its cursor"), ("no-such-terminal", "terminfo knows no terminal"),
        ("", "TERM is not set"),
    ])
    func `a terminal that cannot show it is refused in a sentence`(name: String, says: String)
        throws
    {
        let terminal = try PseudoTerminal(
            [try Demo.path()],
            width: 120,
            environment: ["TERM": name]
        )
        #expect(try terminal.waitForExit() == .exit(2))
        #expect(terminal.screen.contains("demo: "))
        #expect(terminal.screen.contains(says))
        #expect(terminal.notGivenBack == [])
        #expect(terminal.output.count < 150)
    }
}
