import Interop
import Testing

/// Peerglass beside the daemons that others run.
struct DaemonTests {
    @Test(
        .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `BIRD`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try BIRD($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(GoBGP.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `GoBGP`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try GoBGP($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(FRR.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `FRR`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try FRR($0) })
    }

    @Test(
        .enabled(if: Scenario.isPossible(OpenBGPD.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `OpenBGPD`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try OpenBGPD($0) })
    }
}
