import Control

/// A way to ask a speaker without waiting: of this process, or of another one over its socket.
protocol SpeakerLink: AnyObject {
    /// Asks; the answer comes later with the same token.
    func ask(_ question: Question, token: UInt64)

    /// What has come since the last call.
    func takeNews() -> [LinkNews]
}

/// What comes over a link.
enum LinkNews {
    case reply(token: UInt64, Reply)
    /// The speaker cannot be reached; why.
    case lost(String)
    case regained
}
