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
