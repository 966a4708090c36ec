import CTermGuard
import Canvas
import Glibc
import Terminal

/// A small program on the full screen, for the tests of the way out: it shows what it gets.
///
/// `TerminalDemo [--no-parent] [--stay FILE]`; keys: `q` leaves, `f` fatalError, `s` reads a bad
/// address, `a` aborts, `b` overflows the stack, `w` warns on standard error, `t` wakes from another
/// thread, `g` draws without end, `d` leaves and goes on in the background. With `--stay` it goes on
/// after a hangup too; FILE says how it went.
@main
struct TerminalDemo {
    static func main() {
        let arguments = CommandLine.arguments
        if !arguments.contains("--no-parent") { _ = cg_supervise() }
        do {
            let terminal = try Terminal()
            var demo = Demo(terminal: terminal, stayFile: value(of: "--stay", in: arguments))
            demo.run()
        } catch {
            print("demo: \(error)")
            exit(2)
        }
    }

    private static func value(of option: String, in arguments: [String]) -> String? {
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else {
            return nil
        }
        return arguments[index + 1]
    }
}

struct Demo {
    let terminal: Terminal
    let stayFile: String?
    var log: [String] = []
    var wakes = 0

    mutating func run() {
        while true {
            terminal.present(draw())
            let events = terminal.events(timeout: nil)
            if events.isEmpty, wakes > 0 {
                log.append("woken")
                wakes = 0
            }
            for event in events {
                log.append("\(log.count + 1) \(describe(event))")
                switch event {
                case .suspend: terminal.suspend()
                case .terminate: leave(status: 0)
                case .hangup: hangUp()
                case .key(.character(let character)): act(character)
                case .key(.control("l")): terminal.redraw()
                default: break
                }
            }
        }
    }

    private mutating func act(_ character: Character) {
        switch character {
        case "q": leave(status: 0)
        case "f": fatalError("asked to crash")
        case "s": crash()
        case "a": abort()
        case "b": print(overflow(1))
        case "w": fputs("a warning of a library\n", stderrFile())
        case "t":
            wakes = 1
            Task.detached { Terminal.wake() }
        case "g": flood()
        case "d":
            terminal.close()
            print("the demo goes on")
            fflush(nil)
            stay()
        default: break
        }
    }

    private func leave(status: Int32) -> Never {
        terminal.close()
        print("the demo is over")
        fflush(nil)
        exit(status)
    }

    private func hangUp() {
        guard stayFile != nil else { leave(status: 3) }
        terminal.close()
        stay()
    }

    /// Goes on without a terminal, until the test has seen it.
    private func stay() -> Never {
        let detached = cg_detach()
        report("\(detached == 0 ? "alive" : "not detached") \(getpid())")
        exit(0)
    }

    /// Draws far more than a terminal takes that does not read, and writes how long that took.
    private func flood() {
        let start = ContinuousClock.now
        for number in 0..<500 {
            var canvas = Canvas(size: terminal.size)
            let digit = Unicode.Scalar(UInt8(48 + number % 10))
            canvas.fill(canvas.bounds, with: digit, style: Style(.stateUp, on: .selection))
            canvas.cursor = Point(x: 0, y: 0)
            terminal.present(canvas)
        }
        report(
            "\(terminal.isBusy ? "busy" : "idle") after \((ContinuousClock.now - start) / .milliseconds(1))"
        )
    }

    private func report(_ line: String) {
        guard let stayFile, let file = fopen(stayFile, "w") else { return }
        fputs(line + "\n", file)
        fclose(file)
    }

    private func crash() {
        let address = UnsafeMutablePointer<Int>(bitPattern: 16)
        address?.pointee = 1
    }

    private func overflow(_ depth: Int) -> Int {
        depth == Int.max ? 0 : overflow(depth + 1) + Int.random(in: 0...1)
    }

    private func stderrFile() -> UnsafeMutablePointer<FILE>? {
        fdopen(2, "w")
    }

    private func describe(_ event: ScreenEvent) -> String {
        switch event {
        case .key(let key): "key \(key)"
        case .mouse(let mouse): "mouse \(mouse.action) at \(mouse.position.x),\(mouse.position.y)"
        case .paste(let text): "paste \(text)"
        case .focusGained: "focus gained"
        case .focusLost: "focus lost"
        case .resize(let size): "resize \(size.width)x\(size.height)"
        case .suspend: "suspend"
        case .resumed: "resumed"
        case .hangup: "hangup"
        case .terminate: "terminate"
        }
    }

    private func draw() -> Canvas {
        var canvas = Canvas(size: terminal.size)
        canvas.box(
            canvas.bounds,
            title: "Demo",
            note: "\(terminal.size.width)x\(terminal.size.height)"
        )
        canvas.write("● up", x: 2, y: 1, style: Style(.stateUp))
        canvas.write("✗ down", x: 10, y: 1, style: Style(.stateDown))
        canvas.write("日本語 e\u{301} ok", x: 20, y: 1)
        canvas.write("row", x: 40, y: 1, style: Style(.text, on: .selection))
        for (row, line) in log.suffix(max(0, terminal.size.height - 4)).enumerated() {
            canvas.write(line, x: 2, y: 2 + row, in: canvas.bounds.inset(columns: 1, rows: 1))
        }
        return canvas
    }
}
