import Foundation

/// BIRD 2.
package final class BIRD: BGPDaemon {
    package static let name = "BIRD"
    package static let programs = ["bird", "birdc"]

    private let place: Plan.Place
    private var options: [String]
    private let channel: [String]
    private let protocols: [String]
    private let text: String?
    private var process: DaemonProcess?

    package convenience init(_ place: Plan.Place) throws {
        try self.init(place, options: [])
    }

    /// Makes a BIRD whose IPv4 session has further options.
    ///
    /// - Parameters:
    ///   - place: Where it runs.
    ///   - options: Lines for the IPv4 session.
    ///   - channel: Lines for the IPv4 channel of that session.
    ///   - protocols: Further protocols.
    /// - Throws: Where its files cannot be written.
    package init(
        _ place: Plan.Place,
        options: [String],
        channel: [String] = [],
        protocols: [String] = []
    ) throws {
        self.place = place
        self.options = options
        self.channel = channel
        self.protocols = protocols
        text = nil
        try configuration.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Makes a BIRD with a configuration of the test's own.
    package init(_ place: Plan.Place, configuration text: String) throws {
        self.place = place
        self.text = text
        options = []
        channel = []
        protocols = []
        try configuration.write(to: file, atomically: true, encoding: .utf8)
    }

    private var file: URL { place.folder.appending(path: "bird.conf") }
    private var log: URL { place.folder.appending(path: "bird.log") }
    private var socket: String { place.folder.appending(path: "bird.ctl").path }

    private var configuration: String { text ?? usualConfiguration }

    private var usualConfiguration: String {
        """
        log stderr all;
        router id \(Plan.them.ipv4);
        protocol device {}
        protocol static s4 { ipv4; route \(Plan.them.ipv4Route) blackhole; }
        protocol static s6 { ipv6; route \(Plan.them.ipv6Route) blackhole; }
        filter ours {
            if source != RTS_STATIC then reject;
            bgp_med = 70;
            bgp_origin = ORIGIN_EGP;
            bgp_path.prepend(65010);
            bgp_community.add((65002, 100));
            bgp_large_community.add((65002, 1, 1));
            bgp_ext_community.add((rt, 65002, 7));
            accept;
        }
        \(protocols.joined(separator: "\n"))
        \(session("us4", Plan.them.ipv4, Plan.us.ipv4, "ipv4", options, channel))
        \(session("us6", Plan.them.ipv6, Plan.us.ipv6, "ipv6", [], []))

        """
    }

    private func session(
        _ name: String,
        _ own: String,
        _ peer: String,
        _ family: String,
        _ options: [String],
        _ channel: [String]
    ) -> String {
        let passive = place.opener == .us ? "passive on; " : ""
        return """
            protocol bgp \(name) {
                local \(own) as \(Plan.them.autonomousSystem);
                neighbor \(peer) as \(Plan.us.autonomousSystem);
                \(passive)connect retry time 1; connect delay time 1; error wait time 1, 2;
                \(options.joined(separator: "\n"))
                \(family) { \(channel.joined(separator: " ")) import all; export filter ours; };
            }
            """
    }

    package func start() async throws { try await start(recovering: false) }

    /// Starts it; where it recovers, as one that has forwarded all the time (`-R`).
    package func start(recovering isRecovering: Bool) async throws {
        process = try DaemonProcess(
            ["bird", "-f", "-c", file.path, "-s", socket] + (isRecovering ? ["-R"] : []),
            in: place.namespace,
            log: log
        )
        try await waitUntil("BIRD answers", telling: { self.story }) {
            _ = try ask("show status")
            return true
        }
    }

    package func end() {
        process?.end()
        process = nil
    }

    /// Ends it as a crash does (SIGKILL).
    package func crash() {
        process = nil
    }

    /// Stops it in its tracks (SIGSTOP).
    package func pause() { process?.send(SIGSTOP) }

    /// Lets it go on (SIGCONT).
    package func resume() { process?.send(SIGCONT) }

    /// What it answers to a command.
    @discardableResult
    package func ask(_ command: String) throws -> String {
        try Command.expect(["birdc", "-s", socket, command])
    }

    package func isEstablished(_ address: String) throws -> Bool {
        try ask("show protocols \(address == Plan.us.ipv4 ? "us4" : "us6")").contains("Established")
    }

    package func routes() throws -> [SeenRoute] {
        let sessions = text == nil ? ["us4", "us6"] : ["us6"]
        return try sessions.flatMap { Self.routes(in: try ask("show route all protocol \($0)")) }
            .sorted()
    }

    /// The AS paths of all paths of a prefix that it has from us over IPv4, sorted.
    package func asPaths(of prefix: String) throws -> [String] {
        try ask("show route all protocol us4 where net = \(prefix)").split(separator: "\n")
            .filter { $0.contains("BGP.as_path: ") }
            .map { $0.trimmingCharacters(in: .whitespaces).dropFirst("BGP.as_path: ".count) }
            .map(String.init).sorted()
    }

    package let announced = Plan.theirs(path: "65002 65010")

    package func withdraw() throws {
        try ask("disable s4")
        try ask("disable s6")
    }

    package func announce() throws {
        try ask("enable s4")
        try ask("enable s6")
    }

    package func shutDown(_ text: String) throws { try ask("disable us4 \"\(text)\"") }

    package func enable() throws { try ask("enable us4") }

    package func hasHeard(_ text: String) throws -> Bool {
        try shutdowns().contains { $0.hasSuffix(": \"\(text)\"") }
    }

    package func shutdownsHeard() throws -> Int { try shutdowns().count }

    /// What its log says of them: the last error in its answers is soon that of the next attempt.
    private func shutdowns() throws -> [Substring] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("us4: Received: Administrative shutdown") }
    }

    /// Gives the IPv4 session other options while it runs.
    package func change(options: [String]) throws {
        self.options = options
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        try ask("configure")
    }

    package var story: String { process?.lastWords ?? "" }

    private static func routes(in text: String) -> [SeenRoute] {
        var routes: [SeenRoute] = []
        for line in text.split(separator: "\n") {
            if let prefix = line.split(separator: " ").first, prefix.contains("/"),
                !line.hasPrefix("\t")
            {
                routes.append(SeenRoute(prefix: String(prefix), nextHop: "", asPath: ""))
                continue
            }
            guard !routes.isEmpty, let colon = line.firstRange(of: ": ") else { continue }
            let name = line[..<colon.lowerBound].trimmingCharacters(in: .whitespaces)
            read(name, String(line[colon.upperBound...]), into: &routes[routes.count - 1])
        }
        return routes
    }

    private static func read(_ name: String, _ value: String, into route: inout SeenRoute) {
        switch name {
        case "BGP.origin": route.origin = value
        case "BGP.as_path": route.asPath = value
        case "BGP.next_hop":
            route.nextHop = value.split(separator: " ").first.map(String.init) ?? ""
        case "BGP.med": route.med = Int(value)
        case "BGP.community": route.communities = groups(value).map { $0.joined(separator: ":") }
        case "BGP.large_community":
            route.largeCommunities = groups(value).map { $0.joined(separator: ":") }
        case "BGP.ext_community":
            route.extendedCommunities = groups(value)
                .map { "\($0[0]) " + $0.dropFirst().joined(separator: ":") }
        default: break
        }
    }

    /// `(65002, 1, 1) (65002, 1, 2)` taken apart.
    private static func groups(_ text: String) -> [[String]] {
        text.split(separator: ")").map { group in
            group.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }.filter { !$0.isEmpty }
    }
}
