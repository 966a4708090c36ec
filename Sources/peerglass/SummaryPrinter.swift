import Addressing
import BGPWire
import Control

/// `show summary`.
enum SummaryPrinter {
    /// The table.
    ///
    /// Names wider than their column are cut; so name, blank and AS take 29 columns.
    static func table(_ rows: [NeighborRow], isNumeric: Bool, to output: inout Output) {
        output.line(
            "Neighbor                   AS    MsgRcvd    MsgSent  OutQ Up/Down  State/PrfRcvd"
        )
        for row in rows {
            let number = row.remoteAS.description
            let width = 28 - number.count
            let name = row.title(isNumeric: isNumeric)
            output.left(String(name.prefix(width)), width)
            output.append(" \(number) ")
            output.right(row.messagesReceived, 10)
            output.append(UInt8(ascii: " "))
            output.right(row.messagesSent, 10)
            output.append(UInt8(ascii: " "))
            output.right(UInt64(row.outQueue), 5)
            output.append(UInt8(ascii: " "))
            output.left(TimeText.since(row.sinceSeconds), 8)
            output.append(UInt8(ascii: " "))
            state(row, to: &output)
            output.line()
        }
    }

    private static func state(_ row: NeighborRow, to output: inout Output) {
        if row.templateLength != nil {
            output.append("Template" as StaticString)
        } else if row.state == .established {
            output.right(row.prefixesReceived, 6)
            if row.maximumPrefixes > 0 { output.append("/\(row.maximumPrefixes)") }
        } else {
            output.append(row.state.name)
        }
    }

    /// `NAME AS STATE` a line.
    static func terse(_ rows: [NeighborRow], isNumeric: Bool, to output: inout Output) {
        for row in rows {
            let name = row.title(isNumeric: isNumeric)
            let state = row.templateLength == nil ? row.state.name : "Template"
            output.line("\(name) \(row.remoteAS) \(state)")
        }
    }

    static func json(_ rows: [NeighborRow], to json: inout JSONWriter) {
        guard !rows.isEmpty else { return }
        json.array("neighbors")
        for row in rows {
            json.object()
            keys(of: row, to: &json)
            json.end()
        }
    }

    /// The keys that a neighbor has in every form.
    static func keys(of row: NeighborRow, to json: inout JSONWriter) {
        json.string("remote_as", row.remoteAS.description)
        if !row.descr.isEmpty { json.string("description", row.descr) }
        if !row.group.isEmpty { json.string("group", row.group) }
        json.string("remote_addr", row.addressText)
        if row.state == .established { json.string("bgpid", row.identifierText) }
        json.string("state", row.state.name)
        json.string("last_updown", TimeText.since(row.sinceSeconds))
        json.number("last_updown_sec", row.sinceSeconds ?? 0)
    }
}

extension NeighborRow {
    /// The peer's BGP Identifier.
    var identifierText: String {
        let bits = remoteIdentifier
        return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
}
