/// Where the columns of the neighbors pane stand, by the width of the screen.
///
/// What goes first as the width shrinks: message counts, then addresses, then the graphs.
struct NeighborColumns: Hashable {
    /// Name, address and AS share a block whose end is the AS's last digit.
    var blockEnd: Int
    var hasAddresses: Bool
    var state: Int
    var since: Int
    /// The last columns of right-aligned numbers; nil where they are left out.
    var messagesReceived: Int?
    var messagesSent: Int?
    var prefixesReceived: Int
    var prefixesSent: Int?
    /// Where the graphs begin, and the columns of a graph.
    var graph: Int?
    var graphWidth = 7

    static let stateWidth = 17
    /// The narrowest screen with graphs.
    private static let leastWidth = 91
    private static let leastGraphWidth = 7

    init(width: Int) {
        hasAddresses = width >= 104
        let spare = max(0, width - 120)
        let blockWidth = hasAddresses ? 31 + min(spare / 2, 24) : 22 - max(0, min(8, 80 - width))
        blockEnd = 4 + blockWidth
        state = blockEnd + 1
        since = state + Self.stateWidth + (hasAddresses ? 2 : 1)
        var end = since + 8
        if width >= 120 {
            messagesReceived = end + 9
            messagesSent = end + 17
            end += 17
        }
        prefixesReceived = end + 10
        end += 10
        if width >= Self.leastWidth {
            prefixesSent = end + 6
            end += 6
            graph = end + 1
            graphWidth = min(60, max(Self.leastGraphWidth, width - end - 17))
        }
    }

    /// The columns where the operator has moved the border of the updates a second, or hidden them.
    ///
    /// The others are those of the widest screen that has no more room for them than they have here.
    init(width: Int, updates: Arrangement.UpdatesBox) {
        self.init(width: width)
        guard let graph, let range = Self.graphShifts(width: width) else { return }
        switch updates {
        case .shown(columns: 0): break
        case .shown(let columns):
            let shift = min(max(columns, range.lowerBound), range.upperBound)
            let moved = graph - shift
            let graphWidth = graphWidth + shift
            self = Self.fitting(end: moved - 1)
            self.graph = moved
            self.graphWidth = graphWidth
        case .hidden:
            self = Self.fitting(end: width - 4)
            self.graph = nil
        }
    }

    /// Columns that the graphs can gain or lose; nil where there are none.
    static func graphShifts(width: Int) -> ClosedRange<Int>? {
        let columns = Self(width: width)
        guard let graph = columns.graph, let least = Self(width: leastWidth).graph else {
            return nil
        }
        return (leastGraphWidth - columns.graphWidth)...(graph - least)
    }

    /// The most columns whose last one is not behind `end`.
    private static func fitting(end: Int) -> Self {
        var width = leastWidth
        while let next = Self(width: width + 1).prefixesSent, next <= end, width < end + 120 {
            width += 1
        }
        return Self(width: width)
    }
}
