import BGPWire
import Control

/// What would become of the best paths: for the dialog before a session is ended, and on a screen of its own.
extension DashboardModel {
    /// The forecast begins and ends with the dialog that it is for.
    mutating func settleForecast() {
        var wanted: NeighborSelector?
        if let number = dialog?.neighbor, neighborRow(number)?.state == .established {
            wanted = .number(number)
        }
        guard wanted != forecast?.neighbor else { return }
        outstanding.removeAll { $0.purpose == .forecast }
        forecast = wanted.map { WhatIfResult($0, .down, rowLimit: 0) }
    }

    /// The next slice of the forecast.
    mutating func missingForecast() -> [DashboardEffect] {
        guard let forecast, !forecast.isPreparing, !isOutstanding(.forecast),
            let request = forecast.nextRequest
        else { return [] }
        return [ask(request.question, for: .forecast)]
    }

    /// What waited for the order of the table asks again.
    mutating func resumeForecasts() {
        forecast?.isPreparing = false
        guard let top = screens.indices.last, case .whatIf(var screen) = screens[top].content
        else { return }
        screen.result.isPreparing = false
        screens[top].content = .whatIf(screen)
    }

    mutating func take(_ slice: WhatIfSlice, for purpose: Purpose) {
        if purpose == .forecast { forecast?.take(slice) }
        guard case .screen(let number) = purpose,
            let index = screens.firstIndex(where: { $0.number == number }),
            case .whatIf(var screen) = screens[index].content
        else { return }
        screen.result.take(slice)
        screens[index].content = .whatIf(screen)
    }

    /// Leaves the dialog for the list of what would be lost.
    mutating func openForecast(of number: NeighborNumber) {
        dialog = nil
        open(.whatIf(WhatIfScreen(number, .down)))
    }
}
