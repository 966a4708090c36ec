import Canvas

/// A part of the help: keys and what they do.
private struct HelpTopic {
    var title: String
    var keys: [(String, String)]
}

extension DashboardModel {
    /// The keys that work on the screen below, then all others.
    var helpLines: [[TextPart]] {
        var topics = [
            overviewTopic, listTopic, routesTopic, screenTopic, messageTopic, kernelFilterTopic,
            messageFilterTopic, generalTopic,
        ]
        let first: Int
        switch screens.dropLast().last?.content {
        case .neighbor, .route, .events, .whatIf: first = 3
        case .message: first = 4
        case .help, nil: first = 0
        }
        let here = topics.remove(at: first)
        if !options.isReadOnly { topics.insert(actingTopic, at: first == 4 ? topics.count : 0) }
        var lines: [[TextPart]] = []
        for (index, topic) in ([here] + topics).enumerated() {
            if index > 0 { lines.append([]) }
            lines.append([TextPart(index == 0 ? "Here: \(topic.title)" : topic.title, .title)])
            for (key, words) in topic.keys {
                lines.append([TextPart("  " + key.fitted(to: 20), .key), TextPart(words)])
            }
        }
        return lines
    }

    private var overviewTopic: HelpTopic {
        HelpTopic(
            title: "the overview",
            keys: [
                ("Tab Shift-Tab 1-4", "go to a pane"), ("Enter", "open the selected row"),
                ("z", "give the pane the whole screen, and back"),
                ("+ -", "make the pane taller or shorter"),
                ("< >", "make the updates/s wider or narrower, at last hide it"),
                (":hide NAME", "hide neighbors, rib, kernel, messages or updates"),
                (":show NAME", "show it again, as its number does; alone shows all"),
                ("/", "filter the pane; Esc clears"),
                ("s S", "sort the neighbors by the next column; reverse"),
                (
                    "q",
                    options.isAttached
                        ? "leave; the router goes on" : "leave: asks whether the router goes on"
                ),
            ]
        )
    }

    private var actingTopic: HelpTopic {
        HelpTopic(
            title: "the selected neighbor",
            keys: [
                ("d", "take it down, with a reason that it is told; asks first"),
                ("u", "bring it up"), ("c", "clear its session; asks first"),
                ("r", "ask it to send its routes again"),
            ]
        )
    }

    private var listTopic: HelpTopic {
        HelpTopic(
            title: "lists",
            keys: [
                ("arrows j k", "one line"), ("PgUp PgDn ^B ^F", "one page"),
                ("g Home  G End", "the first and the last; in messages G follows again"),
                ("mouse", "click selects, double click opens, the wheel scrolls"),
                ("Shift and drag", "selects text as the terminal does"),
            ]
        )
    }

    private var routesTopic: HelpTopic {
        HelpTopic(
            title: "filters of routes, joined by blanks",
            keys: [
                ("203.0.113.0/24", "that prefix"),
                ("198.51.100.7", "the longest prefix that holds it"),
                ("in 10.0.0.0/8", "inside it"), ("covers 10.1.2.3", "around it"),
                ("as N  origin-as N", "with that AS in the path; at its end"),
                ("peer-as transit-as", "at the start of the path; in between"),
                ("from NAME", "from that neighbor"), ("ovs invalid", "valid, invalid or not-found"),
                ("path \"^65002_\"", "the path fits the expression; _ is the border of a number"),
                ("community 65002:*", "and large-community 65002:1:*, ext-community rt 65002:7"),
                ("nexthop A", "with that next hop"),
                ("best  refused", "selected; refused by policy"),
                ("inet  inet6", "of one family"),
                ("not …  !…", "before one of these: what must not hold"),
                ("37%", "goes there instead of filtering"),
                ("digits, zoomed", "typing a prefix goes to it"),
            ]
        )
    }

    private var kernelFilterTopic: HelpTopic {
        HelpTopic(
            title: "filters of kernel routes, joined by blanks",
            keys: [
                ("203.0.113.0/24", "that prefix; an address, in and covers as for routes"),
                ("bgp static", "of that protocol, also connected; foreign: not ours"),
                ("nexthop", "that carry next hops of ours"),
                ("drift", "where the kernel is not as the RIB"), ("inet  inet6", "of one family"),
            ]
        )
    }

    private var messageFilterTopic: HelpTopic {
        HelpTopic(
            title: "filters of messages, joined by blanks",
            keys: [
                ("NAME", "of that neighbor"),
                ("open notification", "of that kind, also update, keepalive, refresh, connect"),
                ("received  sent", "of one direction"),
            ]
        )
    }

    private var screenTopic: HelpTopic {
        HelpTopic(
            title: "details",
            keys: [
                ("Esc Backspace q", "back to the same row"),
                ("Tab 1-4", "the pages of a neighbor"), ("arrows PgUp PgDn", "scroll"),
                ("Enter", "open the selected route"),
            ]
        )
    }

    private var messageTopic: HelpTopic {
        HelpTopic(
            title: "a message taken apart",
            keys: [
                ("Up Down", "the field before or behind; its octets are lit"),
                ("Left Right Enter", "fold and unfold"),
            ]
        )
    }

    private var generalTopic: HelpTopic {
        HelpTopic(
            title: "everywhere",
            keys: [
                ("Space", "freeze the screen, and go on"),
                ("e", "what has happened to the speaker"),
                (":", "a command: rib in 10.0.0.0/8, neighbor r2, quit; Tab completes"),
                (":what-if NAME down", "what would move and what be lost, without doing it"),
                ("?", "this help"), ("^L", "draw the screen again"), ("^Z", "suspend"),
                ("F1 F3 F5 F9 F10", "help, filter, ask again, down, leave"),
            ]
        )
    }
}
