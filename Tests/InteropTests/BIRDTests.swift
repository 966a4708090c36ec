import Interop
import Testing

/// Peerglass beside BIRD: what is tried with every daemon, and more.
@Suite(.serialized, .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason(BIRD.self)))
struct BIRDTests {
    @Test(arguments: Plan.Opener.allCases)
    func `BIRD and we agree`(opener: Plan.Opener) async throws {
        try await Scenario.everything(Meeting(opener) { try BIRD($0) })
    }

    @Test(arguments: Plan.Opener.allCases)
    func `BIRD's other TCP MD5 password keeps the session down, the same one brings it up`(
        opener: Plan.Opener
    ) async throws {
        let line = "\t\ttcp md5sig password \"glass\""
        let meeting = try Meeting(opener, neighbor: line) {
            try BIRD($0, options: ["password \"brick\";"])
        }
        try await meeting.them.start()
        try await meeting.us.start()
        let receiver = opener == .us ? meeting.theirNamespace : meeting.ourNamespace
        try await meeting.wait("the kernel of the other end has dropped what it cannot verify") {
            try receiver.tcpMD5Failures() >= 2
        }
        try await meeting.wait("the session without a password is up") {
            try meeting.us.state(Plan.them.ipv6) == "Established"
        }
        try await meeting.wait("our neighbor says what it may be") {
            let seen = opener == .them ? "signed with another key than ours" : "nothing unsigned"
            return try meeting.us.words(on: Plan.them.ipv4).contains(seen)
        }
        #expect(try meeting.us.state(Plan.them.ipv4) != "Established")
        #expect(!(try meeting.us.ask("show", "log").contains("(them4): session up")))

        try meeting.them.change(options: ["password \"glass\";"])
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(meeting.them.announced)
        try await meeting.waitForTheirs(Plan.ours)
        let words = try meeting.us.words(on: Plan.them.ipv4)
        #expect(words.contains("remote router-id \(Plan.them.ipv4), using md5sig"))
        #expect(!words.contains("Note:"))
    }

    @Test func `BIRD and we tell each other of several paths of a prefix`() async throws {
        let lines = "\t\tannounce add-path recv enforce\n\t\tannounce add-path send all enforce"
        let second =
            "protocol static s4b { ipv4 { preference 90; }; route \(Plan.them.ipv4Route) blackhole; }"
        let meeting = try Meeting(.us, neighbor: lines) {
            try BIRD($0, options: [], channel: ["add paths on;"], protocols: [second])
        }
        let (us, them) = (meeting.us, meeting.them)
        // The feeder's network is ours too: BIRD is to hear of both.
        let prefix = Plan.feeder.ipv4Route
        try us.rewrite(Plan.configuration(.us, lines) + "network \(prefix)\n")
        try await meeting.feeder.start()
        try await them.start()
        try await us.start()
        try await meeting.waitForSessions()
        func waitForPaths(_ count: Int) async throws {
            try await meeting.wait("we have \(count) of BIRD's paths") {
                let found = try us.pathIDs(of: Plan.them.ipv4Route, from: Plan.them.ipv4)
                return found.count == count && Set(found).count == count
            }
        }
        try await waitForPaths(2)
        try them.ask("disable s4b")
        try await waitForPaths(1)
        try them.ask("enable s4b")
        try await waitForPaths(2)

        let both = ["65001 65001 65001", "65001 65001 65001 65003"]
        try await meeting.wait("BIRD has both paths") { try them.asPaths(of: prefix) == both }
        try us.ask("neighbor", "feeder", "down")
        try await meeting.wait("BIRD has our path alone") {
            try them.asPaths(of: prefix) == [both[0]]
        }
        try us.ask("neighbor", "feeder", "up")
        try await meeting.wait("BIRD has both paths again") {
            try them.asPaths(of: prefix) == both
        }
        let words = try us.words(on: Plan.them.ipv4)
        #expect(words.contains("Add-path: IPv4 unicast bidir"))
        #expect(try us.state(Plan.them.ipv4) == "Established")
    }

    @Test func `BIRD has our default route alone, then the next path where one is refused`()
        async throws
    {
        let meeting = try Meeting(.us, neighbor: "\t\texport default-route") { try BIRD($0) }
        let (us, them) = (meeting.us, meeting.them)
        try await meeting.feeder.start()
        try await them.start()
        try await us.start()
        try await meeting.waitForSessions()
        let own = "65001 65001 65001"
        try await meeting.wait("BIRD has our default route") {
            try them.asPaths(of: "0.0.0.0/0") == [own]
        }
        #expect(try them.asPaths(of: Plan.us.ipv4Route) == [])

        // The feeder's network is ours too, and not for BIRD as such.
        let prefix = Plan.feeder.ipv4Route
        let shared = """
            network \(prefix) set community 65001:9
            deny to \(Plan.them.ipv4) community 65001:9

            """
        try us.rewrite(Plan.configuration(.us) + shared)
        try us.ask("reload")
        try await meeting.wait("BIRD has our networks, but for the shared one") {
            try them.asPaths(of: "0.0.0.0/0") == [] && them.asPaths(of: prefix) == []
                && them.asPaths(of: Plan.us.ipv4Route) == [own]
        }
        try us.rewrite(Plan.configuration(.us, "\t\trde evaluate all") + shared)
        try us.ask("reload")
        try await meeting.wait("BIRD has the feeder's path") {
            try them.asPaths(of: prefix) == ["\(own) 65003"]
        }
        try us.ask("neighbor", "feeder", "down")
        try await meeting.wait("BIRD has none") { try them.asPaths(of: prefix) == [] }
        #expect(try us.state(Plan.them.ipv4) == "Established")
    }

