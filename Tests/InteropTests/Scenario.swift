import Interop
import Testing

/// What is tried with every daemon.
enum Scenario {
    /// Whether the daemon is installed and namespaces are permitted.
    static func isPossible<Daemon: BGPDaemon>(_ daemon: Daemon.Type) -> Bool {
        daemon.programs.allSatisfy { Command.exists($0) } && Namespace.arePermitted
    }

    /// Why it is not, for the report.
    static let reason: Comment =
        "network namespaces are not permitted, or the daemon is not installed"

    /// Both sessions up, both routes in both directions with all attributes, withdrawal, shutdown texts,
    /// restart.
    static func everything<Daemon: BGPDaemon>(
        _ meeting: Meeting<Daemon>,
        hearsOurText: Bool = true,
        weHearItsText: Bool = true
    ) throws {
        let (us, them) = (meeting.us, meeting.them)
        try them.start()
        try us.start()
        try meeting.waitForSessions()
        try meeting.waitForOurs(them.announced)
        try meeting.waitForTheirs(Plan.ours)

        try them.shutDown("maintenance 7")
        try waitUntil("we hear why they go", telling: { meeting.story }) {
            let neighbor = try us.neighbor(Plan.them.ipv4)
            let text = neighbor["last_shutdown_reason"] as? String
            let error = neighbor["last_error_received"] as? String ?? ""
            return neighbor["state"] as? String != "Established"
                && error.contains("Cease") && (text == "maintenance 7" || !weHearItsText)
        }
        try meeting.waitForOurs(them.announced.filter { $0.prefix == Plan.them.ipv6Route })
        try them.enable()
        try meeting.waitForSessions()

        try us.ask("neighbor", "them4", "down", "CHG-2 linecard swap")
        try waitUntil("they hear why we go", telling: { meeting.story }) {
            try them.hasHeard("CHG-2 linecard swap")
        }
        try meeting.waitForTheirs(Plan.ours.filter { $0.prefix == Plan.us.ipv6Route })
        try us.ask("neighbor", "them4", "up")
        try meeting.waitForSessions()
        try meeting.waitForTheirs(Plan.ours)

        try them.withdraw()
        try meeting.waitForOurs(them.announced.filter { $0.prefix == Plan.them.ipv6Route })

        #expect(us.end() == 0, "ends cleanly when asked")
        try meeting.waitForTheirs([])
        try us.start()
        try meeting.waitForSessions()
        try meeting.waitForTheirs(Plan.ours)
    }
}
