extension NotificationMessage {
    /// Code and subcode in OpenBGPD's words: `Cease, administratively down`.
    package var words: String {
        let parts = wordParts
        return parts.detail.isEmpty ? parts.error : "\(parts.error), \(parts.detail)"
    }

    /// The words with a slash, for a sentence: `Cease/administratively down`.
    var slashedWords: String {
        let parts = wordParts
        return parts.detail.isEmpty ? parts.error : "\(parts.error)/\(parts.detail)"
    }

    /// The words and the Shutdown Communication behind them: `Cease/administratively down "CHG-2"`.
    var slashedWordsWithText: String {
        shutdownText.map { "\(slashedWords) \"\($0)\"" } ?? slashedWords
    }

    private var wordParts: (error: String, detail: String) {
        guard let error = ErrorCode(rawValue: code) else {
            return ("unknown error code \(code)", subcode == 0 ? "" : "subcode \(subcode)")
        }
        if subcode == 0 { return (error.words, "") }
        if let cause = hardResetCause { return (error.words, "hard reset: \(cause.words)") }
        let names = error.subcodeWords
        if Int(subcode) <= names.count, !names[Int(subcode) - 1].isEmpty {
            return (error.words, names[Int(subcode) - 1])
        }
        return (error.words, "unknown subcode \(subcode)")
    }
}

extension NotificationMessage.ErrorCode {
    /// The error in words.
    var words: String {
        switch self {
        case .header: "Header error"
        case .open: "error in OPEN message"
        case .update: "error in UPDATE message"
        case .holdTimerExpired: "HoldTimer expired"
        case .finiteStateMachine: "Finite State Machine error"
        case .cease: "Cease"
        case .routeRefresh: "error in ROUTE-REFRESH message"
        case .sendHoldTimerExpired: "SendHoldTimer expired"
        }
    }

    /// The subcodes in words, from 1 on; empty where a number has no meaning.
    var subcodeWords: [String] {
        switch self {
        case .header:
            ["synchronization error", "wrong length", "unknown message type"]
        case .open:
            [
                "version mismatch", "AS unacceptable", "BGPID invalid", "optional parameter error",
                "authentication error", "unacceptable holdtime", "unsupported capability", "", "",
                "",
                "role mismatch",
            ]
        case .update:
            [
                "attribute list error", "unknown well-known attribute",
                "well-known attribute missing",
                "attribute flags error", "attribute length wrong", "origin unacceptable",
                "loop detected",
                "nexthop unacceptable", "optional attribute error", "network unacceptable",
                "AS-Path unacceptable",
            ]
        case .finiteStateMachine:
            [
                "received unexpected message in OpenSent",
                "received unexpected message in OpenConfirm",
                "received unexpected message in Established",
            ]
        case .cease:
            [
                "received max-prefix exceeded", "administratively down", "peer unconfigured",
                "administrative reset", "connection rejected", "other config change", "collision",
                "resource exhaustion", "hard reset", "BFD down",
            ]
        case .routeRefresh:
            ["invalid message length"]
        case .holdTimerExpired, .sendHoldTimerExpired:
            []
        }
    }
}
