import Interop
import Testing

/// Peerglass beside the daemons that others run: everything both sides must agree on.
struct DaemonTests {
    @Test(
        .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `BIRD and we agree`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try BIRD($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(GoBGP.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `GoBGP and we agree`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try GoBGP($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(FRR.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `FRR and we agree`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try FRR($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(OpenBGPD.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `OpenBGPD and we agree`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try OpenBGPD($0) })
    }
}
