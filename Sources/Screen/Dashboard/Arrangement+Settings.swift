/// What is wrong with a setting of the arrangement, in words.
package struct ArrangementFault: Error, Hashable {
    /// What was found and what was expected.
    package var text: String
}

extension Arrangement {
    /// What differs from the arrangement as drawn, for the settings file: `kernel.hidden` and `true`.
    package var settings: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        for pane in Pane.allCases {
            if hidden.contains(pane) { result.append(("\(pane.word).hidden", "true")) }
            let rows = rows[pane.rawValue]
            if rows != 0 { result.append(("\(pane.word).rows", "\(rows)")) }
            guard pane == .neighbors else { continue }
            if sort.column != .state { result.append(("neighbors.sort", sort.column.word)) }
            if sort.isReversed { result.append(("neighbors.reversed", "true")) }
            switch updates {
            case .shown(columns: 0): break
            case .shown(let columns): result.append(("neighbors.updates", "\(columns)"))
            case .hidden: result.append(("neighbors.updates", "hidden"))
            }
        }
        return result
    }

    /// Takes one setting in.
    ///
    /// - Throws: ``ArrangementFault`` for a name that does not exist and a value that it cannot have.
    package mutating func set(_ name: String, to value: String) throws(ArrangementFault) {
        let words = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let pane = Pane.allCases.first(where: { $0.word == words.first }) else {
            throw ArrangementFault(
                text: "unknown pane \"\(words.first ?? "")\"; panes are "
                    + Pane.allCases.map(\.word).joined(separator: ", ")
            )
        }
        switch words.dropFirst().joined(separator: ".") {
        case "hidden":
            guard try Self.flag(value) else { return show(pane) }
            guard hide(pane) else {
                throw ArrangementFault(text: "every pane is hidden; one has to stay")
            }
        case "rows": rows[pane.rawValue] = try Self.number(value, of: "rows")
        case "sort" where pane == .neighbors:
            let columns = NeighborSort.Column.allCases
            guard let column = columns.first(where: { $0.word == value }) else {
                let known = columns.map(\.word).joined(separator: ", ")
                throw ArrangementFault(text: "\"\(value)\": expected one of \(known)")
            }
            sort.column = column
        case "reversed" where pane == .neighbors: sort.isReversed = try Self.flag(value)
        case "updates" where pane == .neighbors:
            updates =
                value == "hidden"
                ? .hidden : .shown(columns: try Self.number(value, of: "columns, or hidden"))
        case let other:
            let more = pane == .neighbors ? "hidden, rows, sort, reversed, updates" : "hidden, rows"
            throw ArrangementFault(text: "unknown word \"\(other)\"; \(pane.word) has \(more)")
        }
    }

    private static func flag(_ value: String) throws(ArrangementFault) -> Bool {
        switch value {
        case "true": true
        case "false": false
        default: throw ArrangementFault(text: "\"\(value)\": expected true or false")
        }
    }

    private static func number(
        _ value: String,
        of what: String
    ) throws(ArrangementFault) -> Int {
        // More than a screen has would only make sums overflow.
        guard let number = Int(value), (-1000...1000).contains(number) else {
            throw ArrangementFault(text: "\"\(value)\": expected -1000 to 1000 \(what)")
        }
        return number
    }
}
