import Foundation
import Glibc
import Interop
import Testing

/// A configuration that is read again while sessions with BIRD are up.
@Suite(.serialized, .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason(BIRD.self)))
struct ReloadTests {
    private func up() async throws -> Meeting<BIRD> {
        let meeting = try Meeting(.them) { try BIRD($0) }
        try await meeting.them.start()
        try await meeting.us.start()
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(meeting.them.announced)
        return meeting
    }

    @Test func `SIGHUP: another filter is in force, in the kernel too, and no session goes down`()
        async throws
    {
        let meeting = try await up()
        let us = meeting.us
        try us.rewrite(
            Plan.configuration(.them).replacing(
                "allow from any\n",
                with: "allow from any\ndeny from any prefix \(Plan.them.ipv4Route)\n"
            )
        )
        kill(try #require(us.processIdentifier), SIGHUP)
        let left = meeting.them.announced.filter { $0.prefix == Plan.them.ipv6Route }
        try await meeting.waitForOurs(left)
        try await meeting.waitForKernel([Plan.them.ipv6Route])
        try us.rewrite(Plan.configuration(.them))
        #expect(try us.ask("reload", "CHG-7") == "request processed\n")
        try await meeting.waitForOurs(meeting.them.announced)
        try await meeting.waitForKernel(meeting.them.announced.map(\.prefix))
        #expect(try us.log().contains("configuration reloaded \"CHG-7\""))
        #expect(!(try us.log().contains("session down")))
    }

    @Test func `a file with errors is told by line, and the running configuration stays`()
        async throws
    {
        let meeting = try await up()
        let us = meeting.us
        let text = Plan.configuration(.them)
        try us.rewrite(text.replacing("allow to any", with: "alow to any"))
        let bad = try us.attempt("reload")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("unexpected \"alow\""))
        #expect(bad.errors.contains("peerglass.conf:"))
        #expect(bad.output == "config file has errors, reload failed\n")
        try us.rewrite(text.replacing("AS 65001", with: "AS 65009"))
        let other = try us.attempt("reload")
        #expect(other.status == 1)
        #expect(other.errors == "AS cannot be changed while the router runs: restart it\n")
        #expect(try us.state(Plan.them.ipv4) == "Established")
        try await meeting.waitForOurs(meeting.them.announced)
        #expect(try us.log().contains("reload failed, the running configuration stays"))
    }

    @Test func `a neighbor becomes that of a template with a TCP MD5 key for its prefix`()
        async throws
    {
        let meeting = try await up()
        let (us, them) = (meeting.us, meeting.them)
        try us.rewrite(
            Plan.configuration(.them, "\t\ttcp md5sig password \"glass\"")
                .replacing("neighbor \(Plan.them.ipv4) {", with: "neighbor 10.9.0.0/24 {")
        )
        #expect(try us.ask("reload") == "request processed\n")
        try await meeting.wait("the kernel has dropped unsigned SYNs, and the log says so") {
            try us.log().contains("unsigned, where a key is set")
        }
        #expect(try us.attempt("show", "neighbor", Plan.them.ipv4).status == 1)
        #expect(try us.state(Plan.them.ipv6) == "Established")

        try them.change(options: ["password \"glass\";"])
        try await meeting.wait("the template has made a neighbor, and its session is up") {
            try us.attempt("show", "neighbor", Plan.them.ipv4).status == 0
                && us.state(Plan.them.ipv4) == "Established"
        }
        try await meeting.waitForOurs(them.announced)
        try await meeting.waitForTheirs(Plan.ours)
        let words = try us.words(on: Plan.them.ipv4)
        #expect(
            words.contains("BGP neighbor is \(Plan.them.ipv4), remote AS 65002, Cloned, Passive")
        )
        #expect(words.contains("using md5sig"))
        #expect(try us.ask("show", "summary").contains("them4@\(Plan.them.ipv4)"))
        #expect(try us.ask("show", "summary").contains("Template"))

        try us.rewrite(Plan.configuration(.them))
        #expect(try us.ask("reload") == "request processed\n")
        try them.change(options: [])
        try await meeting.waitForSessions()
        try await meeting.waitForOurs(them.announced)
    }
}
