/// The configurations that the measurement of slices goes through.
struct SlicesPolicy {
    /// The community that input policy adds to what the table's neighbor sends; none where nil.
    var input: Int?
    /// The community that output policy adds, of each neighbor that is sent the table: those with the same one are an
    /// update group.
    var sink = 1
    var receivers = [1, 2]

    /// The whole file.
    var text: String {
        let roles: [SoakRole] = [.table, .sink, .receiver, .idle]
        let outputs = zip(SoakNeighbor.all(.sink) + SoakNeighbor.all(.receiver), [sink] + receivers)
        let rules = outputs.map { neighbor, number in
            "match to \(neighbor.address) set community 65001:\(number)"
        }
        let judged = input.map {
            "match from group \"table\" set { localpref \(200 + $0) community 65001:\(100 + $0) }"
        }
        return """
            \(SoakDaemon.head(roles))
            allow from any
            \(judged ?? "")
            allow to group "sink"
            allow to group "receiver"
            \(rules.joined(separator: "\n"))

            """
    }
}
