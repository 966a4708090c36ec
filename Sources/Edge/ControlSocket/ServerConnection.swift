internal import Control

/// A client as the server sees it.
final class ServerConnection {
    /// What the loop watches.
    struct Interest: Equatable {
        var readable = true
        var writable = false
    }

    let stream: ControlStream
    let client: UInt64
    private let access: ControlServer.Access
    private var isGreeted = false
    private var isClosing = false
    /// Questions handed out and not yet answered.
    private var openQuestions = 0
    /// What the loop was last told.
    var announced = Interest()

    /// The longest question; the longest there is carries a reason of 255 octets and some communities.
    private static let longestQuestion = 1 << 16
    /// Questions that one client may have open.
    private static let openLimit = 16
    /// Waiting output past which no more questions are taken.
    private static let outputMark = 1 << 20

    init(descriptor: Int32, client: UInt64, access: ControlServer.Access) {
        stream = ControlStream(descriptor: descriptor, longestFrame: Self.longestQuestion)
        self.client = client
        self.access = access
    }

    /// Where the client is too slow, its questions wait in its own socket.
    private var isHeldBack: Bool {
        openQuestions >= Self.openLimit || stream.pendingOutput >= Self.outputMark
    }

    var interest: Interest {
        Interest(
            readable: !isHeldBack && !isClosing && !stream.hasEnded,
            writable: stream.pendingOutput > 0
        )
    }

    /// Reads what is there; the end of the stream counts once the questions before it are taken.
    func read() {
        if !isHeldBack { stream.fill() }
    }

    /// Takes the questions that have arrived, as long as answers can leave.
    func takeQuestions(into questions: inout [ControlServer.Asked]) -> ControlStream.Progress {
        while !isHeldBack, !isClosing {
            let (frame, progress) = stream.nextFrame()
            if case .ended = progress { return .ended }
            guard let frame else {
                if stream.hasEnded { return .ended }
                break
            }
            guard isGreeted else {
                guard let hello = try? ControlHello(encoded: frame.bytes) else { return .ended }
                stream.append(ControlHello(isRestricted: access == .restricted), number: 0)
                isGreeted = true
                isClosing = hello.version != ControlHello.currentVersion
                continue
            }
            guard let question = try? Question(encoded: frame.bytes) else { return .ended }
            if question.acts, access == .restricted {
                stream.append(Reply.refused(.permissionDenied), number: frame.number)
                continue
            }
            openQuestions += 1
            questions.append(
                ControlServer.Asked(
                    address: ControlServer.ReplyAddress(client: client, request: frame.number),
                    question: question
                )
            )
        }
        return finishWriting()
    }

    /// Sends an answer.
    func answer(_ reply: Reply, to request: UInt32) -> ControlStream.Progress {
        openQuestions -= 1
        stream.append(reply, number: request)
        return finishWriting()
    }

    private func finishWriting() -> ControlStream.Progress {
        if case .ended = stream.drain() { return .ended }
        return isClosing && stream.pendingOutput == 0 ? .ended : .going
    }
}
