import Interop
import Testing

/// Restarts beside BIRD: who is away keeps its routes (RFC 4724).
@Suite(.serialized, .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason(BIRD.self)))
struct GracefulRestartTests {
    private func up(
        restartTime: Int,
        first statement: String = ""
    ) async throws -> Meeting<BIRD> {
        let options = ["graceful restart on; graceful restart time \(restartTime);"]
        let meeting = try Meeting(.them) { try BIRD($0, options: options) }
        if !statement.isEmpty {
            try meeting.us.rewrite(statement + "\n" + Plan.configuration(.them))
        }
        try await meeting.feeder.start()
        try await meeting.them.start()
        try await meeting.us.start()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(meeting.them.announced)
        try await meeting.waitForKernel((meeting.them.announced + Plan.passedOn).map(\.prefix))
        return meeting
    }

    /// The flags of BIRD's IPv4 route in our table; nil where it is not there.
    private func flags(_ meeting: Meeting<BIRD>) throws -> String? {
        let line = try meeting.us.ask("show", "rib", Plan.them.ipv4Route).split(separator: "\n")
            .first { $0.contains(Plan.them.ipv4Route) }
        return line?.split(separator: " ").first.map(String.init)
    }

    @Test func `a killed BIRD keeps its routes, marked stale, and has them again when it is back`()
        async throws
    {
        let meeting = try await up(restartTime: 60)
        let (us, them) = (meeting.us, meeting.them)
        let words = try us.words(on: Plan.them.ipv4)
        #expect(words.contains("Graceful Restart: timeout: 60, IPv4 unicast"))
        #expect(try flags(meeting) == "*>")

        them.crash()
        try await meeting.wait("its routes are stale") { try flags(meeting) == "S*>" }
        let kept = ([Plan.them.ipv4Route] + Plan.passedOn.map(\.prefix))
        try await meeting.waitForKernel(kept)
        #expect(try us.ask("show", "rib", "detail").contains("stale"))
        #expect(try us.words(on: Plan.them.ipv4).contains("1 stale route kept until it is back"))

        try await them.start(recovering: true)
        try await meeting.waitForSessions()
        try await meeting.wait("its routes are told again") { try flags(meeting) == "*>" }
        try await meeting.waitForOurs(them.announced)
        try await meeting.waitForKernel((them.announced + Plan.passedOn).map(\.prefix))
        try await meeting.waitForTheirs(Plan.ours + Plan.passedOn)
        #expect(try us.words(on: Plan.them.ipv4).contains("restarted, IPv4 unicast (preserved)"))
        #expect(try us.log().contains("graceful restart: 0 stale routes removed, not told again"))
    }

    @Test func `a killed BIRD that does not come back in time loses its routes`() async throws {
        let meeting = try await up(restartTime: 4)
        meeting.them.crash()
        try await meeting.wait("its routes are stale") { try flags(meeting) == "S*>" }
        try await meeting.wait("they are gone") { try flags(meeting) == nil }
        try await meeting.waitForKernel(Plan.passedOn.map(\.prefix))
        #expect(try meeting.us.log().contains("1 stale route removed, not back within 4 s"))
    }

    @Test func `a BIRD that has forgotten what it forwarded loses its routes at once`() async throws
    {
        let meeting = try await up(restartTime: 60)
        meeting.them.crash()
        try await meeting.wait("its routes are stale") { try flags(meeting) == "S*>" }
        // Without -R it does not recover anything.
        try await meeting.them.start()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(meeting.them.announced)
        #expect(
            try meeting.us.log().contains("1 stale route removed, not forwarded meanwhile")
        )
    }

    @Test(arguments: [false, true])
    func `while we restart BIRD keeps our routes, and our kernel all that it has`(isCrash: Bool)
        async throws
    {
        let meeting = try await up(restartTime: 60, first: "fib persist")
        let (us, them) = (meeting.us, meeting.them)
        try await meeting.waitForTheirs(Plan.ours + Plan.passedOn)
        let kernel = (them.announced + Plan.passedOn).map(\.prefix)
        if isCrash { us.crash() } else { #expect(us.end() == 0) }
        try await meeting.wait("BIRD waits for us") {
            try them.ask("show protocols us4").contains("Graceful restart")
                || !them.isEstablished(Plan.us.ipv4)
        }
        #expect(
            try them.routes().map(\.prefix) == (Plan.ours + Plan.passedOn).map(\.prefix).sorted()
        )
        try await meeting.waitForKernel(kernel)
        try await us.start()
        try them.hurry()
        try await meeting.waitForSessions()
        try await meeting.waitForKernel(kernel)
        try await meeting.waitForTheirs(Plan.ours + Plan.passedOn)
        #expect(try us.log().contains("kernel routes kept, waiting for the neighbors' routes"))
        try await meeting.wait("we have chosen anew") {
            try us.log().contains("graceful restart: routes are chosen after")
        }
        try await meeting.waitForTheirs(Plan.ours + Plan.passedOn)
        try await meeting.waitForKernel(kernel)
    }
}
