import Foundation
import PseudoTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct WayOutTests {
    @Test func `q gives the terminal back`() throws {
        let terminal = try Demo.started()
        #expect(terminal.screen.isAlternate)
        #expect(terminal.screen.modes[25] == false)
        #expect(!terminal.settingsAreRestored)
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exit(0))
        #expect(terminal.notGivenBack == [])
        #expect(terminal.screen.contains("the demo is over"))
        #expect(terminal.screen.unknown == [])
    }

    @Test(arguments: [(SIGTERM, Ending.exit(0)), (SIGINT, .exit(0)), (SIGHUP, .exit(3))])
    func `a signal to end gives the terminal back and passes the exit status on`(
        number: Int32,
        ending: Ending
    ) throws {
        let terminal = try Demo.started()
        terminal.signal(number)
        #expect(try terminal.waitForExit() == ending)
        #expect(terminal.notGivenBack == [])
    }

    @Test(arguments: [SIGSEGV, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGQUIT, SIGKILL])
    func `a program killed by a signal gives the terminal back, and its parent dies of the same`(
        number: Int32
    ) throws {
        let terminal = try Demo.started()
        terminal.signalDrawer(number)
        #expect(try terminal.waitForExit() == .signal(number))
        #expect(terminal.notGivenBack == [])
    }

    @Test(arguments: ["--no-parent", "--parent"])
    func `a crash gives the terminal back, also without a parent`(option: String) throws {
        for (key, number) in [("s", SIGSEGV), ("a", SIGABRT), ("f", SIGILL), ("b", SIGSEGV)] {
            let terminal = try Demo.started(option)
            terminal.send(key)
            let ending = try terminal.waitForExit()
            #expect(
                ending == .signal(number) || (key == "f" && ending == .signal(SIGTRAP)),
                "\(key)"
            )
            #expect(terminal.notGivenBack == [], "\(key)")
        }
    }

    @Test func `what fatalError says stands on the normal screen`() throws {
        let terminal = try Demo.started(width: 120)
        terminal.send("f")
        _ = try terminal.waitForExit()
        #expect(terminal.screen.contains("Fatal error: asked to crash"))
    }

    @Test func `a warning on standard error does not tear the picture and is shown afterwards`()
        throws
    {
        let terminal = try Demo.started()
        terminal.send("w")
        try terminal.wait(forText: "character(\"w\")")
        #expect(!terminal.screen.contains("a warning"))
        terminal.send("q")
        _ = try terminal.waitForExit()
        #expect(terminal.screen.contains("a warning of a library"))
    }

    @Test func `SIGKILL of the parent ends the program in order`() throws {
        let terminal = try Demo.started()
        terminal.signal(SIGKILL)
        #expect(try terminal.waitForExit() == .signal(SIGKILL))
        try terminal.wait(for: "the normal screen") { $0.leftovers.isEmpty }
        try terminal.wait(forText: "the demo is over")
        #expect(terminal.notGivenBack == [])
    }

    @Test func `^Z gives the terminal to the shell and fg takes it again`() throws {
        let shell = try PseudoTerminal(
            ["/bin/dash", "-i"],
            environment: ["PS1": "ready> ", "ENV": ""]
        )
        try shell.wait(forText: "ready> ")
        shell.send("\(try Demo.path())\r")
        try shell.wait(forText: "80x24")
        shell.press(.control("z"))
        try shell.wait(for: "the shell") { !$0.isAlternate && $0.contains("Stopped") }
        #expect(shell.notGivenBack == [])
        shell.send("fg\r")
        try shell.wait(forText: "resumed")
        #expect(shell.screen.isAlternate && shell.screen.contains("80x24"))
        #expect(shell.screen.modes[2004] == true && shell.screen.modes[1] == true)
        shell.press(.down)
        try shell.wait(forText: "key down")
        shell.send("q")
        try shell.wait(for: "the shell") { !$0.isAlternate && $0.contains("the demo is over") }
        #expect(shell.notGivenBack == [])
    }

    @Test func `a program that was stopped from outside takes its screen again`() throws {
        let terminal = try Demo.started("--no-parent")
        terminal.signal(SIGSTOP)
        terminal.signal(SIGCONT)
        try terminal.wait(forText: "resumed")
        #expect(terminal.screen.isAlternate)
        terminal.send("q")
        _ = try terminal.waitForExit()
        #expect(terminal.notGivenBack == [])
    }

    @Test func `a program that leaves the screen goes on in the background`() throws {
        try Demo.withTemporaryFile { file in
            let terminal = try Demo.started("--stay", file)
            let program = terminal.drawer
            terminal.send("d")
            #expect(try terminal.waitForExit() == .exit(0))
            #expect(terminal.notGivenBack == [])
            #expect(terminal.screen.contains("the demo goes on"))
            #expect(try Demo.content(of: file) == "alive \(program)\n")
        }
    }

    @Test func `a lost terminal does not end the program`() throws {
        try Demo.withTemporaryFile { file in
            let terminal = try Demo.started("--stay", file)
            let program = terminal.drawer
            terminal.hangUp()
            #expect(try terminal.waitForExit() == .exit(0))
            #expect(try Demo.content(of: file) == "alive \(program)\n")
        }
    }
}