    @Test(
        arguments: [
            ("customer", "provider", "OTC: 65002", nil), ("provider", "customer", nil, "65001"),
            ("peer", "peer", "OTC: 65002", "65001"),
        ] as [(String, String, String?, String?)]
    )
    func `a role that goes with BIRD's is told, and who is above or beside marks (RFC 9234)`(
        ours: String,
        theirs: String,
        received: String?,
        sent: String?
    ) async throws {
        let lines = "\t\trole \(ours)\n\t\tannounce policy enforce"
        let meeting = try Meeting(.us, neighbor: lines) {
            try BIRD($0, options: ["local role \(theirs);", "require roles yes;"])
        }
        try await meeting.them.start()
        try await meeting.us.start()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(meeting.them.announced)
        try await meeting.waitForTheirs(Plan.ours)
        let words = try meeting.us.words(on: Plan.them.ipv4)
        #expect(words.contains("Open Policy role \(theirs) (local \(ours))"))
        let detail = try meeting.us.ask("show", "rib", "detail", Plan.them.ipv4Route)
        if let received {
            #expect(detail.contains(received))
        } else {
            #expect(!detail.contains("OTC"))
        }
        let seen = try meeting.them.ask("show route all \(Plan.us.ipv4Route)")
        if let sent {
            #expect(seen.contains("BGP.otc: \(sent)"))
        } else {
            #expect(!seen.contains("otc"))
        }
    }

    @Test func `a role that does not go with BIRD's keeps the session down, with words for it`()
        async throws
    {
        let meeting = try Meeting(.us, neighbor: "\t\trole provider") {
            try BIRD($0, options: ["local role provider;"])
        }
        try await meeting.them.start()
        try await meeting.us.start()
        let words = "open policy role mismatch: our role provider, their role provider"
        try await meeting.wait("the session is refused for the roles") {
            try meeting.us.log().contains(words)
                || meeting.us.words(on: Plan.them.ipv4).contains("role mismatch")
        }
        #expect(try meeting.us.state(Plan.them.ipv4) != "Established")
    }

    @Test func `a stopped BIRD is late after the hold time, and comes back when it goes on`()
        async throws
    {
        let meeting = try Meeting(.them, neighbor: "\t\tholdtime 3") { try BIRD($0) }
        let (us, them) = (meeting.us, meeting.them)
        try await them.start()
        try await us.start()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(them.announced)
        try await meeting.waitForKernel(them.announced.map(\.prefix))

        them.pause()
        try await meeting.wait("the session with the short hold time goes down") {
            try us.state(Plan.them.ipv4) != "Established"
        }
        let neighbor = try us.neighbor(Plan.them.ipv4)
        #expect(neighbor["last_error_sent"] as? String == "HoldTimer expired")
        #expect(try us.words(on: Plan.them.ipv4).contains("nothing from them4 for 3 s"))
        let others = them.announced.filter { $0.prefix == Plan.them.ipv6Route }
        try await meeting.waitForOurs(others)
        try await meeting.waitForKernel(others.map(\.prefix))

        them.resume()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(them.announced)
        try await meeting.waitForTheirs(Plan.ours)
        try await meeting.waitForKernel(them.announced.map(\.prefix))
        #expect(try us.words(on: Plan.them.ipv4).contains("nothing from them4 for 3 s"))
    }

    @Test func `routes of others that are marked bgp stay while ours come, go and are swept`()
        async throws
    {
        let meeting = try Meeting(.us) { try BIRD($0) }
        let (us, them) = (meeting.us, meeting.them)
        let foreign = try Self.addForeignRoutes(in: meeting.ourNamespace)
        func expectForeign(_ location: SourceLocation = #_sourceLocation) throws {
            let present = try KernelRoute.all(in: meeting.ourNamespace).filter { !$0.isOurs }
            #expect(present == foreign, sourceLocation: location)
        }
        let everything = (them.announced + Plan.passedOn).map(\.prefix)

        try await meeting.feeder.start()
        try await them.start()
        try await us.start()
        try await meeting.waitForKernel(everything)
        try expectForeign()

        try them.withdraw()
        try await meeting.waitForKernel(Plan.passedOn.map(\.prefix))
        try expectForeign()
        try them.announce()
        try await meeting.waitForKernel(everything)

        us.crash()
        try await meeting.waitForKernel(everything)
        try them.withdraw()
        try await us.start()
        try await meeting.waitForKernel(Plan.passedOn.map(\.prefix))
        try expectForeign()

        #expect(us.end() == 0)
        try await meeting.waitForKernel([])
        try expectForeign()
        try them.announce()
        try await us.start()
        try await meeting.waitForKernel(everything)
        try expectForeign()
    }

    /// Routes as FRR marks them, to BIRD's own prefixes and to others, and some that are nearly ours.
    ///
    /// With our metric only to other prefixes: to the same one the kernel would rightly refuse ours.
    private static func addForeignRoutes(in namespace: Namespace) throws -> [KernelRoute] {
        let them = Plan.them
        func add(_ ipv4: String, _ ipv6: String, _ mark: String) throws {
            try namespace.ip("-4 route add \(ipv4) via \(them.ipv4) \(mark)")
            try namespace.ip("-6 route add \(ipv6) via \(them.ipv6) \(mark)")
        }
        for mark in ["proto bgp metric 20", "proto bgp metric 186 table 100"] {
            try add(them.ipv4Route, them.ipv6Route, mark)
            try add("100.64.0.0/16", "2001:db8:64::/48", mark)
        }
        try add("100.64.0.0/16", "2001:db8:64::/48", "proto static metric 186")
        let routes = try KernelRoute.all(in: namespace)
        #expect(routes.count == 10 && !routes.contains(where: \.isOurs))
        return routes
    }
}
