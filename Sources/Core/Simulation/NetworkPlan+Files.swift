package import Addressing

/// The files of the machines.
extension NetworkPlan {
    /// The file of a machine.
    package func configuration(of machine: Int) -> String {
        let places = links.indices.filter {
            links[$0].first == machine || links[$0].second == machine
        }
        return configuration(of: machine, links: places)
    }

    /// The places of each machine's links.
    var linkPlaces: [[Int]] {
        var places = machines.map { _ in [Int]() }
        for (place, link) in links.enumerated() {
            places[link.first].append(place)
            places[link.second].append(place)
        }
        return places
    }

    /// The file of a machine whose links stand at these places.
    func configuration(of machine: Int, links places: [Int]) -> String {
        let neighbors = neighbors(of: machine, places)
        var lines = [
            "AS \(machines[machine].autonomousSystem)",
            "router-id 10.0.\((machine + 1) / 256).\((machine + 1) % 256)",
            machines[machine].statements,
        ]
        for role in Role.allCases {
            let statements = neighbors.filter { $0.role == role }.map(\.statement)
            guard !statements.isEmpty else { continue }
            if let group = role.group {
                lines += ["group \"\(group)\" {"] + statements + ["}"]
            } else {
                lines += statements
            }
        }
        lines.append(machines[machine].rules)
        lines += rules(
            for: Set(neighbors.map(\.role)),
            of: machines[machine].autonomousSystem
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private func neighbors(
        of machine: Int,
        _ places: [Int]
    ) -> [(role: Role, statement: String)] {
        places.map { number in
            let link = links[number]
            let isFirst = link.first == machine
            let other = isFirst ? link.second : link.first
            let own = link.relation.role(of: isFirst ? .first : .second)
            let lines = [
                "neighbor \(address(of: number, isFirst: !isFirst)) {",
                "remote-as \(machines[other].autonomousSystem)",
                "descr r\(other + 1)",
                "announce IPv4 unicast",
                "announce IPv6 unicast",
                neighborStatements,
                keepsRelationsByRoles ? own.group.map { _ in "role \(own)" } ?? "" : "",
                isFirst ? link.firstStatements : link.secondStatements,
                "}",
            ]
            return (
                link.relation.role(of: isFirst ? .second : .first), lines.joined(separator: "\n")
            )
        }
    }

    /// What keeps the relations to neighbors of these roles; nothing where all are open.
    private func rules(for roles: Set<Role>, of own: UInt32) -> [String] {
        let groups = Role.allCases.filter { roles.contains($0) && $0.group != nil }
        return groups.flatMap { role -> [String] in
            guard let group = role.group else { return [] }
            let mark = role == .customer ? " large-community \(own):1:1" : ""
            return [
                "allow from group \"\(group)\" set { localpref \(role.localPreference)\(mark) }",
                role == .customer || keepsRelationsByRoles
                    ? "allow to group \"\(group)\""
                    : "allow to group \"\(group)\" large-community \(own):1:1",
            ]
        }
    }

    /// Gives a machine own networks, marked as its relations want.
    package mutating func announce(_ prefixes: [IPPrefix], from machine: Int) {
        let mark = "set large-community \(machines[machine].autonomousSystem):1:1"
        let lines = prefixes.map { "network \($0) \(mark)" }
        machines[machine].statements = lines.joined(separator: "\n")
    }
}
