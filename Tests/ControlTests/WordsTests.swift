import Addressing
import BGPWire
import Testing
import Timekeeping

@testable import Control

@Suite struct `Words of time and of events` {
    @Test(
        arguments: [
            (0, "00:00:00"), (83, "00:01:23"), (86_399, "23:59:59"), (93_780, "1d02h03m"),
            (604_799, "6d23h59m"), (604_800, "01w0d00h"), (788_400, "01w2d03h"),
            (604_800_000, "1000w"),
        ] as [(UInt32, String)]
    )
    func `spans are as short as they can be`(seconds: UInt32, text: String) {
        #expect(TimeText.span(seconds) == text)
    }

    @Test func `what never happened has no span`() {
        #expect(TimeText.since(nil) == "Never")
    }

    // Seconds as `date -u -d` gives them.
    @Test(
        arguments: [
            (0, 0, "1970-01-01 00:00:00"), (951_782_400, 0, "2000-02-29 00:00:00"),
            (1_795_413_055, 0, "2026-11-23 05:50:55"), (1_795_413_055, 3600, "2026-11-23 06:50:55"),
            (1_735_689_599, 0, "2024-12-31 23:59:59"), (-1, 0, "1969-12-31 23:59:59"),
        ] as [(Int64, Int64, String)]
    )
    func `moments are dated in local time`(seconds: Int64, offset: Int64, text: String) {
        #expect(TimeText.moment(seconds, offset: offset) == text)
    }

    @Test(
        arguments: [
            (
                .med(20, 10, .sameAS(.init(65010))),
                "step 5 MED 20 > 10, compared because both come from AS 65010"
            ),
            (
                .med(20, 10, .always),
                "step 5 MED 20 > 10, compared because of rde med compare always"
            ),
            (.pathLength(3, 1), "step 3 AS path length 3 > 1"),
            (.localPreference(100, 200), "step 2 local preference 100 < 200"),
            (.origin(2, 0), "step 4 origin incomplete > IGP"),
            (.external, "step 6 EBGP before IBGP"),
            (.age(60, 93_780), "step 9 route age 00:01:00 < 1d02h03m"),
            (.identifier(0x0A00_0003, 0x0A00_0002), "step 10 BGP identifier 10.0.0.3 > 10.0.0.2"),
        ] as [(LostStep, String)]
    )
    func `why a path lost is said with the values of both`(step: LostStep, text: String) {
        let reason = PathReason(rank: 2, verdict: .lost(step, to: NeighborNumber(3)))
        #expect(reason.words { "r\($0.value)" } == "lost at \(text) to r3")
    }

    @Test func `a refusal names its rule, or that there is none`() {
        let rule = RuleStep(file: "bgpd.conf", line: 31, text: "deny quick from any")
        let refused = PathReason(rank: 1, verdict: .refused(by: 0), rules: [rule])
        #expect(refused.words { _ in "" } == "refused: bgpd.conf:31 deny quick from any")
        #expect(refused.refusedBy == rule)
        let unmatched = PathReason(rank: 1, verdict: .refused(by: nil))
        #expect(unmatched.words { _ in "" } == "refused: no rule allows it")
    }

    private func line(_ kind: EventRow.Kind, neighbor: String? = "10.9.12.2 (r2)") -> String {
        EventRow(
            sequence: 1,
            time: WallTime(nanoseconds: 0),
            neighbor: nil,
            neighborName: "r2",
            kind: kind
        ).line(neighbor: neighbor)
    }

    // As recorded from OpenBGPD 8.8.
    @Test func `events read as OpenBGPD's log lines`() {
        #expect(
            line(
                .stateChange(
                    from: .openConfirm,
                    to: .established,
                    event: SessionEvent.keepaliveReceived.name
                )
            )
                == "neighbor 10.9.12.2 (r2): state change OpenConfirm -> Established,"
                + " reason: KEEPALIVE message received"
        )
        #expect(
            line(.connectFailed(.connectFailed(errno: 113)))
                == "neighbor 10.9.12.2 (r2): socket error: No route to host"
        )
        #expect(
            line(.down(.sent(.cease(2, text: "maintenance CHG1")), upSeconds: 0))
                == "neighbor 10.9.12.2 (r2): sending notification: Cease,"
                + " administratively down: reason \"maintenance CHG1\""
        )
    }

    @Test func `a session that was up says how long`() {
        #expect(
            line(.down(.received(.cease(4)), upSeconds: 117))
                == "neighbor 10.9.12.2 (r2): received notification: Cease, administrative reset,"
                + " session down after 00:01:57"
        )
        #expect(line(.notice("started"), neighbor: nil) == "started")
    }
}
