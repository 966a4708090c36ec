import Interop
import Testing

/// Peerglass beside BIRD: everything both sides must agree on.
struct DaemonTests {
    @Test(
        .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason),
        arguments: Plan.Opener.allCases
    )
    func `BIRD and we agree`(opener: Plan.Opener) throws {
        try Scenario.everything(Meeting(opener) { try BIRD($0) })
    }
}
