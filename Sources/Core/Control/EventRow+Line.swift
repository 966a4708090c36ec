internal import Addressing
internal import BGPWire

extension EventRow {
    /// The event as a log line without its time: `neighbor 10.9.12.2 (r2): state change ...`.
    ///
    /// The words are those that people of OpenBGPD search their logs for.
    ///
    /// `neighbor` is the neighbor as the line names it, `10.9.12.2 (r2)`; nil where the event is
    /// about none.
    package func line(neighbor: String?) -> String {
        guard let neighbor else { return words }
        return "neighbor \(neighbor): \(words)"
    }

    private var words: String {
        switch kind {
        case .stateChange(let from, let to, let event):
            "state change \(from.name) -> \(to.name), reason: \(event)"
        case .up:
            "session up"
        case .down(let reason, let upSeconds):
            reason.logWords(neighbor: neighborName)
                + (upSeconds > 0 ? ", session down after \(TimeText.span(upSeconds))" : "")
        case .connectFailed(let reason):
            reason.logWords(neighbor: neighborName)
        case .malformedUpdate(let text):
            "malformed UPDATE: \(text)"
        case .kernelRefusal(let text):
            "the kernel refused \(text)"
        case .kernelOverrun:
            "the kernel's notifications overran, its table is read again"
        case .kernelChange(let text, _), .operation(let text), .notice(let text):
            text
        }
    }
}

extension DownReason {
    /// As the log has it: `sending notification: Cease, administratively down: reason "..."`.
    fileprivate func logWords(neighbor: String) -> String {
        switch self {
        case .sent(let message):
            "sending notification: \(message.logWords)"
        case .received(let message):
            "received notification: \(message.logWords)"
        case .socketError(let errno), .connectFailed(let errno):
            "socket error: \(SystemError.words(errno))"
        case .wrongAS(_, let received):
            "peer sent wrong AS \(received)"
        case .identifierUnacceptable, .holdTimeUnacceptable, .capabilityMissing, .noCommonFamily,
            .roleMismatch,
            .unexpectedMessage, .configurationChanged, .collision, .maximumPrefixes,
            .maximumPrefixesSent, .interfaceDown,
            .holdTimerExpired, .ownLoopBusy, .sendHoldTimerExpired,
            .closedByPeer, .connectTimedOut, .authenticationUnavailable, .socketOptionRefused,
            .administrativeShutdown, .administrativeReset, .configuredDown, .deconfigured,
            .speakerStopped, .connectionReplaced:
            sentence(neighbor: neighbor)
        }
    }
}

extension NotificationMessage {
    fileprivate var logWords: String {
        shutdownText.map { "\(words): reason \"\($0)\"" } ?? words
    }
}
