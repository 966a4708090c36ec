import Addressing

extension DownReason {
    /// A sentence that says who did what: `nothing from r2 for 90 s`.
    ///
    /// `neighbor` is the neighbor's name or address.
    package func sentence(neighbor: String) -> String {
        switch self {
        case .sent(let message):
            "sent \(message.slashedWordsWithText)"
        case .received(let message):
            "received \(message.slashedWordsWithText)"
        case .holdTimerExpired(let seconds):
            "nothing from \(neighbor) for \(seconds) s"
        case .ownLoopBusy(let milliseconds):
            "our own loop was busy for \(Self.seconds(milliseconds)): \(neighbor) was not late"
        case .sendHoldTimerExpired(let seconds):
            "\(neighbor) took nothing from us for \(seconds) s (send hold time)"
        case .closedByPeer:
            "\(neighbor) closed the connection without a NOTIFICATION"
        case .socketError(let errno):
            "the connection to \(neighbor) broke: \(SystemError.words(errno))"
        case .connectFailed(errno: 111):
            "refused: the host answered, nobody listens"
        case .connectFailed(errno: 113):
            "no route to \(neighbor): the network says the host cannot be reached"
        case .connectFailed(errno: 101):
            "network unreachable: we have no route to \(neighbor)"
        case .connectFailed(errno: 110):
            "no answer: \(neighbor) is silent, or packets are dropped"
        case .connectFailed(errno: 99):
            "the local address for \(neighbor) is not on this host"
        case .connectFailed(let errno):
            "cannot connect to \(neighbor): \(SystemError.words(errno))"
        case .connectTimedOut(let seconds):
            "no answer from \(neighbor) in \(Self.waited(seconds)): "
                + "it is silent, or packets are dropped"
        case .authenticationUnavailable(let errno):
            "the MD5 key for \(neighbor) could not be set (\(SystemError.words(errno))): "
                + "kept down rather than unauthenticated"
        case .socketOptionRefused(let option, let errno):
            "the system refused \(option) for \(neighbor): \(SystemError.words(errno))"
        case .administrativeShutdown(let text):
            Self.quoted("taken down by the operator", text)
        case .administrativeReset(let text):
            Self.quoted("cleared by the operator", text)
        case .configuredDown(let text):
            Self.quoted("down in the configuration", text)
        case .deconfigured:
            "\(neighbor) was removed from the configuration"
        case .speakerStopped:
            "this speaker stopped"
        case .collision:
            "two connections with \(neighbor) met, the other one was kept"
        case .connectionReplaced:
            "\(neighbor) opened another connection: it has restarted"
        case .maximumPrefixes(let limit, 0):
            "\(neighbor) sent more than \(limit) prefixes"
        case .maximumPrefixes(let limit, let minutes):
            "\(neighbor) sent more than \(limit) prefixes; again in \(minutes) min"
        case .maximumPrefixesSent(let limit, 0):
            "we had more than \(limit) prefixes to send to \(neighbor)"
        case .maximumPrefixesSent(let limit, let minutes):
            "we had more than \(limit) prefixes to send to \(neighbor); again in \(minutes) min"
        case .interfaceDown(let name):
            "\(neighbor) depends on \(name), which has no link"
        case .wrongAS(let expected, let received):
            "\(neighbor) says that it is AS \(received), the configuration says AS \(expected)"
        case .identifierUnacceptable(let identifier):
            "\(neighbor) has the BGP Identifier \(IPAddress(ipv4: identifier)), which is 0 or ours"
        case .holdTimeUnacceptable(let offered, let minimum):
            "\(neighbor) offers a hold time of \(offered) s, we accept \(minimum) s and more"
        case .capabilityMissing(let code):
            "\(neighbor) lacks \(Capabilities.name(ofCode: code)), which the configuration enforces"
        case .roleMismatch(_, []):
            "open policy role enforced but not present"
        case .roleMismatch(let own, let theirs):
            "open policy role mismatch: our role \(own.word), their role "
                + theirs.map { BGPRole.word(of: $0) }.joined(separator: " and ")
        case .noCommonFamily:
            "no address family in common with \(neighbor)"
        case .unexpectedMessage(let type, let state):
            "\(neighbor) sent \(type.name) in \(state.name), which the protocol does not allow"
        case .configurationChanged:
            "the configuration of \(neighbor) changed"
        }
    }

    /// A form for narrow columns: `refused: nobody listens`.
    package var shortWords: String {
        switch self {
        case .sent(let message): "sent \(message.slashedWords)"
        case .received(let message): "received \(message.slashedWords)"
        case .holdTimerExpired(let seconds): "silent for \(seconds) s"
        case .ownLoopBusy(let milliseconds): "our loop busy \(Self.seconds(milliseconds))"
        case .sendHoldTimerExpired(let seconds): "took nothing for \(seconds) s"
        case .closedByPeer: "closed by peer"
        case .socketError(let errno): SystemError.words(errno)
        case .connectFailed(errno: 111): "refused: nobody listens"
        case .connectFailed(errno: 113): "no route to host"
        case .connectFailed(errno: 101): "network unreachable"
        case .connectFailed(errno: 110): "no answer"
        case .connectFailed(errno: 99): "local address missing"
        case .connectFailed(let errno): SystemError.words(errno)
        case .connectTimedOut(let seconds): "no answer in \(Self.waited(seconds))"
        case .authenticationUnavailable: "MD5 key not set"
        case .socketOptionRefused(let option, _): "\(option) refused"
        case .administrativeShutdown: "shut down"
        case .administrativeReset: "cleared"
        case .configuredDown: "down in configuration"
        case .deconfigured: "removed"
        case .speakerStopped: "speaker stopped"
        case .collision: "collision"
        case .connectionReplaced: "peer restarted"
        case .maximumPrefixes(let limit, _): "more than \(limit) prefixes"
        case .maximumPrefixesSent(let limit, _): "over \(limit) prefixes to send"
        case .interfaceDown(let name): "\(name) has no link"
        case .wrongAS(_, let received): "peer says AS \(received)"
        case .identifierUnacceptable: "bad BGP Identifier"
        case .holdTimeUnacceptable(let offered, _): "hold time \(offered) s refused"
        case .capabilityMissing(let code): "lacks \(Capabilities.name(ofCode: code))"
        case .roleMismatch(_, []): "lacks a role"
        case .roleMismatch: "role mismatch"
        case .noCommonFamily: "no common family"
        case .unexpectedMessage(let type, _): "unexpected \(type.name)"
        case .configurationChanged: "configuration changed"
        }
    }

    /// Whole seconds; a retry time of one second ends sooner.
    private static func waited(_ seconds: UInt32) -> String {
        seconds == 0 ? "under 1 s" : "\(seconds) s"
    }

    private static func seconds(_ milliseconds: UInt32) -> String {
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = (UInt64(milliseconds) + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    private static func quoted(_ words: String, _ text: String) -> String {
        text.isEmpty ? words : "\(words): \"\(PeerText.escaped(text.utf8))\""
    }
}

extension Capabilities {
    /// The name of a capability by its code (IANA), `capability 99` for one that is not known here.
    package static func name(ofCode code: UInt8) -> String {
        switch code {
        case 1: "Multiprotocol extensions"
        case 2: "Route Refresh"
        case 6: "Extended message"
        case 9: "Open Policy role"
        case 64: "Graceful Restart"
        case 65: "4-byte AS numbers"
        case 69: "Add-path"
        case 70: "Enhanced Route Refresh"
        default: "capability \(code)"
        }
    }
}
