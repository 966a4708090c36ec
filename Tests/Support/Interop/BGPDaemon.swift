/// Another implementation of BGP, run by a test and asked by its own command line.
package protocol BGPDaemon: AnyObject {
    /// Its name for people.
    static var name: String { get }
    /// It says that it goes when it ends, also to who would keep its routes for a restart.
    static var saysGoodbye: Bool { get }
    /// The programs that must be installed.
    static var programs: [String] { get }

    /// Writes its configuration; nothing runs yet.
    init(_ place: Plan.Place) throws

    /// Starts it and gives it the routes to announce.
    func start() async throws
    /// Ends it as an operator does.
    func end()

    /// Whether its session with that address of ours is up.
    func isEstablished(_ address: String) throws -> Bool
    /// The routes that it has from us, sorted.
    func routes() throws -> [SeenRoute]
    /// What it announces, as we must hear it, sorted.
    var announced: [SeenRoute] { get }
    /// Takes both its routes away.
    func withdraw() throws
    /// Announces both its routes again.
    func announce() throws
    /// Takes the IPv4 session down with a text for us.
    func shutDown(_ text: String) throws
    /// Lets the IPv4 session come up again.
    func enable() throws
    /// Has it come back at once where it would wait after an end that was ours.
    func hurry() throws
    /// Whether it has heard that text from us when the IPv4 session went down.
    func hasHeard(_ text: String) throws -> Bool
    /// How often it has heard Cease/Administrative Shutdown from us on the IPv4 session.
    func shutdownsHeard() throws -> Int
    /// The last lines of its log.
    var story: String { get }
}

extension BGPDaemon {
    package static var saysGoodbye: Bool { true }

    package func hurry() throws {}
}
