import Addressing
import Control
import Testing

@testable import peerglass

@Suite struct `The words of a command line` {
    private func parse(_ line: String) throws(CommandLineFault) -> Invocation {
        try CommandLineParser.parse(line.split(separator: " ").map(String.init))
    }

    private func complaint(_ line: String) -> String? {
        do {
            _ = try parse(line)
            return nil
        } catch {
            switch error {
            case .options: return "options"
            case .words(let fault): return fault.text
            }
        }
    }

    @Test(arguments: ["s su", "sh summary", "show", "-s /tmp/x show summ"])
    func `words may be shortened to an unambiguous prefix`(line: String) throws {
        guard case .show(.summary(.table), _) = try parse(line) else {
            Issue.record("\(line) is no summary")
            return
        }
    }

    @Test func `nothing at all means attach or run`() throws {
        #expect(try parse("") == .attachOrRun(RunOptions()))
        let options = RunOptions(configurationPath: "/tmp/a.conf", isHeadless: true)
        #expect(try parse("--headless -f /tmp/a.conf") == .attachOrRun(options))
    }

    @Test func `run takes all its options`() throws {
        let options = RunOptions(
            configurationPath: "c",
            isHeadless: true,
            socketPath: "s",
            theme: "glass",
            leavesKernelAlone: true,
            definitions: [
                Definition(name: "ASN", value: "65001"), Definition(name: "A", value: ""),
            ]
        )
        let line = "run -f c --headless --socket s --theme glass --no-fib -D ASN=65001 -D A="
        #expect(try parse(line) == .run(options))
    }

