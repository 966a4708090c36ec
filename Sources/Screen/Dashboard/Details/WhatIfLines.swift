import Addressing
import BGPWire
import Canvas
import Control

extension DashboardModel {
    /// What would move and what be lost, in the dialog before a session is ended.
    var forecastLines: [[TextPart]] {
        guard let forecast else { return [] }
        guard forecast.isComplete else {
            let share = forecast.isPreparing ? "" : " \(forecast.share / 10_000) %"
            return [[TextPart("Counting what would move and what be lost:\(share)", .dim)]]
        }
        return [
            [TextPart("Would move to another path: \(movesText(forecast)).")],
            [
                TextPart(
                    "Would become unreachable: \(counted(forecast.unreachable)).",
                    forecast.unreachable > 0 ? .warning : .text
                )
            ],
        ]
    }

    /// The screen of what would become of the best paths.
    func whatIfLines(_ screen: WhatIfScreen) -> [[TextPart]] {
        if let refusal = screen.refusal { return [[TextPart(refusal, .error)]] }
        let result = screen.result
        guard result.change == .down else { return upLines(screen) }
        guard result.number != nil else { return [[TextPart("asking", .dim)]] }
        let name = PeerName.shown(name(of: screen.neighbor))
        var lines: [[TextPart]] = [
            labelled("Paths of \(name)", counted(result.prefixCount), width: 28),
            labelled("Move to another path", counted(result.moved), width: 28),
        ]
        for move in result.moves {
            let to = PeerName.shown(self.name(of: move.neighbor))
            lines.append(labelled("  to \(to)", counted(move.count), width: 28))
        }
        lines.append(
            labelled(
                "Become unreachable",
                counted(result.unreachable),
                result.unreachable > 0 ? .warning : .text,
                width: 28
            )
        )
        let same = result.looked - result.moved - result.unreachable
        lines.append(labelled("Stay as they are", counted(same), width: 28))
        if result.isMixed {
            lines.append([
                TextPart(
                    "Best paths changed meanwhile: the numbers are of more than one moment.",
                    .warning
                )
            ])
        }
        return lines + listLines(result)
    }

    private func listLines(_ result: WhatIfResult) -> [[TextPart]] {
        guard !result.rows.isEmpty else { return [] }
        var lines: [[TextPart]] = [[]]
        for row in result.rows {
            let from = PeerName.shown(name(of: row.from))
            let to = row.to.map { PeerName.shown(name(of: $0)) }
            lines.append([
                TextPart(row.prefix.description.fitted(to: 28)),
                TextPart("from \(from) "),
                TextPart(to.map { "to \($0)" } ?? "unreachable", to == nil ? .warning : .text),
            ])
        }
        let more = result.moved + result.unreachable - UInt64(result.rows.count)
        if more > 0 {
            lines.append([
                TextPart("and \(counted(more)) more: peerglass show what-if NAME down list", .dim)
            ])
        }
        return lines
    }

    private func upLines(_ screen: WhatIfScreen) -> [[TextPart]] {
        guard screen.result.isComplete else { return [[TextPart("asking", .dim)]] }
        let isUp = neighborRow(screen.neighbor)?.state == .established
        let name = PeerName.shown(name(of: screen.neighbor))
        return [[TextPart(screen.result.wordsForUp(name, isUp: isUp))]]
    }

    /// `401,000 prefixes (300,000 to r3, 101,000 to ix-rs1)`.
    private func movesText(_ result: WhatIfResult) -> String {
        guard !result.moves.isEmpty else { return counted(0) }
        var parts = result.moves.prefix(3).map {
            "\(NumberText.grouped($0.count)) to \(PeerName.shown(name(of: $0.neighbor)))"
        }
        if result.moves.count > 3 { parts.append("…") }
        return "\(counted(result.moved)) (\(parts.joined(separator: ", ")))"
    }

    private func counted(_ count: UInt64) -> String { NumberText.counted(count, "prefix") }
}

extension WhatIfScreen {
    /// How far it has come, in the frame.
    var note: String {
        if refusal != nil || result.isComplete { return "" }
        return result.isPreparing ? "sorting the table" : "\(result.share / 10_000) %, Esc stops"
    }
}
