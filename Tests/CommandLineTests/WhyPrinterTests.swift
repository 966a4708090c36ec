import Addressing
import Control
import Testing

@testable import peerglass

@Suite struct `Why and what if in text and JSON` {
    private static let rows: [RIBRow] = {
        let rule = RuleStep(file: "bgpd.conf", line: 31, text: "deny quick from group upstreams")
        let change = RuleStep(
            file: "bgpd.conf",
            line: 30,
            text: "match from any set localpref 120",
            changes: ["localpref 100 -> 120"]
        )
        let reasons: [(NeighborNumber, PathReason)] = [
            (NeighborNumber(2), PathReason(rank: 1, verdict: .best, rules: [change])),
            (
                NeighborNumber(1),
                PathReason(rank: 2, verdict: .lost(.pathLength(3, 1), to: NeighborNumber(2)))
            ),
            (
                NeighborNumber(1),
                PathReason(rank: 3, verdict: .refused(by: 1), rules: [change, rule])
            ),
        ]
        return reasons.map { neighbor, reason in
            var row = RIBRow(
                prefix: Recorded.prefix("203.0.113.0/24"),
                neighbor: neighbor,
                flags: .valid
            )
            row.reason = reason
            return row
        }
    }()

    @Test func `show rib why`() {
        let text = Recorded.text { output in
            var printer = RIBPrinter(book: Recorded.book, form: .why)
            printer.header(to: &output)
            for row in Self.rows { printer.row(row, to: &output) }
        }
        #expect(
            text == """
                203.0.113.0/24
                  1 r3-bird              best
                                         bgpd.conf:30 match from any set localpref 120: localpref 100 -> 120
                  2 r2                   lost at step 3 AS path length 3 > 1 to r3-bird
                  3 r2                   refused: bgpd.conf:31 deny quick from group upstreams
                                         bgpd.conf:30 match from any set localpref 120: localpref 100 -> 120

                """
        )
    }

    @Test func `show rib detail in JSON names the reason at the end of each path`() {
        let text = Recorded.json { json in
            var printer = RIBJSON(book: Recorded.book, form: .detail, table: .locRIB)
            for row in Self.rows { printer.row(row, to: &json) }
        }
        #expect(text.contains("\t\t\t\"why\": \"best\"\n\t\t},"))
        #expect(
            text.contains(
                "\t\t\t\"why\": \"lost at step 3 AS path length 3 > 1 to r3-bird\",\n"
                    + "\t\t\t\"lost_at\": \"AS path length\"\n\t\t},"
            )
        )
        #expect(
            text.contains(
                "\t\t\t\"refused_by\": { \"file\": \"bgpd.conf\", \"line\": 31,"
                    + " \"text\": \"deny quick from group upstreams\" }\n"
            )
        )
    }

    private static let result: WhatIfResult = {
        var result = WhatIfResult(.descr("r2"), .down, rowLimit: 0)
        var slice = WhatIfSlice(neighbor: NeighborNumber(1))
        slice.prefixCount = 903_112
        slice.looked = 903_112
        slice.moves = [WhatIfSlice.Destination(neighbor: NeighborNumber(2), count: 401_000)]
        slice.unreachable = 22
        result.take(slice)
        return result
    }()

    private static let moved = [
        WhatIfRow(
            prefix: Recorded.prefix("198.51.100.0/24"),
            from: NeighborNumber(1),
            to: NeighborNumber(2)
        ),
        WhatIfRow(prefix: Recorded.prefix("203.0.113.0/24"), from: NeighborNumber(1), to: nil),
    ]

    @Test func `show what-if`() {
        let printer = WhatIfPrinter(book: Recorded.book)
        let text = Recorded.text { output in
            printer.header(to: &output)
            for row in Self.moved { printer.row(row, to: &output) }
            printer.summary(Self.result, isUp: true, to: &output)
        }
        #expect(
            text == """
                destination          from                 to
                198.51.100.0/24      r2                   r3-bird
                203.0.113.0/24       r2                   unreachable
                if r2 goes down, of the 903,112 prefixes that it has a path of:
                  move to another path              401,000
                    to r3-bird                      401,000
                  become unreachable                     22
                  stay as they are                  502,090

                """
        )
    }

    @Test func `show what-if in JSON`() {
        let printer = WhatIfPrinter(book: Recorded.book)
        let text = Recorded.json { json in
            json.object("what_if")
            json.array("prefixes")
            for row in Self.moved { printer.json(row, to: &json) }
            json.end()
            printer.json(Self.result, isUp: true, to: &json)
            json.end()
        }
        #expect(
            text == """
                {
                \t"what_if": {
                \t\t"prefixes": [
                \t\t\t{ "prefix": "198.51.100.0/24", "from": "r2", "to": "r3-bird" },
                \t\t\t{ "prefix": "203.0.113.0/24", "from": "r2" }
                \t\t],
                \t\t"neighbor": { "description": "r2", "remote_addr": "10.9.12.2" },
                \t\t"change": "down",
                \t\t"known": true,
                \t\t"paths": 903112,
                \t\t"moved": 401000,
                \t\t"moved_to": [
                \t\t\t{ "description": "r3-bird", "remote_addr": "10.9.13.3", "count": 401000 }
                \t\t],
                \t\t"unreachable": 22
                \t}
                }

                """
        )
    }
}
