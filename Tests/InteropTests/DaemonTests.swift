import Interop
import Testing

/// Peerglass beside FRR.
@Suite(.serialized, .enabled(if: Scenario.isPossible(FRR.self), Scenario.reason(FRR.self)))
struct FRRTests {
    @Test(arguments: Plan.Opener.allCases)
    func `FRR and we agree`(opener: Plan.Opener) async throws {
        try await Scenario.everything(Meeting(opener) { try FRR($0) })
    }

    @Test func `FRR sends our own routes back, and we do not use them`() async throws {
        let meeting = try Meeting(.us) { try FRR($0) }
        let (us, them) = (meeting.us, meeting.them)
        try await them.start()
        try await us.start()
        for (address, prefixes) in [
            (Plan.them.ipv4, [Plan.us.ipv4Route, Plan.them.ipv4Route]),
            (Plan.them.ipv6, [Plan.us.ipv6Route, Plan.them.ipv6Route]),
        ] {
            try await meeting.wait("Adj-RIB-In of \(address) has its route and ours") {
                // Where FRR is not ready yet, we would wait for our idle hold time.
                if try us.state(address) == "Idle" { try us.ask("neighbor", address, "up") }
                return try us.prefixesReceived(from: address) == prefixes
            }
        }
        try await meeting.waitForOurs(them.announced)
        try await meeting.waitForKernel(them.announced.map(\.prefix))
    }

    @Test func `FRR tells us of all its paths of a prefix, and takes them back one by one`()
        async throws
    {
        let lines = "\t\tannounce add-path recv enforce\n\t\tannounce add-path send all"
        let meeting = try Meeting(.us, neighbor: lines) {
            try FRR($0, options: ["addpath-tx-all-paths"])
        }
        let (us, them) = (meeting.us, meeting.them)
        // FRR has its own path to the prefix and ours, which it tells us too.
        let prefix = Plan.them.ipv4Route
        try us.rewrite(Plan.configuration(.us, lines) + "network \(prefix)\n")
        try await meeting.feeder.start()
        try await them.start()
        try await us.start()
        try await meeting.waitForSessions()
        func paths() throws -> [Int] { try us.pathIDs(of: prefix, from: Plan.them.ipv4) }
        try await meeting.wait("we have both of FRR's paths") { try paths().count == 2 }
        let both = try paths()
        try them.withdraw()
        try await meeting.wait("FRR's own path is gone") { try paths().count == 1 }
        #expect(both.contains(try paths()[0]))
        try them.announce()
        try await meeting.wait("we have both of FRR's paths again") { try paths().count == 2 }
        let words = try us.words(on: Plan.them.ipv4)
        #expect(words.contains("Add-path: IPv4 unicast bidir"))
        #expect(try us.state(Plan.them.ipv4) == "Established")
    }
}

/// Peerglass beside GoBGP, whose own waits of five to ten seconds are most of the time.
@Suite(.enabled(if: Scenario.isPossible(GoBGP.self), Scenario.reason(GoBGP.self)))
struct GoBGPTests {
    @Test(arguments: Plan.Opener.allCases)
    func `GoBGP and we agree`(opener: Plan.Opener) async throws {
        try await Scenario.everything(Meeting(opener) { try GoBGP($0) })
    }
}

/// Peerglass beside OpenBGPD.
@Suite(
    .serialized,
    .enabled(if: Scenario.isPossible(OpenBGPD.self), Scenario.reason(OpenBGPD.self))
)
struct OpenBGPDTests {
    @Test(arguments: Plan.Opener.allCases)
    func `OpenBGPD and we agree`(opener: Plan.Opener) async throws {
        try await Scenario.everything(Meeting(opener) { try OpenBGPD($0) })
    }
}
