import Testing
import Timekeeping

struct InstantTests {
    @Test func `a moment too late to count is never`() {
        #expect(Instant.never.later(bySeconds: 1) == .never)
        #expect(Instant(nanoseconds: 5).later(bySeconds: 2) == Instant(nanoseconds: 2_000_000_005))
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: 5) + .nanoseconds(7) == Instant(nanoseconds: 12))
    }

    @Test func `the difference of two moments is signed`() {
        #expect(Instant(nanoseconds: 3) - Instant(nanoseconds: 10) == .nanoseconds(-7))
    }
}
