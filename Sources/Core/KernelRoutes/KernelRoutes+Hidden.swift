import Addressing
import Tables
import Timekeeping

/// What is to be told of routes of ours that foreign ones hide.
struct HidingNews {
    /// The prefix that was last hidden or shown again.
    var latest: IPPrefix?
    /// How many were hidden when it was last told.
    var told = 0
    /// When the difference is to be told; nil where there is none.
    var due: Instant?
    var earliest = Instant(nanoseconds: .min)
}

/// Foreign routes that the kernel prefers to ours.
extension KernelRoutes {
    /// At most one line in that time.
    private static let hidingDistance: Duration = .seconds(1)
    /// A route of ours that is being replaced is not told as shown.
    private static let hidingPatience: Duration = .milliseconds(500)

    /// True where the kernel prefers it to ours of the same prefix.
    func hidesOurs(_ row: ForeignRow) -> Bool {
        row.metric < ownership.metric && row.table == ownership.table && row.typeOfService == 0
    }

    /// A foreign route that hides ours of that prefix, or would.
    func hidingForeign(_ prefix: IPPrefix) -> UInt32? {
        counts.foreign == 0
            ? nil
            : foreignIndex.find(hash: keys.hash(prefix)) { number in
                foreign[number].isFor(prefix) && hidesOurs(foreign[number])
            }
    }

    /// Tells when more or fewer of ours are hidden than it said last: thousands at once are one line.
    mutating func tellHidden(now: Instant) {
        guard counts.hidden != hiding.told, let latest = hiding.latest else {
            hiding.due = nil
            return
        }
        let isMore = counts.hidden > hiding.told
        let due = hiding.due ?? max(isMore ? now : now + Self.hidingPatience, hiding.earliest)
        guard due <= now else {
            hiding.due = due
            return
        }
        let change = counts.hidden - hiding.told
        if isMore, let number = hidingForeign(latest) {
            let row = foreign[number]
            report(
                .hidden(
                    latest,
                    protocolNumber: row.protocolNumber,
                    metric: row.metric,
                    others: change - 1
                )
            )
        } else if !isMore {
            report(.shown(latest, routes: -change, left: counts.hidden))
        }
        hiding.told = counts.hidden
        hiding.due = nil
        hiding.earliest = now + Self.hidingDistance
    }
}
