import Interop
import Testing

/// What is tried with every daemon: both sides must agree on all of it.
enum Scenario {
    /// Whether the daemon is installed and namespaces are permitted.
    static func isPossible<Daemon: BGPDaemon>(_ daemon: Daemon.Type) -> Bool {
        missing(daemon).isEmpty && Namespace.arePermitted
    }

    /// Why it is not, for the report.
    static func reason<Daemon: BGPDaemon>(_ daemon: Daemon.Type) -> Comment {
        let missing = missing(daemon)
        return missing.isEmpty
            ? "\(daemon.name): network namespaces are not permitted"
            : "\(daemon.name) is not installed: no \(missing.joined(separator: ", "))"
    }

    private static func missing<Daemon: BGPDaemon>(_ daemon: Daemon.Type) -> [String] {
        daemon.programs.filter { !Command.exists($0) }
    }

    /// Sessions up, routes both ways with all attributes, and all that ends and comes again.
    static func everything<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        try await begin(meeting)
        try await shutdownByThem(meeting)
        try await shutdownByUs(meeting)
        try await withdrawalByThem(meeting)
        try await withdrawalByUs(meeting)
        try await restartOfThem(meeting)
        try await restartOfUs(meeting)
    }

    private static func begin<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        try await meeting.feeder.start()
        try await meeting.them.start()
        try await meeting.us.start()
        try await agree(meeting)
    }

    /// Everything is up and known everywhere.
    private static func agree<Daemon: BGPDaemon>(
        _ meeting: Meeting<Daemon>,
        file: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        try await meeting.waitForSessions(file: file, line: line)
        try await meeting.waitForOurs(meeting.them.announced, file: file, line: line)
        try await meeting.waitForTheirs(Plan.ours + Plan.passedOn, file: file, line: line)
        try await meeting.waitForKernel(
            (meeting.them.announced + Plan.passedOn).map(\.prefix),
            file: file,
            line: line
        )
    }

    private static func shutdownByThem<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        let (us, them) = (meeting.us, meeting.them)
        try them.shutDown("maintenance 7")
        try await meeting.wait("we hear why they go") {
            let neighbor = try us.neighbor(Plan.them.ipv4)
            return neighbor["state"] as? String != "Established"
                && neighbor["last_error_received"] as? String == "Cease, administratively down"
                && neighbor["last_shutdown_reason"] as? String == "maintenance 7"
        }
        #expect(
            try us.words(on: Plan.them.ipv4)
                .contains("received Cease/administratively down \"maintenance 7\"")
        )
        try await meeting.waitForOurs(them.announced.filter { $0.prefix == Plan.them.ipv6Route })
        try await meeting.waitForKernel([Plan.them.ipv6Route] + Plan.passedOn.map(\.prefix))
        try them.enable()
        try await agree(meeting)
    }

    private static func shutdownByUs<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        let (us, them) = (meeting.us, meeting.them)
        let before = try them.shutdownsHeard()
        try us.ask("neighbor", "them4", "down", "CHG-2 linecard swap")
        try await meeting.wait("they hear why we go") {
            try them.hasHeard("CHG-2 linecard swap") && them.shutdownsHeard() == before + 1
        }
        try await meeting.waitForTheirs(
            (Plan.ours + Plan.passedOn).filter { $0.nextHop == Plan.us.ipv6 }
        )
        try us.ask("neighbor", "them4", "up")
        if meeting.opener == .them { try them.hurry() }
        try await agree(meeting)
    }

    private static func withdrawalByThem<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws
    {
        try meeting.them.withdraw()
        try await meeting.waitForOurs([])
        try await meeting.waitForKernel(Plan.passedOn.map(\.prefix))
        try meeting.them.announce()
        try await agree(meeting)
    }

    private static func withdrawalByUs<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        let us = meeting.us
        let before = try Plan.them.addresses.map { try us.withdraws(to: $0) }
        try us.ask("neighbor", "feeder", "down")
        try await meeting.waitForTheirs(Plan.ours)
        // The sessions stayed up all the while, so that nothing but a withdrawal can have done it.
        let after = try Plan.them.addresses.map { try us.withdraws(to: $0) }
        #expect(after == before.map { $0 + 1 })
        try us.ask("neighbor", "feeder", "up")
        try await agree(meeting)
    }

    private static func restartOfThem<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        let (us, them) = (meeting.us, meeting.them)
        them.end()
        for address in Plan.them.addresses {
            try await meeting.wait("the session with \(address) goes down") {
                try us.state(address) != "Established"
            }
            let heard = try us.words(on: address).contains(": received Cease/")
            #expect(heard == Daemon.saysGoodbye)
        }
        try await meeting.waitForOurs([])
        try await meeting.waitForKernel(Plan.passedOn.map(\.prefix))
        try await them.start()
        try await agree(meeting)
    }

    private static func restartOfUs<Daemon: BGPDaemon>(_ meeting: Meeting<Daemon>) async throws {
        let (us, them) = (meeting.us, meeting.them)
        let before = try them.shutdownsHeard()
        #expect(us.end() == 0, "ends cleanly when asked")
        try await meeting.waitForKernel([])
        try await meeting.waitForTheirs([])
        try await meeting.wait("they hear that we go") { try them.shutdownsHeard() == before + 1 }
        try await us.start()
        if meeting.opener == .them { try them.hurry() }
        try await agree(meeting)
    }
}
