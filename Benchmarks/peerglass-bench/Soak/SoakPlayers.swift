/// The processes that play neighbors, a role each, and what they have seen.
final class SoakPlayers {
    private let tableCount: Int
    private var children: [SoakRole: Child] = [:]
    /// What the neighbors of each role have seen since ``takeFacts()``, as far as they were asked.
    private(set) var seen: [SoakRole: SoakFacts] = [:]

    init(tableCount: Int) {
        self.tableCount = tableCount
    }

    func start(_ role: SoakRole) {
        let words = ["--play", role.rawValue, "\(tableCount)"]
        children[role] = Shell.start(
            Self.command(in: SoakNetwork.namespace(of: role)) + words,
            output: true
        )
    }

    /// Runs this program in a namespace.
    static func command(in namespace: String) -> [String] {
        ["ip", "netns", "exec", namespace, CommandLine.arguments[0]]
    }

    /// Ends the process of a role, and with it the sessions.
    func end(_ role: SoakRole) {
        children[role]?.say("end")
        children[role] = nil
    }

    func say(_ line: String, to role: SoakRole) {
        children[role]?.say(line)
    }

    /// Has every neighbor change that many routes a second.
    func churn(_ count: Int) {
        for child in children.values { child.say("churn \(count)") }
    }

    /// What the neighbors of a role have seen since ``takeFacts()``; nil where they do not answer.
    @discardableResult
    func facts(_ role: SoakRole) -> SoakFacts? {
        guard let child = children[role] else { return nil }
        child.say("report")
        guard let facts = SoakLine.read(child.readLine(seconds: 3600) ?? "", as: SoakFacts.self)
        else { return nil }
        seen[role, default: SoakFacts()].add(facts)
        return seen[role]
    }

    /// Asks all; those that do not answer.
    func silentRoles() -> [SoakRole] {
        children.keys.filter { facts($0) == nil }
    }

    /// What was seen; from now on it is counted anew.
    func takeFacts() -> [SoakRole: SoakFacts] {
        defer { seen = [:] }
        return seen
    }
}