    @Test func `attach, check and lab take theirs`() throws {
        #expect(
            try parse("attach --socket s --read-only")
                == .attach(AttachOptions(socketPath: "s", isReadOnly: true))
        )
        #expect(
            try parse("check -v -f c")
                == .check(CheckOptions(configurationPath: "c", isVerbose: true))
        )
        #expect(try parse("lab --keep d") == .lab(LabOptions(keptDirectory: "d")))
    }

    @Test func `a query takes its format and its socket from anywhere in the line`() throws {
        let options = QueryOptions(socketPath: "p", format: .json, isNumeric: true)
        #expect(try parse("-j show -n summary -s p") == .show(.summary(.table), options))
    }

    @Test func `help and version are answers, not faults`() throws {
        #expect(try parse("--version") == .version)
        #expect(try parse("--help") == .help(CommandLineParser.help))
        guard case .help(let text) = try parse("check --help") else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("USAGE: peerglass check"))
    }

    @Test(arguments: ["--colour", "run --hedless", "check show --headless", "run -D x"])
    func `a wrong option is a fault of options`(line: String) {
        #expect(complaint(line) == "options")
    }

    @Test func `an unknown word is answered with the choices`() {
        #expect(
            complaint("show zzz") == """
                unknown argument: zzz
                valid commands/args:
                  <cr>
                  fib
                  log
                  neighbor
                  rib
                  summary
                  what-if
                """
        )
    }

    @Test func `show rib lists what it can filter by`() {
        #expect(
            complaint("show rib zzz") == """
                unknown argument: zzz
                valid commands/args:
                  <cr>
                  after <prefix>
                  as <as-number>
                  avs
                  best
                  community <community>
                  detail
                  disqualified
                  empty-as
                  error
                  ext-community <subtype> <value>
                  filtered
                  in
                  large-community <large-community>
                  leaked
                  limit <number>
                  malformed
                  memory
                  neighbor
                  nexthop <address>
                  not
                  origin-as <as-number>
                  out
                  ovs
                  path <pattern>
                  path-id <number>
                  peer-as <as-number>
                  refused
                  selected
                  source-as <as-number>
                  ssv
                  transit-as <as-number>
                  why
                  [ inet | inet6 | IPv4 | IPv6 ]
                  <address>[/<len>]
                """
        )
    }

    @Test func `a missing, an ambiguous and a superfluous word are told apart`() {
        #expect(
            complaint("neighbor r2")?.hasPrefix("missing argument:\nvalid commands/args:\n") == true
        )
        #expect(complaint("show rib s")?.hasPrefix("ambiguous argument: s\n") == true)
        #expect(complaint("show summary terse x") == "superfluous argument: x")
        #expect(complaint("show rib in out") == "superfluous argument: out")
    }

    @Test func `an action carries its reason`() throws {
        #expect(
            try parse("n r2 down maintenance CHG1")
                == .neighbor(
                    NeighborActionRequest(.descr("r2"), .down(reason: "maintenance CHG1")),
                    QueryOptions()
                )
        )
        #expect(
            try parse("neighbor group up up")
                == .neighbor(NeighborActionRequest(.group("up"), .up), QueryOptions())
        )
        #expect(
            complaint("neighbor r2 down " + String(repeating: "x", count: 256))?.contains("255")
                == true
        )
    }

    @Test func `filters of show rib come in any order`() throws {
        let prefix = try #require(IPPrefix(text: "10.0.0.0/8"))
        var command = RIBCommand()
        command.table = .adjRIBIn
        command.form = .semicolons
        command.filter = RIBFilter([
            .neighbor(.descr("r2")), .prefix(.orLonger(prefix)),
            .asPath(.source(ASNumber(65002))), .originValidation(.invalid),
            .community(.standard(65002, nil)), .community(.large(1, nil, 3)), .family(.ipv4),
        ])
        let line =
            "show rib ssv neighbor r2 10.0.0.0/8 or-longer source-as 65002 ovs inv"
            + " community 65002:* large-community 1:*:3 inet in detail"
        #expect(try parse(line) == .show(.rib(command), QueryOptions()))
    }

    @Test func `show rib why, not, path, limit and after`() throws {
        var command = RIBCommand()
        command.form = .why
        command.limit = 60
        command.after = IPPrefix(text: "10.0.0.0/8")
        let inner = try #require(IPPrefix(text: "10.1.0.0/16"))
        command.filter = RIBFilter(
            [
                .pathPattern(try ASPathPattern("_3356$")),
                .community(.extended(subtype: "rt", value: "65002:*")),
            ],
            not: [.asPath(.anywhere(ASNumber(174))), .prefix(.orLonger(inner))]
        )
        let line =
            "show rib why path _3356$ ext-community rt 65002:* not as 174 not 10.1.0.0/16"
            + " limit 60 after 10.0.0.0/8"
        #expect(try parse(line) == .show(.rib(command), QueryOptions()))
        #expect(
            complaint("show rib path (3356")
                == "path \"(3356\": there is no ) to this ("
        )
        #expect(complaint("show rib in why") == "superfluous argument: why")
        #expect(complaint("show rib not")?.hasPrefix("missing argument:") == true)
        #expect(complaint("show rib limit 0")?.hasPrefix("unknown argument: 0") == true)
    }

    @Test func `show what-if takes a neighbor, what happens to it, and whether to list`() throws {
        #expect(
            try parse("show what-if r2 down")
                == .show(
                    .whatIf(WhatIfCommand(neighbor: .descr("r2"), change: .down)),
                    QueryOptions()
                )
        )
        let address = try #require(IPAddress(text: "10.9.12.2"))
        #expect(
            try parse("s w 10.9.12.2 up list")
                == .show(
                    .whatIf(
                        WhatIfCommand(
                            neighbor: .address(address),
                            change: .up,
                            listsPrefixes: true
                        )
                    ),
                    QueryOptions()
                )
        )
    }

    @Test func `an extent stands only behind a prefix`() {
        #expect(complaint("show rib or-longer")?.hasPrefix("unknown argument: or-longer") == true)
        #expect(complaint("show rib 10.0.0.1 all")?.hasPrefix("unknown argument: all") == true)
    }

    @Test func `show neighbor takes a name and a form`() throws {
        let address = try #require(IPAddress(text: "10.9.12.2"))
        #expect(
            try parse("show neighbor 10.9.12.2 ti")
                == .show(.neighbor(.address(address), .timers), QueryOptions())
        )
        #expect(
            try parse("show neighbor t") == .show(.neighbor(.descr("t"), .messages), QueryOptions())
        )
        #expect(
            try parse("show neighbor terse") == .show(.neighbor(.all, .terse), QueryOptions())
        )
        #expect(
            try parse("show neighbor group up terse")
                == .show(.neighbor(.group("up"), .terse), QueryOptions())
        )
    }

    @Test func `show fib adds up its classes`() throws {
        var filter = KernelPageRequest.Filter()
        filter.classes = [.bgp, .nextHop]
        filter.prefix = IPAddress(text: "203.0.113.9").map { .longest($0) }
        #expect(
            try parse("show fib bgp nexthop 203.0.113.9") == .show(.fib(filter), QueryOptions())
        )
    }
}
